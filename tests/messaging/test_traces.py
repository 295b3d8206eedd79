"""The trace of a click in the envelope: however it is told, and with whoever hears it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, TraceState

from shared.contracts.envelope import Event
from shared.contracts.roster import SchoolYearChanged
from shared.messaging.outbox import Said
from shared.messaging.runtime import Messaging
from shared.messaging.subscription import Subscription
from shared.messaging.traces import carried
from tests.eventually import eventually
from tests.messaging.conftest import SmallService

YEAR = SchoolYearChanged(version=1, academic_year="2026/27")
CARRIED = {
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "tracestate": "vendor=1",
}


@contextmanager
def a_click() -> Iterator[None]:
    context = SpanContext(
        0x0AF7651916CD43DD8448EB211C80319C,
        0xB7AD6B7169203331,
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
        trace_state=TraceState([("vendor", "1")]),
    )
    with trace.use_span(NonRecordingSpan(context)):
        yield


async def tell_in_every_way(service: SmallService, school_id: UUID) -> list[dict[str, Any]]:
    async with service.database.transaction() as connection:
        said = Said(SchoolYearChanged, YEAR.model_dump_json().encode())
        await service.outbox.publish(connection, school_id, YEAR, said)
        await service.outbox.publish_to_each(connection, {school_id: YEAR})
        address = service.outbox.address(school_id, SchoolYearChanged)
        await connection.execute(
            "SELECT outbox_tell($1::text::jsonb, $2::text[])", address, [YEAR.model_dump_json()] * 2
        )
    rows = await service.rows("SELECT body FROM outbox WHERE school_id = $1", school_id)
    return [json.loads(row["body"]) for row in rows]


def trace_in(event: dict[str, Any]) -> dict[str, Any]:
    return {name: event[name] for name in CARRIED if name in event}


async def test_an_event_carries_its_trace_however_it_is_told(small_service: SmallService) -> None:
    with a_click():
        events = await tell_in_every_way(small_service, uuid4())
    assert [trace_in(event) for event in events] == [CARRIED] * 5
    (untraced,) = {
        json.dumps(trace_in(event)) for event in await tell_in_every_way(small_service, uuid4())
    }
    assert untraced == "{}"


async def test_what_a_hearer_tells_belongs_to_the_trace_of_what_it_heard(
    small_service: SmallService,
) -> None:
    """Also where the hearer itself is not traced; and never to that of a message before it."""
    heard: dict[UUID, dict[str, str]] = {}

    async def hear(_: Any, events: Sequence[Event[SchoolYearChanged]]) -> None:
        heard.update({event.id: carried() for event in events})

    messaging = Messaging(
        service="reports",
        rabbitmq_url=small_service.broker.url,
        database=small_service.database,
        relay_dsn=small_service.relay_dsn,
        subscriptions=[Subscription(SchoolYearChanged, hear)],
        roles=frozenset({"consumer", "relay"}),
    )
    async with small_service.database.transaction() as connection:
        with a_click():
            (of_a_click,) = await small_service.outbox.publish(connection, uuid4(), YEAR)
        (of_nothing,) = await small_service.outbox.publish(connection, uuid4(), YEAR)
    await messaging.start()
    try:

        async def look() -> dict[UUID, dict[str, str]]:
            return heard

        await eventually(look, lambda found: {of_a_click, of_nothing} <= found.keys())
    finally:
        await messaging.stop()
    assert heard[of_a_click] == CARRIED
    assert heard[of_nothing] == {}


async def test_a_trace_that_cannot_be_read_is_no_reason_to_refuse_an_event(
    small_service: SmallService,
) -> None:
    event = Event[SchoolYearChanged](
        source="/services/roster",
        type=SchoolYearChanged.EVENT_TYPE,
        schoolid=uuid4(),
        correlationid="test",
        traceparent="00-nonsense",
        data=YEAR,
    )
    messaging = small_service.messaging("consumer")
    await messaging.start()
    try:
        await small_service.publish_raw(event.model_dump_json().encode(), event.id)
        await eventually(lambda: small_service.effects([event.id]), lambda seen: len(seen) == 1)
    finally:
        await messaging.stop()
