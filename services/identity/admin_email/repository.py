"""All SQL about requests for another address of the admin account, and their links (R5)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.identity.accounts.account import Account
from services.identity.accounts.repository import find_accounts
from services.identity.admin_email.request import LinkDoes, Request
from shared.database.pool import Connection

__all__ = [
    "find_by_link",
    "find_request",
    "insert_link",
    "insert_request",
    "leaders",
    "settle",
    "waiting",
]

_COLUMNS = "request_id, asked_by, former_email, new_email, asked_at, expires_at, state"


async def waiting(connection: Connection) -> Request | None:
    """The one that is not settled, be it expired or not."""
    return await _one(connection, "state = 'waiting'")


async def find_request(connection: Connection, request_id: UUID) -> Request | None:
    return await _one(connection, "request_id = $1", request_id)


async def insert_request(connection: Connection, school_id: UUID, request: Request) -> None:
    await connection.execute(
        "INSERT INTO admin_email_requests (school_id, request_id, asked_by, former_email, "
        "new_email, asked_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        school_id,
        request.request_id,
        request.asked_by,
        request.former_email,
        request.new_email,
        request.asked_at,
        request.expires_at,
    )


async def settle(
    connection: Connection, request: Request, state: str, now: datetime, by: UUID | None = None
) -> None:
    await connection.execute(
        "UPDATE admin_email_requests SET state = $2, settled_at = $3, settled_by = $4 "
        "WHERE request_id = $1 AND state = 'waiting'",
        request.request_id,
        state,
        now,
        by,
    )


async def insert_link(
    connection: Connection, hashed: bytes, request_id: UUID, does: LinkDoes
) -> None:
    await connection.execute("SELECT admin_email_link_make($1, $2, $3)", hashed, request_id, does)


async def find_by_link(
    connection: Connection, hashed: bytes, does: LinkDoes
) -> tuple[UUID, UUID] | None:
    """School and request of a link, before anybody's school is known."""
    rows = await connection.fetch("SELECT * FROM admin_email_link_find($1, $2)", hashed, does)
    return (rows[0]["school_id"], rows[0]["request_id"]) if rows else None


async def leaders(connection: Connection) -> list[Account]:
    """The school's active heads and deputies, heads first."""
    rows = await connection.fetch(
        "SELECT account_id FROM accounts WHERE leadership IS NOT NULL AND active "
        "ORDER BY leadership DESC, surname_key, forename_key, account_id"
    )
    ids = [row["account_id"] for row in rows]
    found = await find_accounts(connection, ids)
    return [found[account_id] for account_id in ids]


async def _one(connection: Connection, which: str, *values: UUID) -> Request | None:
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM admin_email_requests WHERE {which}", *values
    )
    return Request(**dict(rows[0])) if rows else None
