"""A snapshot as the messages that carry it: begin, chunks, end; and what else is said (R16).

The ids come from the snapshot's id, so that publishing one again, after whatever happened, repeats
the same messages and never adds others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from uuid_utils.compat import uuid7

from services.mis_sync.connectors.findings import TO_MEND
from services.mis_sync.connectors.snapshot import AnyRecord, Snapshot
from shared.contracts.envelope import Event, Payload
from shared.contracts.mis import (
    MAX_RECORDS_PER_CHUNK,
    MAX_REMARK,
    ConnectorHeard,
    SnapshotBegin,
    SnapshotChunk,
    SnapshotEnd,
    SnapshotFailed,
    records_digest,
    snapshot_digest,
)

__all__ = ["MAX_MESSAGE_BYTES", "Outgoing", "report_message", "snapshot_messages"]

MAX_MESSAGE_BYTES = 1024 * 1024
_ENVELOPE_BYTES = 2_000
"""More than the envelope around a chunk's records ever takes."""

P = TypeVar("P", bound=Payload)


@dataclass(frozen=True)
class Outgoing(Generic[P]):
    """One message, ready to be sent as often as it takes."""

    suffix: str
    """The routing key after the user's name."""
    event: Event[P]
    body: bytes

    @property
    def message_id(self) -> str:
        return str(self.event.id)


def snapshot_messages(
    snapshot: Snapshot, snapshot_id: UUID, username: str, request_id: UUID | None = None
) -> list[Outgoing[Payload]]:
    """Begin, chunks and end in the order in which they are published.

    `request_id` is the request of mis_sync that it answers, if it was asked for.
    """
    payloads: list[Payload] = [
        SnapshotBegin(
            snapshot_id=snapshot_id,
            taken_at=snapshot.taken_at,
            source=snapshot.source,
            academic_year=snapshot.academic_year,
            complete=snapshot.complete,
            request_id=request_id,
        )
    ]
    digests = []
    for sequence, records in enumerate(_chunks(snapshot.records)):
        payloads.append(SnapshotChunk(snapshot_id=snapshot_id, sequence=sequence, records=records))
        digests.append(records_digest(records))
    payloads.append(
        SnapshotEnd(
            snapshot_id=snapshot_id,
            chunks=len(digests),
            counts=snapshot.counts(),
            digest=snapshot_digest(digests),
            remarks=tuple(
                str(made)[:MAX_REMARK] for made in snapshot.remarks if made.remark in TO_MEND
            ),
        )
    )
    return [
        _outgoing(payload, snapshot_id, place, username, snapshot)
        for place, payload in enumerate(payloads)
    ]


def report_message(report: ConnectorHeard | SnapshotFailed, username: str) -> Outgoing[Payload]:
    """That the connector is there, or could not read its source."""
    event = Event[Any](
        source=f"connector:{username}",
        type=report.EVENT_TYPE,
        time=report.at,
        correlationid=str(report.request_id or uuid7()),
        data=report,
    )
    return Outgoing(_suffix_of(report), event, event.model_dump_json().encode())


def _outgoing(
    payload: Payload, snapshot_id: UUID, place: int, username: str, snapshot: Snapshot
) -> Outgoing[Payload]:
    event = Event[Any](
        id=_message_id(snapshot_id, place),
        source=f"connector:{username}",
        type=payload.EVENT_TYPE,
        time=snapshot.taken_at,
        correlationid=str(snapshot_id),
        data=payload,
    )
    return Outgoing(_suffix_of(payload), event, event.model_dump_json().encode())


def _suffix_of(payload: Payload) -> str:
    return payload.EVENT_TYPE.removeprefix("mis.").rpartition(".")[0]


def _message_id(snapshot_id: UUID, place: int) -> UUID:
    """A UUIDv7 of the snapshot's time, its place in the 12 bits after, the rest from the id."""
    rest = int.from_bytes(hashlib.sha256(snapshot_id.bytes).digest()[:8]) >> 2
    time = snapshot_id.int >> 80
    return UUID(int=(time << 80) | (0x7 << 76) | (place << 64) | (0b10 << 62) | rest)


def _chunks(records: Sequence[AnyRecord]) -> Iterator[tuple[AnyRecord, ...]]:
    """At most 500 records each, and fewer where they are so long that a message would be too."""
    limit = MAX_MESSAGE_BYTES - _ENVELOPE_BYTES
    chunk: list[AnyRecord] = []
    size = 0
    for record in records:
        length = len(record.model_dump_json().encode()) + 1
        if chunk and (len(chunk) == MAX_RECORDS_PER_CHUNK or size + length > limit):
            yield tuple(chunk)
            chunk, size = [], 0
        chunk.append(record)
        size += length
    if chunk:
        yield tuple(chunk)
