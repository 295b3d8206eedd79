"""The outbox and its relay: what was committed is sent, what was not is not."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import aio_pika
import pytest

from shared.contracts.identity import SessionsEnded
from shared.contracts.mis_sync import ConnectorProvisioned
from shared.contracts.roster import SchoolYearChanged
from tests.eventually import eventually
from tests.messaging.conftest import SmallService

YEAR = SchoolYearChanged(version=1, academic_year="2026/27")


async def unsent(service: SmallService, ids: list[UUID]) -> int:
    rows = await service.rows("SELECT 1 FROM outbox WHERE id = ANY($1) AND sent_at IS NULL", ids)
    return len(rows)


async def test_an_event_outside_a_transaction_is_refused(small_service: SmallService) -> None:
    connection = small_service.database._pool  # the pool's own connection, without a transaction
    assert connection is not None
    async with connection.acquire() as bare:
        with pytest.raises(RuntimeError, match="transaction"):
            await small_service.outbox.publish(bare, None, YEAR)


async def test_what_is_rolled_back_is_not_told(small_service: SmallService) -> None:
    ids: list[UUID] = []

    async def change_that_fails() -> None:
        async with small_service.database.transaction() as connection:
            ids.extend(await small_service.outbox.publish(connection, uuid4(), YEAR))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_that_fails()
    assert ids
    assert await small_service.rows("SELECT 1 FROM outbox WHERE id = ANY($1)", ids) == []


async def test_a_committed_event_is_delivered_under_its_row_s_id(
    small_service: SmallService,
) -> None:
    messaging = small_service.messaging("relay", "consumer")
    await messaging.start()
    try:
        async with small_service.database.transaction() as connection:
            ids = await small_service.outbox.publish(connection, uuid4(), YEAR, YEAR)
        await eventually(lambda: small_service.effects(ids), lambda seen: len(seen) == 2)
        assert await small_service.effects(ids) == dict.fromkeys(ids, 1)
        await eventually(lambda: unsent(small_service, ids), lambda left: left == 0)
    finally:
        await messaging.stop()


async def test_an_event_that_no_queue_hears_stays_and_holds_up_no_other(
    small_service: SmallService,
) -> None:
    connection = await aio_pika.connect(small_service.broker.url)
    async with connection, connection.channel() as channel:
        queue = "mis_sync.mis_sync.connector.provisioned.v1"
        await channel.queue_delete(queue)
        unheard = ConnectorProvisioned(connector_id=uuid4(), broker_user="c_1", present=True)
        messaging = small_service.messaging("relay")
        async with small_service.database.transaction() as db:
            stuck = await small_service.outbox.publish(db, uuid4(), unheard)
            others = await small_service.outbox.publish(db, uuid4(), YEAR)
        await messaging.start()
        try:
            await eventually(lambda: unsent(small_service, others), lambda left: left == 0)
            assert await unsent(small_service, stuck) == 1
            declared = await channel.declare_queue(
                queue, durable=True, arguments={"x-queue-type": "quorum"}
            )
            await declared.bind("classroom.events", ConnectorProvisioned.EVENT_TYPE)
            await declared.bind("classroom.replay", queue)
            await eventually(lambda: unsent(small_service, stuck), lambda left: left == 0)
        finally:
            await messaging.stop()


async def test_a_broadcast_without_a_listener_is_sent_all_the_same(
    small_service: SmallService,
) -> None:
    messaging = small_service.messaging("relay")
    await messaging.start()
    try:
        async with small_service.database.transaction() as connection:
            ended = SessionsEnded(session_ids=(uuid4(),))
            ids = await small_service.outbox.publish(connection, uuid4(), ended)
        await eventually(lambda: unsent(small_service, ids), lambda left: left == 0)
    finally:
        await messaging.stop()


async def test_two_relays_send_every_event_once(small_service: SmallService) -> None:
    async with small_service.database.transaction() as connection:
        ids = await small_service.outbox.publish(connection, uuid4(), *[YEAR] * 1200)
    first, second = small_service.messaging("relay"), small_service.messaging("relay")
    taker = small_service.messaging("consumer")
    await asyncio.gather(first.start(), second.start(), taker.start())
    try:
        await eventually(lambda: small_service.effects(ids), lambda seen: len(seen) == 1200)
        assert set((await small_service.effects(ids)).values()) == {1}
    finally:
        await asyncio.gather(first.stop(), second.stop(), taker.stop())


async def test_what_is_written_while_a_pass_waits_is_sent_meanwhile(
    small_service: SmallService,
) -> None:
    """A pass that cannot mark its event sent, as while the broker is slow to confirm it."""
    school_id = uuid4()
    async with small_service.database.transaction() as connection:
        [held] = await small_service.outbox.publish(connection, school_id, YEAR)
    hold = await small_service.look.acquire()
    await hold.execute(
        "CREATE FUNCTION wait_for_test() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END';"
        "CREATE TRIGGER held BEFORE UPDATE ON outbox FOR EACH ROW "
        f"WHEN (OLD.id = '{held}') EXECUTE FUNCTION wait_for_test()"
    )
    messaging = small_service.messaging("relay")
    try:
        async with hold.transaction():
            await hold.execute("SELECT pg_advisory_xact_lock(4711)")
            await messaging.start()
            waits = (
                "SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
                "WHERE d.datname = current_database() AND locktype = 'advisory' AND NOT granted"
            )
            await eventually(lambda: small_service.rows(waits))
            async with small_service.database.transaction() as connection:
                others = await small_service.outbox.publish(connection, school_id, YEAR)
            await eventually(lambda: unsent(small_service, others), lambda left: left == 0)
            assert await unsent(small_service, [held]) == 1
        await eventually(lambda: unsent(small_service, [held]), lambda left: left == 0)
    finally:
        await messaging.stop()
        await hold.execute("DROP FUNCTION wait_for_test CASCADE")
        await small_service.look.release(hold)


async def test_a_relay_that_is_cut_off_from_news_listens_again(
    small_service: SmallService,
) -> None:
    query = (
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'reports-relay' "
        "AND datname = current_database() ORDER BY backend_start"
    )

    async def connections() -> list[int]:
        return [row["pid"] for row in await small_service.rows(query)]

    # A backend outlives its client for a moment: those of the test before are none of this one's.
    await eventually(connections, lambda pids: not pids)
    messaging = small_service.messaging("relay")
    await messaging.start()
    try:
        listening, *others = await eventually(connections, lambda pids: len(pids) > 1)
        await small_service.rows("SELECT pg_terminate_backend($1)", listening)
        await eventually(connections, lambda pids: pids and not {listening, *others} & {*pids})
        async with small_service.database.transaction() as connection:
            ids = await small_service.outbox.publish(connection, uuid4(), YEAR)
        await eventually(lambda: unsent(small_service, ids), lambda left: left == 0)
    finally:
        await messaging.stop()
