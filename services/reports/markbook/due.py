"""Which schools are to be looked at again, and when: what is to be logged, and old uploads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.database.pool import Connection, Database

__all__ = ["Work", "looked_at", "note", "schools"]

Work = Literal["log", "uploads"]


async def note(connection: Connection, work: Work, at: datetime) -> None:
    """Last in a transaction: others of the school wait for its end with theirs."""
    await connection.execute("SELECT markbook_is_due($1, $2)", work, at)


async def schools(
    database: Database, work: Work, now: datetime
) -> AsyncIterator[tuple[UUID, Connection]]:
    """Each in a transaction of its own, in which nobody else is at the same work of it."""
    async with database.transaction() as connection:
        rows = await connection.fetch("SELECT markbook_due_schools($1, $2) AS id", work, now)
    for row in rows:
        async with database.transaction(row["id"]) as connection:
            if await connection.fetchval("SELECT markbook_take($1, $2)", work, now):
                yield row["id"], connection


async def looked_at(connection: Connection, work: Work, next_due_at: datetime | None) -> None:
    await connection.execute("SELECT markbook_looked_at($1, $2)", work, next_due_at)
