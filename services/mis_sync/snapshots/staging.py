"""Stages a snapshot: its messages in any order, each any number of times, until it is whole (R16).

Whole is what has all its chunks, the counts its end message tells, and their digest. Only then a
run may compare it.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.mis_sync.context import MisSync
from services.mis_sync.links.repository import Sender, lock_link
from services.mis_sync.runs import history
from services.mis_sync.runs.due import make_due
from services.mis_sync.runs.limits import COMPLETE_WITHIN, QUIET_FOR
from services.mis_sync.runs.remarks import note_repeated
from services.mis_sync.snapshots import repository
from services.mis_sync.snapshots.keeping import Keeping, kept_of, what_is_kept
from services.mis_sync.snapshots.repository import StagedSnapshot
from services.mis_sync.snapshots.tidying import tidy
from shared.contracts.mis import (
    MAX_RECORDS_PER_CHUNK,
    SnapshotBegin,
    SnapshotChunk,
    SnapshotEnd,
    canonical,
    canonical_digest,
    plain,
    snapshot_digest,
)
from shared.database.pool import Connection
from shared.messaging.traces import points_at
from shared.school.names import is_untidy

if TYPE_CHECKING:
    from services.mis_sync.snapshots.inbound import Received

__all__ = ["MAX_RECORDS", "end_unfinished_of", "give_up", "stage"]

MAX_RECORDS = 200_000
_TOO_MANY = f"It has more than {MAX_RECORDS:,} records."
_MAX_CHUNKS = 20_000
_MOST_AT_ONCE = 5


async def stage(
    mis_sync: MisSync, connection: Connection, school_id: UUID, messages: Sequence[Received]
) -> None:
    """Keep what came of one school, and hand a snapshot that is whole to the runner."""
    now = mis_sync.clock()
    await lock_link(connection, school_id)
    keeping = await what_is_kept(connection, school_id)
    touched: dict[UUID, None] = {}
    for received in messages:
        if await _keep(connection, school_id, received, keeping, now):
            touched[_snapshot_id(received)] = None
        if isinstance(received.payload, SnapshotEnd):
            # Before one that begins after it in the same batch takes it for unfinished.
            await _look_whether_whole(connection, school_id, received.payload.snapshot_id, now)
            touched.pop(received.payload.snapshot_id, None)
    await repository.heard(connection, school_id, [*touched], now)
    for snapshot_id in touched:
        await _look_whether_whole(connection, school_id, snapshot_id, now)


async def _keep(
    connection: Connection, school_id: UUID, received: Received, keeping: Keeping, now: datetime
) -> bool:
    """Whether it is part of a snapshot that is still being received."""
    snapshot_id = _snapshot_id(received)
    known = await repository.find(connection, school_id, snapshot_id)
    if known is None:
        run_id = await _first_heard(connection, school_id, received, now)
    elif known.state == "receiving":
        run_id = known.run_id
    else:
        if isinstance(received.payload, SnapshotBegin) and not received.again:
            await note_repeated(connection, school_id, snapshot_id, now)
        return False
    match received.payload:
        case SnapshotBegin() as begin:
            if await repository.keep_begin(connection, school_id, begin):
                await _end_older(connection, received.sender, begin, now)
        case SnapshotChunk() as chunk if chunk.sequence < _MAX_CHUNKS:
            await _keep_chunk(connection, school_id, chunk, keeping)
            if await _too_many(connection, school_id, chunk):
                await give_up(connection, school_id, run_id, snapshot_id, _TOO_MANY, now)
                return False
        case SnapshotEnd() as end:
            await repository.keep_end(connection, school_id, end)
            if end.remarks:
                await history.keep_remarks(connection, school_id, run_id, end.remarks)
    return True


async def _keep_chunk(
    connection: Connection, school_id: UUID, chunk: SnapshotChunk, keeping: Keeping
) -> None:
    """The digest is of what came. What is kept has its letters in one form: an accent may be a sign
    of its own (as from macOS), and the same name must not be another one for that, nor for what
    nobody sees in it."""
    told = plain(chunk.records)
    text = canonical(told)
    composed = unicodedata.normalize("NFC", text)
    records = told if composed == text else json.loads(composed)
    if is_untidy(composed):
        records = [tidy(record) for record in records]
        composed = canonical(records)
    kept = kept_of(records, keeping)
    await repository.keep_chunk(
        connection,
        school_id,
        chunk.snapshot_id,
        chunk.sequence,
        digest=canonical_digest(text),
        counts=json.dumps(Counter(record.kind for record in chunk.records)),
        records=composed if kept == records else canonical(kept),
    )


async def _too_many(connection: Connection, school_id: UUID, chunk: SnapshotChunk) -> bool:
    """Whether more is staged than any snapshot may have, though its end has not come (R16)."""
    if chunk.sequence * MAX_RECORDS_PER_CHUNK < MAX_RECORDS:
        return False
    staged = await repository.records_staged(connection, school_id, chunk.snapshot_id)
    return staged > MAX_RECORDS


async def _first_heard(
    connection: Connection, school_id: UUID, received: Received, now: datetime
) -> UUID:
    """Its run. Unfinished snapshots do not pile up: the oldest gives way."""
    for run_id, old in (await repository.receiving(connection, school_id))[_MOST_AT_ONCE - 1 :]:
        await give_up(
            connection, school_id, run_id, old, "Newer snapshots came before its end.", now
        )
    snapshot_id = _snapshot_id(received)
    run_id = await history.open_snapshot_run(connection, school_id, snapshot_id, now)
    await repository.add(
        connection, school_id, snapshot_id, received.sender.connector_id, run_id, now
    )
    await make_due(connection, school_id, now + COMPLETE_WITHIN)
    return run_id


async def _end_older(
    connection: Connection, sender: Sender, begin: SnapshotBegin, now: datetime
) -> None:
    """What its connector began before and never ended is needless: this one tells all that it does.

    A connector that could not finish, its broker away or itself restarted, reads the MIS anew. What
    this one does not tell, as after a delta, is waited for a little longer (`runs/overdue.py`).
    """
    school_id = sender.school_id
    older = await repository.unfinished_before(connection, school_id, sender.connector_id, begin)
    if not all(old.covered for old in older):
        await make_due(connection, school_id, now + QUIET_FOR)
    for old in (one for one in older if one.covered):
        note = f"Newer data came before all of it had: {old.how_far}. It changed nothing."
        await history.end(connection, school_id, old.run_id, "superseded", now, note=note)
        await repository.discard(connection, school_id, old.id)


async def end_unfinished_of(
    connection: Connection, school_id: UUID, connector_id: UUID, now: datetime
) -> None:
    """Of a connector that is cut off: nothing more of it can come."""
    for left in await repository.unfinished_of(connection, school_id, connector_id):
        note = f"Its connector was cut off before its end: {left.how_far}. It changed nothing."
        await give_up(connection, school_id, left.run_id, left.id, note, now)


async def _look_whether_whole(
    connection: Connection, school_id: UUID, snapshot_id: UUID, now: datetime
) -> None:
    snapshot = await repository.find(connection, school_id, snapshot_id)
    if snapshot is None or snapshot.state != "receiving":
        return
    points_at(snapshot.traceparent)
    if not snapshot.begun or snapshot.chunks is None:
        return
    staged = await repository.staged_chunks(connection, school_id, snapshot_id)
    if len(staged) < snapshot.chunks and sum(snapshot.counts.values()) <= MAX_RECORDS:
        return
    wrong = _what_is_wrong(snapshot, staged)
    if wrong is not None:
        await give_up(connection, school_id, snapshot.run_id, snapshot_id, wrong, now)
        return
    await repository.set_state(connection, school_id, snapshot_id, "waiting")
    await history.set_waiting(connection, school_id, snapshot.run_id, now)
    await make_due(connection, school_id, now)


def _what_is_wrong(
    snapshot: StagedSnapshot, staged: Sequence[repository.StagedChunk]
) -> str | None:
    """Why a snapshot that has ended can never be whole."""
    if sum(snapshot.counts.values()) > MAX_RECORDS:
        return _TOO_MANY
    if [chunk.sequence for chunk in staged] != list(range(snapshot.chunks or 0)):
        return "It has other chunks than its end message tells."
    counted: Counter[str] = Counter()
    for chunk in staged:
        counted.update(chunk.counts)
    if counted != Counter({kind: count for kind, count in snapshot.counts.items() if count}):
        return "It has other records than its end message counts."
    if snapshot_digest(chunk.digest for chunk in staged) != snapshot.digest:
        return "It is not what its end message was made from (the digest differs)."
    return None


async def give_up(
    connection: Connection,
    school_id: UUID,
    run_id: UUID,
    snapshot_id: UUID,
    note: str,
    now: datetime,
) -> None:
    """It changes nothing, and the history says why."""
    await history.end(connection, school_id, run_id, "incomplete", now, note=note)
    await repository.discard(connection, school_id, snapshot_id)


def _snapshot_id(received: Received) -> UUID:
    payload = received.payload
    assert isinstance(payload, SnapshotBegin | SnapshotChunk | SnapshotEnd)  # noqa: S101
    return payload.snapshot_id
