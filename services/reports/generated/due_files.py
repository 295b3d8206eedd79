"""The SQL of which files are to be deleted when; the table has no tenant (R27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from shared.database.pool import Connection

__all__ = ["DueFile", "What", "call_off", "look", "make_due", "take"]

What: TypeAlias = Literal["file", "parts", "texts", "copies"]
"""A job's file; the parts it is put together from; what stands in its reports; and what was printed
for parents who see it no more."""


@dataclass(frozen=True)
class DueFile:
    school_id: UUID
    job_id: UUID
    what: What


async def make_due(connection: Connection, job_id: UUID, what: What, at: datetime) -> None:
    await connection.execute("SELECT report_file_is_due($1, $2, $3)", job_id, what, at)


async def call_off(connection: Connection, job_id: UUID) -> None:
    """Whoever is deleting just now is waited for."""
    for what in ("file", "parts", "texts"):
        await connection.execute("SELECT report_file_take($1, $2, NULL)", job_id, what)


async def look(connection: Connection, now: datetime, most: int) -> list[DueFile]:
    """Of all schools; without a tenant."""
    rows = await connection.fetch("SELECT * FROM report_files_look($1, $2)", now, most)
    return [DueFile(**row) for row in rows]


async def take(connection: Connection, due: DueFile, now: datetime) -> bool:
    """Whether it is this transaction's to delete."""
    taken: bool = await connection.fetchval(
        "SELECT report_file_take($1, $2, $3)", due.job_id, due.what, now
    )
    return taken
