"""All SQL about authenticators, recovery codes, and what a session's second step was done with."""

from __future__ import annotations

from uuid import UUID

from shared.database.pool import Connection

__all__ = ["has_authenticator"]


async def has_authenticator(connection: Connection, account_id: UUID) -> bool:
    """Whether the account has one whose first code was right."""
    return bool(
        await connection.fetchval(
            "SELECT EXISTS (SELECT FROM authenticators "
            "WHERE account_id = $1 AND confirmed_at IS NOT NULL)",
            account_id,
        )
    )
