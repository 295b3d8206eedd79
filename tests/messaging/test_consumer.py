"""The consumer: every message takes effect once, and a bad one stands alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import aio_pika
import asyncpg
import pytest

from shared.contracts.roster import SchoolYearChanged
from shared.messaging import consumer as consumer_module
from shared.messaging.consumer import Consumer
from shared.messaging.runtime import Messaging
from shared.messaging.subscription import Accepted, Incoming, Listener, Refused
from tests.eventually import eventually
from tests.messaging.conftest import SmallService, year_changed

QUEUE = f"reports.{SchoolYearChanged.EVENT_TYPE}"


@pytest.fixture
async def consuming(small_service: SmallService) -> AsyncIterator[Messaging]:
    messaging = small_service.messaging("consumer")
    await messaging.start()
    yield messaging
    await messaging.stop()


async def dead_letters(service: SmallService, key: UUID) -> list[asyncpg.Record]:
    return await service.rows("SELECT * FROM dead_letters WHERE message_key = $1", str(key))


async def test_heavy_work_leaves_a_turn_for_what_else_arrives(small_service: SmallService) -> None:
    """R12: a sync does not wait for the last of a thousand schools that roll up."""
    turns, begun, done = asyncio.Semaphore(2), asyncio.Event(), asyncio.Event()

    async def accept(_: Incoming) -> Accepted:
        return Accepted(uuid4(), uuid4(), None, "of-this-test")

    async def is_heavy(_: Any, __: Sequence[Any]) -> None:
        begun.set()
        await done.wait()

    async def is_light(_: Any, __: Sequence[Any]) -> None:
        done.set()

    heavy, light = (
        Consumer(listener, small_service.database, turns=turns)
        for listener in (
            Listener("heavy", accept, is_heavy, at_once=1),
            Listener("light", accept, is_light),
        )
    )
    message = Incoming(b"", None, "", None, 0)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        schools = [group.create_task(heavy.consume(message)) for _ in range(3)]
        await begun.wait()
        await light.consume(message)
        await asyncio.gather(*schools)


async def test_the_broker_keeps_what_is_more_than_a_subscription_takes_in(
    small_service: SmallService,
) -> None:
    async def kept() -> int | None:
        connection = await aio_pika.connect(small_service.broker.url)
        async with connection, connection.channel() as channel:
            queue = await channel.declare_queue(QUEUE, passive=True)
            return queue.declaration_result.message_count

    await small_service.begins_with_nothing()
    messaging = small_service.messaging("consumer", prefetch=3)
    await messaging.start()
    try:
        await eventually(messaging.checks, lambda found: found == {"consumers": None})
        small_service.gate.clear()
        events = [year_changed(uuid4()) for _ in range(8)]
        for event in events:
            await small_service.publish_raw(event.model_dump_json().encode(), event.id)
        await eventually(kept, lambda many: many == 5)
        small_service.gate.set()
        ids = [event.id for event in events]
        await eventually(lambda: small_service.effects(ids), lambda seen: len(seen) == len(ids))
    finally:
        small_service.gate.set()
        await messaging.stop()


@pytest.mark.usefixtures("consuming")
class TestConsumer:
    async def test_a_repeated_message_takes_effect_once(self, small_service: SmallService) -> None:
        event = year_changed(uuid4())
        body = event.model_dump_json().encode()
        last = year_changed(uuid4())
        await asyncio.gather(*(small_service.publish_raw(body, event.id) for _ in range(3)))
        await small_service.publish_raw(last.model_dump_json().encode(), last.id)
        await eventually(lambda: small_service.effects([event.id, last.id]), lambda s: len(s) == 2)
        assert await small_service.effects([event.id]) == {event.id: 1}

    async def test_people_get_a_connection_while_many_schools_are_worked_on(
        self, small_service: SmallService
    ) -> None:
        """As in the night in which hundreds of schools roll up."""
        small_service.gate.clear()
        events = [year_changed(uuid4()) for _ in range(20)]
        for event in events:
            await small_service.publish_raw(event.model_dump_json().encode(), event.id)
        await eventually(lambda: asyncio.sleep(0, small_service.batches))
        async with asyncio.timeout(30), small_service.database.transaction() as connection:
            assert await connection.fetchval("SELECT 1") == 1
        small_service.gate.set()
        ids = [event.id for event in events]
        await eventually(lambda: small_service.effects(ids), lambda seen: len(seen) == len(ids))

    async def test_what_breaks_its_contract_is_a_dead_letter_at_once(
        self, small_service: SmallService
    ) -> None:
        bodies = [b"{", b"\xff\x00", b"[]", b'{"specversion": "1.0", "data": {}}']
        keys = [uuid4() for _ in bodies]
        for key, body in zip(keys, bodies, strict=True):
            await small_service.publish_raw(body, key)
        for key, body in zip(keys, bodies, strict=True):
            found = await eventually(partial(dead_letters, small_service, key))
            assert found[0]["body"] == body
            assert found[0]["tries"] == 0
            assert "contract" in found[0]["reason"]

    async def test_a_bad_message_is_parked_after_five_tries_and_its_neighbours_are_applied(
        self, small_service: SmallService
    ) -> None:
        school = uuid4()
        events = [year_changed(school, version) for version in range(1, 101)]
        bad = events[41]
        small_service.failures[bad.id] = [ValueError("cannot be applied")] * 1000
        await small_service.publish_together(events)
        good = [event.id for event in events if event.id != bad.id]
        await eventually(lambda: small_service.effects(good), lambda seen: len(seen) == 99)
        found = await eventually(lambda: dead_letters(small_service, bad.id))
        assert await small_service.effects([bad.id]) == {}
        assert set((await small_service.effects(good)).values()) == {1}
        assert found[0]["tries"] == consumer_module.MAX_TRIES
        assert found[0]["reason"] == "ValueError: cannot be applied"

    async def test_a_refused_message_is_parked_at_once_with_its_reason(
        self, small_service: SmallService
    ) -> None:
        event = year_changed(uuid4())
        small_service.failures[event.id] = [Refused("this school is not known here")] * 9
        await small_service.publish_raw(event.model_dump_json().encode(), event.id)
        found = await eventually(lambda: dead_letters(small_service, event.id))
        assert found[0]["reason"] == "this school is not known here"
        assert found[0]["tries"] == 0

    async def test_a_fault_that_passes_is_waited_out_and_is_no_try(
        self, small_service: SmallService
    ) -> None:
        event = year_changed(uuid4())
        passing = [asyncpg.DeadlockDetectedError(), OSError("gone"), asyncpg.AdminShutdownError()]
        small_service.failures[event.id] = [*passing, *passing]
        await small_service.publish_raw(event.model_dump_json().encode(), event.id)
        await eventually(lambda: small_service.effects([event.id]))
        tries = await small_service.rows(
            "SELECT 1 FROM message_attempts WHERE message_key = $1", str(event.id)
        )
        assert tries == []

    async def test_its_connections_are_killed_while_messages_arrive(
        self, small_service: SmallService
    ) -> None:
        events = [year_changed(uuid4()) for _ in range(300)]
        ids = [event.id for event in events]
        effects = partial(small_service.effects, ids)

        async def kill() -> None:
            for arrived in range(0, 300, 60):
                await eventually(effects, lambda seen: len(seen) >= arrived)  # noqa: B023 - awaited
                await small_service.rows(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'small' AND datname = current_database()"
                )

        await asyncio.gather(kill(), small_service.publish_together(events))
        await eventually(effects, lambda seen: len(seen) == 300)
        assert set((await effects()).values()) == {1}
        keys = [str(key) for key in ids]
        parked = await small_service.rows(
            "SELECT 1 FROM dead_letters WHERE message_key = ANY($1)", keys
        )
        assert parked == []

    async def test_a_queue_that_was_deleted_is_declared_and_consumed_again(
        self, small_service: SmallService, consuming: Messaging
    ) -> None:
        await eventually(consuming.checks, lambda found: found == {"consumers": None})
        connection = await aio_pika.connect(small_service.broker.url)
        async with connection, connection.channel() as channel:
            await channel.queue_delete(QUEUE)

            async def consumers() -> int:
                async with connection.channel() as looking:
                    try:
                        queue = await looking.declare_queue(QUEUE, passive=True)
                    except aio_pika.exceptions.ChannelNotFoundEntity:
                        return 0
                    return queue.declaration_result.consumer_count or 0

            # It looks every few seconds, and what it stops and starts again has seconds too.
            await eventually(consumers, seconds=60)
        event = year_changed(uuid4())
        await small_service.publish_raw(event.model_dump_json().encode(), event.id)
        await eventually(lambda: small_service.effects([event.id]))

    async def test_messages_that_arrive_together_share_transactions(
        self, small_service: SmallService
    ) -> None:
        school = uuid4()
        events = [year_changed(school, version) for version in range(1, 301)]
        small_service.batches.clear()
        await small_service.publish_together(events)
        ids = [event.id for event in events]
        await eventually(lambda: small_service.effects(ids), lambda seen: len(seen) == 300)
        assert max(small_service.batches) > 1
