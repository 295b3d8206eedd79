"""The SQL of the sync history as a person reads it (R23)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from shared.database.pool import Connection
from shared.web.paging import InvalidCursor, PageRequest, decode_cursor, encode_cursor

__all__ = ["ListedRun", "find_run", "held_run", "last_run", "list_runs"]


@dataclass(frozen=True)
class ListedRun:
    """A run with how far it is: parts of the snapshot arrived, batches answered."""

    id: UUID
    cause: str
    state: str
    note: str | None
    repeats: int
    attempt: int
    snapshot_id: UUID | None
    academic_year: str | None
    counts: dict[str, int]
    created_at: datetime
    staged_at: datetime | None
    started_at: datetime | None
    compared_at: datetime | None
    ended_at: datetime | None
    remarks: list[str]
    taken_at: datetime | None
    parts: int | None
    parts_arrived: int
    last_arrived_at: datetime | None
    batches: int
    batches_answered: int


_SELECT = """
SELECT r.id, r.cause, r.state, r.note, r.repeats, r.attempt, r.snapshot_id, r.academic_year,
    r.counts, r.created_at, r.staged_at, r.started_at, r.compared_at, r.ended_at, r.remarks,
    s.taken_at,    s.chunks AS parts,
    (SELECT count(*) FROM snapshot_chunks c
     WHERE c.school_id = r.school_id AND c.snapshot_id = r.snapshot_id
        AND r.state = 'receiving') AS parts_arrived,
    CASE WHEN r.state = 'receiving' THEN coalesce(s.last_heard_at, s.first_heard_at) END
        AS last_arrived_at,
    (SELECT count(*) FROM run_batches b
     WHERE b.school_id = r.school_id AND b.run_id = r.id) AS batches,
    (SELECT count(*) FROM run_batches b
     WHERE b.school_id = r.school_id AND b.run_id = r.id
        AND b.answered_at IS NOT NULL) AS batches_answered
FROM runs r LEFT JOIN snapshots s ON s.school_id = r.school_id AND s.id = r.snapshot_id
WHERE r.school_id = $1
"""


async def list_runs(
    connection: Connection, school_id: UUID, page: PageRequest
) -> tuple[list[ListedRun], str | None, int]:
    """The newest first."""
    rows = await connection.fetch(
        f"{_SELECT} AND ($2::uuid IS NULL OR r.id < $2) ORDER BY r.id DESC LIMIT $3",
        school_id,
        _before(page.cursor),
        page.limit + 1,
    )
    total = await connection.fetchval("SELECT count(*) FROM runs WHERE school_id = $1", school_id)
    runs = [_listed(row) for row in rows[: page.limit]]
    cursor = encode_cursor([str(runs[-1].id)]) if len(rows) > page.limit else None
    return runs, cursor, total


async def find_run(connection: Connection, school_id: UUID, run_id: UUID) -> ListedRun | None:
    row = await connection.fetchrow(f"{_SELECT} AND r.id = $2", school_id, run_id)
    return _listed(row) if row else None


async def last_run(connection: Connection, school_id: UUID) -> ListedRun | None:
    """The newest that tells of a snapshot or a mapping."""
    row = await connection.fetchrow(
        f"{_SELECT} AND r.cause NOT IN ('refused', 'overnight', 'asked', 'connector') "
        "ORDER BY r.id DESC LIMIT 1",
        school_id,
    )
    return _listed(row) if row else None


async def held_run(connection: Connection, school_id: UUID) -> UUID | None:
    """The newest that waits for a person to release it."""
    run_id: UUID | None = await connection.fetchval(
        """
        SELECT id FROM runs WHERE school_id = $1 AND state = 'held' ORDER BY id DESC LIMIT 1
        """,
        school_id,
    )
    return run_id


def _before(cursor: str | None) -> UUID | None:
    if cursor is None:
        return None
    (run_id,) = decode_cursor(cursor, 1, (str,))
    try:
        return UUID(str(run_id))
    except ValueError:
        raise InvalidCursor("This is not a place in the list.") from None


def _listed(row: asyncpg.Record) -> ListedRun:
    known = dict(row)
    known["counts"] = json.loads(known["counts"])
    return ListedRun(**known)
