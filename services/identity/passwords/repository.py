"""All SQL about a school's default passwords; accounts keep their own hash."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from shared.database.pool import Connection

__all__ = [
    "default_made_at",
    "hashes_of_school",
    "hold_default",
    "insert_default",
    "newest_default",
    "recent_defaults",
]


async def insert_default(
    connection: Connection, school_id: UUID, password_hash: str, now: datetime
) -> None:
    """The default from now on; those before it open nothing any more.

    Waits for those who are being let in by the one before, so that they can be sent out.
    """
    await connection.execute("SELECT 1 FROM schools FOR NO KEY UPDATE")
    await connection.execute(
        "INSERT INTO default_passwords (default_password_id, school_id, password_hash, made_at) "
        "VALUES ($1, $2, $3, $4)",
        uuid7(),
        school_id,
        password_hash,
        now,
    )


async def hold_default(connection: Connection) -> None:
    """Until the transaction ends, the school gets no other default, and uses what it uses."""
    await connection.execute("SELECT 1 FROM schools FOR SHARE")


async def newest_default(connection: Connection) -> str | None:
    """The hash of the one that works, `None` where there is no school."""
    found = await recent_defaults(connection, 1)
    return found[0] if found else None


async def recent_defaults(connection: Connection, count: int) -> list[str]:
    """Hashes of the newest, newest first."""
    rows = await connection.fetch(
        "SELECT password_hash FROM default_passwords "
        "ORDER BY made_at DESC, default_password_id DESC LIMIT $1",
        count,
    )
    return [row["password_hash"] for row in rows]


async def default_made_at(connection: Connection) -> datetime:
    made_at: datetime = await connection.fetchval("SELECT max(made_at) FROM default_passwords")
    return made_at


async def hashes_of_school(connection: Connection) -> list[tuple[str, str]]:
    """All that still opens something: what it is, and its stored hash."""
    rows = await connection.fetch(
        "SELECT 'password' AS opens, password_hash AS stored FROM accounts "
        "WHERE password_hash IS NOT NULL "
        "UNION ALL SELECT 'starting_code', starting_code_hash FROM accounts "
        "WHERE starting_code_hash IS NOT NULL "
        "UNION ALL SELECT 'recovery_code', code_hash FROM recovery_codes WHERE used_at IS NULL "
        "UNION ALL (SELECT 'default', password_hash FROM default_passwords "
        "ORDER BY made_at DESC, default_password_id DESC LIMIT 1)"
    )
    return [(row["opens"], row["stored"]) for row in rows]
