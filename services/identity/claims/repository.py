"""All SQL about what still opens accounts that wait; the accounts are read by their own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.database.pool import Connection

__all__ = ["links_open_until"]


async def links_open_until(connection: Connection, now: datetime) -> dict[UUID, datetime]:
    """Of the school's accounts that have a link which can be used, until when."""
    rows = await connection.fetch("SELECT * FROM links_open_until($1)", now)
    return {row["account_id"]: row["expires_at"] for row in rows}
