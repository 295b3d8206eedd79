"""The SQL of staging: snapshots, their chunks, and messages that were turned away."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
from uuid_utils.compat import uuid7

from shared.contracts.mis import SnapshotBegin, SnapshotEnd
from shared.database.pool import Connection
from shared.messaging.subscription import Incoming
from shared.messaging.traces import carried

__all__ = [
    "StagedChunk",
    "StagedSnapshot",
    "Unfinished",
    "add",
    "discard",
    "find",
    "heard",
    "keep_begin",
    "keep_chunk",
    "keep_end",
    "receiving",
    "record_refused",
    "records_staged",
    "set_state",
    "staged_chunks",
    "unfinished_before",
    "unfinished_of",
    "waiting_or_held",
]

_LONGEST_KEY = 300


@dataclass(frozen=True)
class StagedSnapshot:
    """What is known of a snapshot; what its begin or end has not told yet is `None` or empty."""

    id: UUID
    run_id: UUID
    state: str
    begun: bool
    taken_at: datetime | None
    instance_id: str | None
    academic_year: str | None
    complete: frozenset[str]
    chunks: int | None
    counts: Mapping[str, int]
    digest: str | None
    traceparent: str | None
    """Of the message of it that was heard first."""


@dataclass(frozen=True)
class StagedChunk:
    sequence: int
    digest: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Unfinished:
    """A snapshot that has begun to arrive and has not ended. `parts` is known from its end."""

    id: UUID
    run_id: UUID
    parts: int | None
    arrived: int
    covered: bool = False
    """Whether another, that has begun since, tells all that it does."""

    @property
    def how_far(self) -> str:
        """As it stands in the history."""
        return f"{self.arrived} of {self.parts or 'an unknown number of'} parts had arrived"


_COLUMNS = """
id, run_id, state, begun, taken_at, instance_id, academic_year, complete, chunks, counts, digest,
traceparent
"""


async def find(connection: Connection, school_id: UUID, snapshot_id: UUID) -> StagedSnapshot | None:
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM snapshots WHERE school_id = $1 AND id = $2",
        school_id,
        snapshot_id,
    )
    return _snapshot(row) if row else None


async def waiting_or_held(connection: Connection, school_id: UUID) -> list[StagedSnapshot]:
    """Those that are whole and not taken over yet, the oldest first."""
    rows = await connection.fetch(
        f"""
        SELECT {_COLUMNS} FROM snapshots
        WHERE school_id = $1 AND state IN ('waiting', 'held') ORDER BY taken_at, id
        """,
        school_id,
    )
    return [_snapshot(row) for row in rows]


async def receiving(connection: Connection, school_id: UUID) -> list[tuple[UUID, UUID]]:
    """Run and snapshot of each that has begun and not ended, the newest first."""
    rows = await connection.fetch(
        """
        SELECT run_id, id FROM snapshots WHERE school_id = $1 AND state = 'receiving'
        ORDER BY first_heard_at DESC, id DESC
        """,
        school_id,
    )
    return [(row["run_id"], row["id"]) for row in rows]


async def add(
    connection: Connection,
    school_id: UUID,
    snapshot_id: UUID,
    connector_id: UUID,
    run_id: UUID,
    at: datetime,
) -> None:
    await connection.execute(
        """
        INSERT INTO snapshots
            (school_id, id, connector_id, run_id, state, first_heard_at, traceparent)
        VALUES ($1, $2, $3, $4, 'receiving', $5, $6)
        """,
        school_id,
        snapshot_id,
        connector_id,
        run_id,
        at,
        carried().get("traceparent"),
    )


async def keep_begin(connection: Connection, school_id: UUID, begin: SnapshotBegin) -> bool:
    """Whether it had not begun before."""
    kept = await connection.execute(
        """
        UPDATE snapshots SET begun = true, taken_at = $3, connector = $4, system_name = $5,
            instance_id = $6, academic_year = $7, complete = $8
        WHERE school_id = $1 AND id = $2 AND NOT begun
        """,
        school_id,
        begin.snapshot_id,
        begin.taken_at,
        begin.source.connector,
        begin.source.system_name,
        begin.source.instance_id,
        begin.academic_year,
        sorted(collection.value for collection in begin.complete),
    )
    return kept != "UPDATE 0"


async def heard(
    connection: Connection, school_id: UUID, snapshot_ids: Sequence[UUID], at: datetime
) -> None:
    """Parts of them have arrived."""
    await connection.execute(
        """
        UPDATE snapshots SET last_heard_at = $3
        WHERE school_id = $1 AND id = ANY($2::uuid[]) AND state = 'receiving'
        """,
        school_id,
        list(snapshot_ids),
        at,
    )


_UNFINISHED = """
SELECT s.id, s.run_id, s.chunks AS parts, (SELECT count(*) FROM snapshot_chunks c
    WHERE c.school_id = s.school_id AND c.snapshot_id = s.id) AS arrived {more}
FROM snapshots s WHERE s.school_id = $1 AND s.connector_id = $2 AND s.state = 'receiving'
"""


async def unfinished_of(
    connection: Connection, school_id: UUID, connector_id: UUID
) -> list[Unfinished]:
    rows = await connection.fetch(_UNFINISHED.format(more=""), school_id, connector_id)
    return [Unfinished(**row) for row in rows]


async def unfinished_before(
    connection: Connection, school_id: UUID, connector_id: UUID, begin: SnapshotBegin
) -> list[Unfinished]:
    """Those of the same connector that were taken before; `covered` is what tells nothing but what
    this one will."""
    covered = """, s.complete <@ $5::text[] AND NOT EXISTS (
        SELECT FROM snapshot_chunks c CROSS JOIN jsonb_object_keys(c.counts) AS kind
        WHERE c.school_id = s.school_id AND c.snapshot_id = s.id
            AND kind <> ALL ($5::text[])) AS covered"""
    rows = await connection.fetch(
        f"{_UNFINISHED.format(more=covered)} AND s.begun AND s.id <> $3 AND s.taken_at <= $4",
        school_id,
        connector_id,
        begin.snapshot_id,
        begin.taken_at,
        sorted(collection.value for collection in begin.complete),
    )
    return [Unfinished(**row) for row in rows]


async def keep_chunk(
    connection: Connection,
    school_id: UUID,
    snapshot_id: UUID,
    sequence: int,
    *,
    digest: str,
    counts: str,
    records: str,
) -> None:
    await connection.execute(
        """
        INSERT INTO snapshot_chunks (school_id, snapshot_id, sequence, digest, counts, records)
        VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb) ON CONFLICT DO NOTHING
        """,
        school_id,
        snapshot_id,
        sequence,
        digest,
        counts,
        records,
    )


async def records_staged(connection: Connection, school_id: UUID, snapshot_id: UUID) -> int:
    many: int = await connection.fetchval(
        """
        SELECT coalesce(sum(counted.value::integer), 0) FROM snapshot_chunks AS c
        CROSS JOIN jsonb_each_text(c.counts) AS counted
        WHERE c.school_id = $1 AND c.snapshot_id = $2
        """,
        school_id,
        snapshot_id,
    )
    return many


async def keep_end(connection: Connection, school_id: UUID, end: SnapshotEnd) -> None:
    counts = {collection.value: count for collection, count in end.counts.items()}
    await connection.execute(
        """
        UPDATE snapshots SET chunks = $3, counts = $4::jsonb, digest = $5
        WHERE school_id = $1 AND id = $2 AND chunks IS NULL
        """,
        school_id,
        end.snapshot_id,
        end.chunks,
        json.dumps(counts),
        end.digest,
    )


async def staged_chunks(
    connection: Connection, school_id: UUID, snapshot_id: UUID
) -> list[StagedChunk]:
    rows = await connection.fetch(
        """
        SELECT sequence, digest, counts FROM snapshot_chunks
        WHERE school_id = $1 AND snapshot_id = $2 ORDER BY sequence
        """,
        school_id,
        snapshot_id,
    )
    return [StagedChunk(row["sequence"], row["digest"], json.loads(row["counts"])) for row in rows]


async def set_state(connection: Connection, school_id: UUID, snapshot_id: UUID, state: str) -> None:
    await connection.execute(
        "UPDATE snapshots SET state = $3 WHERE school_id = $1 AND id = $2",
        school_id,
        snapshot_id,
        state,
    )


async def discard(connection: Connection, school_id: UUID, snapshot_id: UUID) -> None:
    """What it held is let go; that it was there is kept."""
    await set_state(connection, school_id, snapshot_id, "done")
    await connection.execute(
        "DELETE FROM snapshot_chunks WHERE school_id = $1 AND snapshot_id = $2",
        school_id,
        snapshot_id,
    )


async def record_refused(
    connection: Connection, school_id: UUID | None, incoming: Incoming, reason: str
) -> None:
    await connection.execute(
        "SELECT refuse_message($1, $2, $3, $4, $5, $6)",
        uuid7(),
        school_id,
        incoming.user_id,
        incoming.routing_key[:_LONGEST_KEY],
        len(incoming.body),
        reason,
    )


def _snapshot(row: asyncpg.Record) -> StagedSnapshot:
    known = dict(row)
    known["complete"] = frozenset(known["complete"] or ())
    known["counts"] = json.loads(known["counts"]) if known["counts"] else {}
    return StagedSnapshot(**known)
