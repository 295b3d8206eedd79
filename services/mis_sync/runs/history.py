"""The SQL of runs: each is one line of the school's sync history, what it did and when (R23)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
from uuid_utils.compat import uuid7

from services.mis_sync.measures import figures
from shared.database.pool import Connection
from shared.messaging.traces import carried

__all__ = [
    "Run",
    "add_waiting",
    "applying",
    "count_failure",
    "count_stale",
    "end",
    "find",
    "keep_remarks",
    "open_snapshot_run",
    "release",
    "set_applying",
    "set_counts",
    "set_waiting",
    "waiting",
]


@dataclass(frozen=True)
class Run:
    """A run that has not ended, or is held. `limited`: the MIS is in another academic year (R22).

    `released`: a person has seen who would be gone, and let it go on.
    """

    id: UUID
    cause: str
    snapshot_id: UUID | None
    state: str
    attempt: int
    limited: bool
    counts: Mapping[str, int]
    stale: int
    failures: int
    next_try_at: datetime | None
    released: bool
    traceparent: str | None
    """Of what made it, or released it."""


_COLUMNS = """
id, cause, snapshot_id, state, attempt, limited, counts, stale, failures, next_try_at,
released_at IS NOT NULL AS released, traceparent
"""


async def find(connection: Connection, school_id: UUID, run_id: UUID) -> Run | None:
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM runs WHERE school_id = $1 AND id = $2",  # noqa: S608
        school_id,
        run_id,
    )
    return _run(row) if row else None


async def applying(connection: Connection, school_id: UUID) -> Run | None:
    """The one run whose proposals are out and not all answered."""
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM runs WHERE school_id = $1 AND state = 'applying'",  # noqa: S608
        school_id,
    )
    return _run(row) if row else None


async def waiting(connection: Connection, school_id: UUID) -> list[Run]:
    """Those that can start when the one before them has ended, the oldest first."""
    rows = await connection.fetch(
        f"""
        SELECT {_COLUMNS} FROM runs WHERE school_id = $1 AND state = 'waiting'
        ORDER BY coalesce(staged_at, created_at), id
        """,  # noqa: S608
        school_id,
    )
    return [_run(row) for row in rows]


async def open_snapshot_run(
    connection: Connection, school_id: UUID, snapshot_id: UUID, at: datetime
) -> UUID:
    run_id = uuid7()
    await connection.execute(
        """
        INSERT INTO runs (school_id, id, cause, snapshot_id, state, created_at, traceparent)
        VALUES ($1, $2, 'snapshot', $3, 'receiving', $4, $5)
        """,
        school_id,
        run_id,
        snapshot_id,
        at,
        carried().get("traceparent"),
    )
    figures.snapshot("received")
    return run_id


async def add_waiting(
    connection: Connection, school_id: UUID, cause: str, at: datetime, *, attempt: int = 1
) -> UUID:
    """A comparison without a snapshot; one that already waits for the same cause serves as well."""
    known: UUID | None = await connection.fetchval(
        "SELECT id FROM runs WHERE school_id = $1 AND state = 'waiting' AND cause = $2",
        school_id,
        cause,
    )
    if known is not None:
        return known
    run_id = uuid7()
    await connection.execute(
        """
        INSERT INTO runs (school_id, id, cause, state, attempt, created_at, traceparent)
        VALUES ($1, $2, $3, 'waiting', $4, $5, $6)
        """,
        school_id,
        run_id,
        cause,
        attempt,
        at,
        carried().get("traceparent"),
    )
    return run_id


async def set_waiting(connection: Connection, school_id: UUID, run_id: UUID, at: datetime) -> None:
    await connection.execute(
        "UPDATE runs SET state = 'waiting', staged_at = $3 WHERE school_id = $1 AND id = $2",
        school_id,
        run_id,
        at,
    )
    figures.snapshot("staged")


async def keep_remarks(
    connection: Connection, school_id: UUID, run_id: UUID, remarks: Sequence[str]
) -> None:
    """What its source has left out."""
    await connection.execute(
        "UPDATE runs SET remarks = $3 WHERE school_id = $1 AND id = $2",
        school_id,
        run_id,
        list(remarks),
    )


async def set_applying(
    connection: Connection,
    school_id: UUID,
    run_id: UUID,
    *,
    academic_year: str,
    limited: bool,
    started_at: datetime,
    compared_at: datetime,
) -> None:
    await connection.execute(
        """
        UPDATE runs SET state = 'applying', note = NULL, academic_year = $3, limited = $4,
            started_at = $5, compared_at = $6
        WHERE school_id = $1 AND id = $2
        """,
        school_id,
        run_id,
        academic_year,
        limited,
        started_at,
        compared_at,
    )


async def set_counts(
    connection: Connection, school_id: UUID, run_id: UUID, counts: Mapping[str, int]
) -> None:
    """These counts; others that are there stay."""
    await connection.execute(
        "UPDATE runs SET counts = counts || $3::jsonb WHERE school_id = $1 AND id = $2",
        school_id,
        run_id,
        json.dumps(dict(counts)),
    )


async def count_stale(connection: Connection, school_id: UUID, run_id: UUID, more: int) -> None:
    await connection.execute(
        "UPDATE runs SET stale = stale + $3 WHERE school_id = $1 AND id = $2",
        school_id,
        run_id,
        more,
    )


async def count_failure(
    connection: Connection, school_id: UUID, run_id: UUID, note: str, next_try_at: datetime
) -> None:
    await connection.execute(
        """
        UPDATE runs SET failures = failures + 1, note = $3, next_try_at = $4
        WHERE school_id = $1 AND id = $2
        """,
        school_id,
        run_id,
        note,
        next_try_at,
    )


async def end(
    connection: Connection,
    school_id: UUID,
    run_id: UUID,
    state: str,
    at: datetime,
    *,
    note: str | None = None,
) -> None:
    """`closed`, `held`, `incomplete`, `ignored`, `superseded` or `failed`; `note` says why."""
    await connection.execute(
        "UPDATE runs SET state = $3, note = $4, ended_at = $5 WHERE school_id = $1 AND id = $2",
        school_id,
        run_id,
        state,
        note,
        at,
    )
    figures.run_ended(state)


async def release(
    connection: Connection, school_id: UUID, run_id: UUID, by: str, at: datetime
) -> None:
    """A held run waits for its turn again."""
    await connection.execute(
        """
        UPDATE runs SET state = 'waiting', note = NULL, ended_at = NULL, released_at = $4,
            released_by = $3, traceparent = coalesce($5, traceparent)
        WHERE school_id = $1 AND id = $2
        """,
        school_id,
        run_id,
        by,
        at,
        carried().get("traceparent"),
    )


def _run(row: asyncpg.Record) -> Run:
    known = dict(row)
    known["counts"] = json.loads(known["counts"])
    return Run(**known)
