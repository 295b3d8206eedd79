"""Everything that one service keeps of a school goes, in the school's own transaction."""

from __future__ import annotations

from shared.database.pool import Connection

__all__ = ["erase_school"]


async def erase_school(connection: Connection) -> int:
    """How many rows there were. What the outbox has not sent yet stays until it is sent."""
    return int(await connection.fetchval("SELECT erase_school()"))
