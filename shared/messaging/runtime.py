"""The messaging of one process: its consumers, its relay, and the watch over both.

Consumers run on FastStream with manual acknowledgement. The watch declares missing queues again and
starts the consumers anew when the broker no longer knows of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import aio_pika
import structlog
from faststream import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitMessage, RabbitQueue
from tenacity import AsyncRetrying, wait_random_exponential

from shared.contracts.topology import Queue, queue_of
from shared.kept import Lines, first_let_in, lines_of
from shared.messaging.connections import REFUSED, Transactions
from shared.messaging.consumer import Consumer
from shared.messaging.ending import end
from shared.messaging.queues import ensure_queues
from shared.messaging.relay import Relay
from shared.messaging.repeating import Repeating
from shared.messaging.subscription import Incoming, Listener, Subscription, listener_of

__all__ = ["Consumers", "Messaging"]

_PREFETCH = 100
_GRACEFUL_SECONDS = 8.0
_CUT_OFF_SECONDS = 2.0
_WATCH_SECONDS = 5.0
_AT_ONCE = 3
"""Batches applied at once: fewer than there are connections, so that people need not wait for one
while hundreds of schools roll up."""

_PUT_OFF_AT_ONCE = 2
"""Besides those: what is locked still when it is tried again takes no turn of what is not."""
_LOOK_FOR_PUT_OFF_SECONDS = 5.0

_log = structlog.get_logger(__name__)


class Consumers:
    """The consumers of some queues of one vhost. `own` are the queues this process looks after."""

    def __init__(
        self,
        *,
        rabbitmq_url: str | Lines,
        listeners: Sequence[Listener],
        transactions: Transactions,
        own: Sequence[Queue] = (),
        first_pause_seconds: float = 0.5,
    ) -> None:
        self._rabbitmq_urls = lines_of(rabbitmq_url)
        self._own = own
        self._listeners = {listener.queue: listener for listener in listeners}
        self._transactions = transactions
        turns, of_put_off = asyncio.Semaphore(_AT_ONCE), asyncio.Semaphore(_PUT_OFF_AT_ONCE)
        self._consumers = {
            listener.queue: Consumer(
                listener,
                transactions,
                turns=turns,
                turns_of_put_off=of_put_off,
                first_pause_seconds=first_pause_seconds,
            )
            for listener in listeners
        }
        self._looking = Repeating(
            self._look_for_put_off, name="messages put off", seconds=_LOOK_FOR_PUT_OFF_SECONDS
        )
        self._broker: RabbitBroker | None = None
        self._watch: asyncio.Task[None] | None = None
        self._trouble: str | None = "not started yet"

    async def start(self) -> None:
        """Start consuming, now or as soon as the broker is there."""
        self._watch = asyncio.create_task(self._keep_consuming())
        self._looking.start()

    async def stop(self) -> None:
        """Finish what is in hand, for eight seconds at most; the rest is delivered again."""
        if self._watch is not None:
            await end(self._watch)
            self._watch = None
        await self._stop_broker()
        await self._looking.stop()
        for consumer in self._consumers.values():
            await consumer.put_off.stop()

    async def _look_for_put_off(self) -> None:
        """What another process has put off, or this one in a former life."""
        async with self._transactions.transaction() as connection:
            rows = await connection.fetch("SELECT * FROM schools_put_off($1)", [*self._consumers])
        for row in rows:
            self._consumers[row["consumer"]].put_off.work_off(row["school_id"])

    @property
    def trouble(self) -> str | None:
        """What is wrong, if anything."""
        return self._trouble

    async def _keep_consuming(self) -> None:
        async for attempt in AsyncRetrying(wait=wait_random_exponential(multiplier=0.2, max=5)):
            with attempt:
                try:
                    await self._consume_until_trouble()
                except Exception as error:
                    self._trouble = f"{type(error).__name__}: {error}"
                    _log.warning("consumers_interrupted", error=self._trouble)
                    await self._stop_broker()
                    raise

    async def _consume_until_trouble(self) -> None:
        connection, url = await first_let_in(self._rabbitmq_urls, _connected, REFUSED)
        async with connection:
            async with connection.channel() as channel:
                await ensure_queues(channel, self._own)
            self._broker = self._build_broker(url)
            await self._broker.start()
            self._trouble = None
            while True:
                await asyncio.sleep(_WATCH_SECONDS)
                await self._look(connection)

    async def _look(self, connection: aio_pika.abc.AbstractConnection) -> None:
        """Raises if a queue or its consumer is gone; binds again what lost its binding."""
        async with connection.channel() as channel:
            await ensure_queues(channel, self._own)
            for name in self._listeners:
                queue = await channel.declare_queue(name, passive=True)
                if not queue.declaration_result.consumer_count:
                    raise ConnectionError(f"nobody consumes {name}")

    async def _stop_broker(self) -> None:
        broker, self._broker = self._broker, None
        if broker is not None:
            try:
                await asyncio.wait_for(broker.stop(), _GRACEFUL_SECONDS + _CUT_OFF_SECONDS)
            except Exception as error:
                _log.warning("broker_not_closed_cleanly", error=str(error))

    def _build_broker(self, url: str) -> RabbitBroker:
        broker = RabbitBroker(
            url,
            graceful_timeout=_GRACEFUL_SECONDS,
            ack_policy=AckPolicy.MANUAL,
            apply_types=False,
            logger=None,
        )
        channels: dict[int, Channel] = {}
        for name, consumer in self._consumers.items():
            queue = RabbitQueue(name, queue_type=QueueType.QUORUM, durable=True, declare=False)
            ahead = self._listeners[name].prefetch or _PREFETCH
            channel = channels.setdefault(ahead, Channel(prefetch_count=ahead))
            subscriber = broker.subscriber(
                queue, decoder=_undecoded, no_reply=True, channel=channel
            )
            subscriber(_handler(consumer))
        return broker


class Messaging:
    """What a service's process runs of messaging, by its roles: `consumer`, `relay`, or both."""

    def __init__(
        self,
        *,
        service: str,
        rabbitmq_url: str | Lines,
        database: Transactions,
        relay_dsn: str | Lines | None,
        subscriptions: Sequence[Subscription[Any]],
        roles: frozenset[str],
        first_pause_seconds: float = 0.5,
    ) -> None:
        self._consumers: Consumers | None = None
        self._relay: Relay | None = None
        if "consumer" in roles and subscriptions:
            self._consumers = Consumers(
                rabbitmq_url=rabbitmq_url,
                listeners=[listener_of(service, subscription) for subscription in subscriptions],
                transactions=database,
                own=[queue_of(service, subscription.payload) for subscription in subscriptions],
                first_pause_seconds=first_pause_seconds,
            )
        if "relay" in roles and relay_dsn is not None:
            self._relay = Relay(service=service, dsn=relay_dsn, rabbitmq_url=rabbitmq_url)

    async def start(self) -> None:
        """Start both; neither needs the broker to be there yet."""
        if self._consumers is not None:
            await self._consumers.start()
        if self._relay is not None:
            await self._relay.start()

    async def stop(self) -> None:
        if self._consumers is not None:
            await self._consumers.stop()
        if self._relay is not None:
            await self._relay.stop()

    async def checks(self) -> dict[str, str | None]:
        """For `/ready`: what each part has to complain of, or `None`."""
        found: dict[str, str | None] = {}
        if self._consumers is not None:
            found["consumers"] = self._consumers.trouble
        if self._relay is not None:
            found["relay"] = await self._relay.check()
        return found


async def _connected(url: str) -> tuple[aio_pika.abc.AbstractConnection, str]:
    return await aio_pika.connect(url, timeout=10), url


async def _undecoded(message: RabbitMessage) -> RabbitMessage:
    """Bodies are read by the listener, which knows what to do with one that cannot be read."""
    return message


def _handler(consumer: Consumer):  # type: ignore[no-untyped-def]
    async def handle(message: RabbitMessage) -> None:
        raw = message.raw_message
        await consumer.consume(
            Incoming(
                body=raw.body,
                message_id=raw.message_id,
                routing_key=raw.routing_key or "",
                user_id=raw.user_id,
                deliveries=_deliveries(raw.headers.get("x-delivery-count"), raw.redelivered),
                headers=raw.headers,
            )
        )
        await message.ack()

    return handle


def _deliveries(count: object, redelivered: bool | None) -> int:
    return count if isinstance(count, int) else int(bool(redelivered))
