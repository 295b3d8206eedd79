"""What connectors send, at the door: whose it is, and whether it may come in (R15, R16).

The school comes from the `user_id` that the broker has checked, by way of our own register, never
from the message; and the message must be signed by that connector's own key besides. What is turned
away is recorded for the operator, and in the school's history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from services.mis_sync.asking.service import take_begin, take_report
from services.mis_sync.context import MisSync
from services.mis_sync.links.repository import Sender, sender_of
from services.mis_sync.runs.remarks import note_refusal
from services.mis_sync.snapshots import repository
from services.mis_sync.snapshots.signatures import check_event, signed_claims
from services.mis_sync.snapshots.staging import stage
from shared.contracts.envelope import Event, Payload
from shared.contracts.mis import (
    ConnectorHeard,
    SnapshotBegin,
    SnapshotChunk,
    SnapshotEnd,
    SnapshotFailed,
)
from shared.contracts.topology import INBOUND_QUEUE
from shared.database.pool import Connection
from shared.messaging.subscription import Accepted, Incoming, Listener, Refused

__all__ = ["MAX_MESSAGE_BYTES", "Received", "inbound_listener"]

MAX_MESSAGE_BYTES = 1024 * 1024
_CLOCK_AHEAD = timedelta(hours=1)
_REPORTS = (ConnectorHeard, SnapshotFailed)
_MODELS: dict[str, type[Event[Any]]] = {
    "snapshot.begin": Event[SnapshotBegin],
    "snapshot.chunk": Event[SnapshotChunk],
    "snapshot.end": Event[SnapshotEnd],
    "snapshot.failed": Event[SnapshotFailed],
    "connector.heard": Event[ConnectorHeard],
}

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Received:
    """A message that came in. `again`: the broker has delivered this very message before."""

    sender: Sender
    payload: Payload
    again: bool


def inbound_listener(mis_sync: MisSync) -> Listener:
    """The listener of `mis.inbound`, which is on the connectors' vhost."""

    async def accept(incoming: Incoming) -> Accepted:
        sender = await _sender(mis_sync, incoming)
        if len(incoming.body) > MAX_MESSAGE_BYTES:
            raise Refused(f"is longer than {MAX_MESSAGE_BYTES:,} bytes")
        claims = signed_claims(incoming, sender, mis_sync.clock())
        event = _read(incoming)
        check_event(event, claims)
        if isinstance(event.data, SnapshotBegin):
            ahead = event.data.taken_at - mis_sync.clock()
            if ahead > _CLOCK_AHEAD:
                raise Refused("was taken in the future: the clock beside the MIS is wrong")
        # Staging is idempotent by (snapshot, sequence), so the inbox has nothing to add; and a
        # snapshot that is sent again must be seen, to be said in the history (R16). A report is
        # said once, so a repeat of it must not be seen.
        key = event.id if isinstance(event.data, _REPORTS) else uuid7()
        received = Received(sender, event.data, incoming.deliveries > 0)
        return Accepted(
            sender.school_id,
            key,
            received,
            event.correlationid,
            event.traceparent,
            by_stranger=True,
        )

    async def handle(connection: Connection, items: Sequence[Received]) -> None:
        await _take(mis_sync, connection, items)

    async def refuse(incoming: Incoming, reason: str) -> None:
        await _record_refusal(mis_sync, incoming, reason)

    return Listener(INBOUND_QUEUE, accept, handle, refuse)


async def _take(mis_sync: MisSync, connection: Connection, items: Sequence[Received]) -> None:
    """What connectors of one school say of themselves, and their snapshots."""
    now = mis_sync.clock()
    parts = [received for received in items if not isinstance(received.payload, _REPORTS)]
    if parts:
        await stage(mis_sync, connection, parts[0].sender.school_id, parts)
    for received in items:
        match received.payload:
            case ConnectorHeard() | SnapshotFailed() as report:
                await take_report(connection, received.sender, report, now)
            case SnapshotBegin() as begin:
                await take_begin(connection, received.sender, begin, now)


async def _sender(mis_sync: MisSync, incoming: Incoming) -> Sender:
    if not incoming.user_id:
        raise Refused("does not say who sent it (no user_id)")
    async with mis_sync.database.transaction() as connection:
        sender = await sender_of(connection, incoming.user_id)
    if sender is None:
        raise Refused("comes from a broker user that is no connector")
    if sender.revoked:
        raise Refused("comes from a connector whose credentials were revoked")
    if not incoming.routing_key.startswith(f"{incoming.user_id}."):
        raise Refused("is addressed under another connector's name")
    return sender


def _read(incoming: Incoming) -> Event[Any]:
    model = _MODELS.get(incoming.routing_key.partition(".")[2])
    if model is None:
        raise Refused("is addressed to nothing that is heard here")
    if b"\\u0000" in incoming.body:
        raise Refused("holds a character that no name has (NUL)")
    try:
        event = model.model_validate_json(incoming.body)
    except ValidationError as error:
        raise Refused(f"breaks its contract: {_sentence(error)}") from error
    if event.type != type(event.data).EVENT_TYPE:
        raise Refused(f"is a {event.type}, expected {type(event.data).EVENT_TYPE}")
    return event


async def _record_refusal(mis_sync: MisSync, incoming: Incoming, reason: str) -> None:
    """For the operator always; for the school where the message is known to be its connector's."""
    school_id: UUID | None = None
    async with mis_sync.database.transaction() as connection:
        if incoming.user_id:
            sender = await sender_of(connection, incoming.user_id)
            school_id = sender.school_id if sender else None
        await repository.record_refused(connection, school_id, incoming, reason)
    _log.error("message_refused", broker_user=incoming.user_id, reason=reason)
    if school_id is not None:
        async with mis_sync.database.transaction(school_id) as connection:
            note = f"A message of the connector was refused: it {reason}."
            await note_refusal(connection, school_id, note, mis_sync.clock())


def _sentence(error: ValidationError) -> str:
    """Which part is wrong; never what it holds, nor in which place, so that what is wrong with many
    is one line of the history."""
    first = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(part for part in first["loc"] if isinstance(part, str)) or "the message"
    return f"{place}: {first['msg']}"
