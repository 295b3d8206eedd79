"""When a school is to be looked at: kept in the database, so that no crash can forget it.

Whoever writes here wakes the runner when their transaction commits; see `runner.py`.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.database.pool import Connection

__all__ = ["CHANNEL", "looked_at", "make_due", "schools_due", "wake_runner"]

CHANNEL = "mis_sync_due"


async def make_due(connection: Connection, school_id: UUID, at: datetime) -> None:
    """The school is to be looked at, at `at` or sooner."""
    await connection.execute("SELECT make_due($1, $2)", school_id, at)


async def wake_runner(connection: Connection, school_id: UUID) -> None:
    """Something that a waiting run may wait for has happened. Without one, nothing comes of it."""
    await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, str(school_id))


async def schools_due(connection: Connection, now: datetime) -> list[UUID]:
    rows = await connection.fetch("SELECT schools_due($1) AS school_id", now)
    return [row["school_id"] for row in rows]


async def looked_at(connection: Connection, school_id: UUID, next_due_at: datetime | None) -> None:
    await connection.execute("SELECT looked_at($1, $2)", school_id, next_due_at)
