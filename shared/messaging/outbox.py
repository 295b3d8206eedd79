"""The outbox: what a change has to tell is written in the transaction that makes the change.

The relay (`relay.py`) sends it afterwards. An event that is not in a transaction is refused, since
it could tell of something that never happened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import structlog
from uuid_utils.compat import uuid7

from shared.contracts.envelope import Event, Payload
from shared.contracts.topology import ANNOUNCEMENTS, BROADCASTS, exchange_of
from shared.messaging.connections import Connection
from shared.messaging.traces import carried

__all__ = ["Outbox", "Said", "current_correlation_id"]

_MAY_BE_UNHEARD = BROADCASTS.union(told.EVENT_TYPE for told in ANNOUNCEMENTS)


@dataclass(frozen=True)
class Said:
    """A payload that is JSON already. For hundreds of records at once, which take ten times as long
    by way of models; whoever makes one has a test that reads it back by its contract."""

    payload: type[Payload]
    json: bytes


def current_correlation_id() -> str:
    """The id that ties a click to the last consumer; a new one where nothing has set it."""
    known = structlog.contextvars.get_contextvars().get("correlation_id")
    return str(known) if known else str(uuid4())


class Outbox:
    """Writes the events of one service."""

    def __init__(self, service: str) -> None:
        self._service = service

    async def publish(
        self, connection: Connection, school_id: UUID | None, *payloads: Payload | Said
    ) -> list[UUID]:
        """Write `payloads` to be sent once the transaction commits; their ids, in their order."""
        if not connection.is_in_transaction():
            raise RuntimeError("an event is published in the transaction that makes it true")
        if not payloads:
            return []
        correlation_id = current_correlation_id()
        events = [
            self._event(school_id, _kind(payload).EVENT_TYPE, correlation_id, payload)
            for payload in payloads
        ]
        await connection.execute(
            "SELECT outbox_append($1, $2::uuid[], $3::text[], $4::text[], $5::bool[], $6::text[])",
            school_id,
            *_columns_of(events),
        )
        return [event.id for event in events]

    async def publish_to_each(
        self, connection: Connection, payloads: Mapping[UUID, Payload]
    ) -> None:
        """Write one for each of these schools, by one statement."""
        if not connection.is_in_transaction():
            raise RuntimeError("an event is published in the transaction that makes it true")
        correlation_id = current_correlation_id()
        events = [
            self._event(school_id, payload.EVENT_TYPE, correlation_id, payload)
            for school_id, payload in payloads.items()
        ]
        await connection.execute(
            "SELECT outbox_append(t.school, ARRAY[t.id], ARRAY[t.exchange], ARRAY[t.type], "
            "ARRAY[t.mandatory], ARRAY[t.body]) FROM unnest($1::uuid[], $2::uuid[], $3::text[], "
            "$4::text[], $5::bool[], $6::text[]) "
            "AS t (school, id, exchange, type, mandatory, body)",
            [event.schoolid for event in events],
            *_columns_of(events),
        )

    def address(self, school_id: UUID | None, payload: type[Payload]) -> str:
        """What `outbox_tell` must know, besides payloads of this type that a statement builds
        (`telling.py`)."""
        event = self._event(school_id, payload.EVENT_TYPE, current_correlation_id(), None)
        return json.dumps(
            {
                "school_id": school_id and str(school_id),
                "exchange": exchange_of(payload),
                "routing_key": event.type,
                "mandatory": event.type not in _MAY_BE_UNHEARD,
                "event": event.model_dump_json(exclude={"id", "data"}),
            }
        )

    def _event(
        self, school_id: UUID | None, event_type: str, correlation_id: str, data: Any
    ) -> Event[Payload]:
        trace = carried()
        return Event[Payload].model_construct(
            # Said, since pydantic takes long to find out how its defaults are made.
            id=uuid7(),
            time=datetime.now(UTC),
            source=f"/services/{self._service}",
            type=event_type,
            schoolid=school_id,
            correlationid=correlation_id,
            traceparent=trace.get("traceparent"),
            tracestate=trace.get("tracestate"),
            data=data,
        )


def _columns_of(events: Sequence[Event[Payload]]) -> tuple[list[Any], ...]:
    """What `outbox_append` is given after the school."""
    kinds = [_kind(event.data) for event in events]
    return (
        [event.id for event in events],
        [exchange_of(kind) for kind in kinds],
        [event.type for event in events],
        [event.type not in _MAY_BE_UNHEARD for event in events],
        [_body(event) for event in events],
    )


def _kind(said: Payload | Said) -> type[Payload]:
    return said.payload if isinstance(said, Said) else type(said)


def _body(event: Event[Payload]) -> str:
    said: Payload | Said = event.data
    if isinstance(said, Said):
        return f'{event.model_dump_json(exclude={"data"})[:-1]},"data":{said.json.decode()}}}'
    return event.model_dump_json(serialize_as_any=True)
