"""A school something of which is locked holds up no other, and loses nothing (F13)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import UUID, uuid4

import aio_pika
import pytest

from shared.contracts.envelope import Event
from shared.contracts.roster import SchoolYearChanged
from shared.messaging import consumer as consumer_module
from shared.messaging.runtime import Messaging
from tests.eventually import eventually
from tests.messaging.conftest import SmallService, year_changed

Events = Sequence[Event[SchoolYearChanged]]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer_module, "_LOCK_SECONDS", 0.1)


@pytest.fixture
async def consuming(small_service: SmallService) -> AsyncIterator[Messaging]:
    messaging = small_service.messaging("consumer")
    await messaging.start()
    yield messaging
    await messaging.stop()


async def send(service: SmallService, events: Events) -> list[UUID]:
    connection = await aio_pika.connect(service.broker.url)
    async with connection, connection.channel() as channel:
        exchange = await channel.get_exchange("classroom.events", ensure=False)
        for event in events:
            body, key = event.model_dump_json().encode(), SchoolYearChanged.EVENT_TYPE
            await exchange.publish(aio_pika.Message(body, message_id=str(event.id)), key)
    return [event.id for event in events]


async def put_off(service: SmallService, school: UUID) -> int:
    counted = "SELECT count(*) FROM messages_put_off WHERE school_id = $1"
    return int((await service.rows(counted, school))[0][0])


@pytest.mark.usefixtures("consuming")
async def test_another_schools_message_is_applied_while_many_of_one_wait(
    small_service: SmallService,
) -> None:
    """More than the broker sends ahead; each once, in their order, and none of it is a try."""
    school, other = uuid4(), year_changed(uuid4())
    events = [year_changed(school, version) for version in range(1, 151)]
    async with small_service.locked(school):
        ids = await send(small_service, events)
        await send(small_service, [other])
        await eventually(lambda: small_service.effects([other.id]))
        assert await small_service.effects(ids) == {}
        await eventually(lambda: put_off(small_service, school), lambda many: many == 150)
    await eventually(lambda: small_service.effects(ids), lambda seen: len(seen) == 150)
    assert set((await small_service.effects(ids)).values()) == {1}
    assert [each for each in small_service.order if each in set(ids)] == ids
    assert await put_off(small_service, school) == 0
    tries = "SELECT FROM message_attempts WHERE message_key = ANY($1)"
    assert await small_service.rows(tries, [str(each) for each in ids]) == []


@pytest.mark.usefixtures("consuming")
async def test_schools_that_are_locked_leave_the_others_their_turns(
    small_service: SmallService,
) -> None:
    schools = [uuid4() for _ in range(4)]
    others = [year_changed(uuid4()) for _ in range(20)]
    async with asyncio.TaskGroup() as group, asyncio.timeout(60):
        free = asyncio.Event()

        async def hold(school: UUID) -> None:
            async with small_service.locked(school):
                await free.wait()

        for school in schools:
            group.create_task(hold(school))
        ids = await send(small_service, [year_changed(school) for school in schools])
        ids += await send(small_service, others)
        await eventually(
            lambda: small_service.effects([each.id for each in others]),
            lambda seen: len(seen) == len(others),
        )
        free.set()
    await eventually(lambda: small_service.effects(ids), lambda seen: len(seen) == len(ids))


async def test_what_a_process_has_put_off_is_applied_by_the_next_one(
    small_service: SmallService,
) -> None:
    school = uuid4()
    first = small_service.messaging("consumer")
    await first.start()
    async with small_service.locked(school):
        ids = await send(small_service, [year_changed(school, 1), year_changed(school, 2)])
        await eventually(lambda: put_off(small_service, school), lambda many: many == 2)
        await first.stop()
    assert await small_service.effects(ids) == {}
    two = [small_service.messaging("consumer") for _ in range(2)]
    await asyncio.gather(*(each.start() for each in two))
    try:
        await eventually(lambda: small_service.effects(ids), lambda seen: len(seen) == 2)
        await eventually(lambda: put_off(small_service, school), lambda many: many == 0)
    finally:
        await asyncio.gather(*(each.stop() for each in two))
    assert await small_service.effects(ids) == dict.fromkeys(ids, 1)


@pytest.mark.usefixtures("consuming")
async def test_a_bad_one_among_those_put_off_is_parked_and_the_others_are_applied(
    small_service: SmallService,
) -> None:
    school = uuid4()
    events = [year_changed(school, version) for version in range(1, 6)]
    bad = events[2]
    small_service.failures[bad.id] = [ValueError("cannot be applied")] * 1000
    async with small_service.locked(school):
        ids = await send(small_service, events)
        await eventually(lambda: put_off(small_service, school), lambda many: many == 5)
    await eventually(lambda: small_service.effects(ids), lambda seen: len(seen) == 4)
    await eventually(lambda: put_off(small_service, school), lambda many: many == 0)
    parked = "SELECT tries FROM dead_letters WHERE message_key = $1"
    assert [row["tries"] for row in await small_service.rows(parked, str(bad.id))] == [
        consumer_module.MAX_TRIES
    ]
