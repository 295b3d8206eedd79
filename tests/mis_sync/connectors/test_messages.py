"""A snapshot becomes begin, chunks and end whose counts and digest agree (R16)."""

from __future__ import annotations

import json
from uuid import UUID

from uuid_utils.compat import uuid7

from services.mis_sync.connectors.messages import (
    MAX_MESSAGE_BYTES,
    Outgoing,
    snapshot_messages,
)
from services.mis_sync.connectors.snapshot import AnyRecord, Snapshot
from shared.contracts.envelope import Event, Payload
from shared.contracts.mis import (
    Collection,
    PupilRecord,
    SnapshotBegin,
    SnapshotChunk,
    SnapshotEnd,
    Source,
    StaffRecord,
    records_digest,
    snapshot_digest,
)
from tests.mis_sync.connectors.exports import NOW


def _snapshot(*records: AnyRecord) -> Snapshot:
    return Snapshot(
        source=Source(connector="oneroster-csv", instance_id="mis-1"),
        taken_at=NOW,
        academic_year="2026/27",
        complete=frozenset({Collection.PUPILS}),
        records=records,
    )


def _messages(snapshot: Snapshot, snapshot_id: UUID) -> list[Outgoing[Payload]]:
    return snapshot_messages(snapshot, snapshot_id, "c_1")


def _pupils(count: int) -> list[AnyRecord]:
    return [PupilRecord(mis_id=f"p{number:05}") for number in range(count)]


def _chunk(message: Outgoing[Payload]) -> SnapshotChunk:
    return Event[SnapshotChunk].model_validate_json(message.body).data


def test_what_is_sent_is_what_was_read() -> None:
    records = [*_pupils(1_100), StaffRecord(mis_id="s1", surname="Nuñez")]
    snapshot_id = uuid7()
    first, *chunks, last = _messages(_snapshot(*records), snapshot_id)
    begin = Event[SnapshotBegin].model_validate_json(first.body).data
    end = Event[SnapshotEnd].model_validate_json(last.body).data
    received = [_chunk(message) for message in chunks]
    assert begin.snapshot_id == snapshot_id
    assert begin.complete == {Collection.PUPILS}
    assert [len(chunk.records) for chunk in received] == [500, 500, 101]
    assert [chunk.sequence for chunk in received] == [0, 1, 2]
    assert [record for chunk in received for record in chunk.records] == records
    counts = dict.fromkeys(Collection, 0)
    assert end.counts == counts | {Collection.PUPILS: 1_100, Collection.STAFF: 1}
    assert end.chunks == 3
    assert end.digest == snapshot_digest(records_digest(chunk.records) for chunk in received)


def test_they_are_named_for_their_key_and_their_sender() -> None:
    messages = _messages(_snapshot(*_pupils(1)), uuid7())
    assert [message.suffix for message in messages] == [
        "snapshot.begin",
        "snapshot.chunk",
        "snapshot.end",
    ]
    assert {message.event.source for message in messages} == {"connector:c_1"}


def test_the_same_snapshot_again_is_the_same_messages() -> None:
    snapshot_id = uuid7()
    one = _messages(_snapshot(*_pupils(600)), snapshot_id)
    two = _messages(_snapshot(*_pupils(600)), snapshot_id)
    assert one == two
    ids = [message.event.id for message in one]
    assert len(set(ids)) == 4
    assert ids == sorted(ids)
    assert {id_.version for id_ in ids} == {7}
    assert not set(ids) & {m.event.id for m in _messages(_snapshot(*_pupils(600)), uuid7())}


def test_no_message_is_over_one_mebibyte() -> None:
    long = "ł" * 200
    records = [
        PupilRecord(
            mis_id=f"{number:0200}",
            legal_forename=long,
            legal_surname=long,
            preferred_forename=long,
            preferred_surname=long,
            middle_names=long,
            upn=long,
        )
        for number in range(1_000)
    ]
    _, *chunks, _ = _messages(_snapshot(*records), uuid7())
    assert max(len(message.body) for message in chunks) <= MAX_MESSAGE_BYTES
    assert len(chunks) > 2
    assert [record for message in chunks for record in _chunk(message).records] == records


def test_an_empty_snapshot_has_no_chunks() -> None:
    _, last = _messages(_snapshot(), uuid7())
    assert json.loads(last.body)["data"]["chunks"] == 0
