"""The SQL of the set-up guide's figures, and of whether it was put away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Connection

__all__ = ["Accounts", "count_accounts", "find_put_away", "keep_put_away"]


@dataclass(frozen=True)
class Accounts:
    """Active ones only."""

    users: int
    users_claimed: int
    senior_leaders: int
    leaders: int
    parents: int
    parents_claimed: int


async def count_accounts(connection: Connection) -> Accounts:
    row = await connection.fetchrow(
        """
        SELECT count(*) FILTER (WHERE kind = 'user') AS users,
            count(*) FILTER (WHERE kind = 'user' AND state = 'claimed') AS users_claimed,
            count(*) FILTER (WHERE role = 'slt') AS senior_leaders,
            count(leadership) AS leaders,
            count(*) FILTER (WHERE kind = 'parent') AS parents,
            count(*) FILTER (WHERE kind = 'parent' AND state = 'claimed') AS parents_claimed
        FROM accounts WHERE active
        """
    )
    return Accounts(**dict(row or {}))


async def find_put_away(connection: Connection) -> bool:
    """Of the school whose transaction this is."""
    return bool(await connection.fetchval("SELECT put_away FROM set_up_guides"))


async def keep_put_away(
    connection: Connection, school_id: UUID, now: datetime, *, put_away: bool
) -> None:
    await connection.execute(
        """
        INSERT INTO set_up_guides (school_id, put_away, changed_at) VALUES ($1, $2, $3)
        ON CONFLICT (school_id) DO UPDATE
        SET put_away = excluded.put_away, changed_at = excluded.changed_at
        """,
        school_id,
        put_away,
        now,
    )
