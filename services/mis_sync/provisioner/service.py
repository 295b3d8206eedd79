"""Carries out what mis_sync orders of the broker, and answers once it is done (R15).

There is no database here: an order is acknowledged after the broker has confirmed our answer, and
carrying it out twice is harmless.
"""

from __future__ import annotations

import asyncio
from typing import Any

import aio_pika
import aiormq.exceptions
import httpx
import structlog
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue
from pydantic import ValidationError
from tenacity import AsyncRetrying, wait_random_exponential

from services.mis_sync.provisioner.broker import Broker
from shared.contracts.envelope import Event
from shared.contracts.mis_sync import ConnectorProvisioned, ConnectorRequested, ConnectorRevoked
from shared.contracts.topology import EVENTS_EXCHANGE, queue_of
from shared.kept import Lines
from shared.messaging.connections import connect_broker
from shared.messaging.ending import end
from shared.messaging.queues import ensure_queues
from shared.messaging.subscription import accepted
from shared.messaging.traces import carried, consuming

__all__ = ["Provisioner"]

_SERVICE = "provisioner"
_SECONDS = 5.0
_WATCH_SECONDS = 5.0
_PAUSE_SECONDS = 2.0
_ORDERS: tuple[type[ConnectorRequested | ConnectorRevoked], ...] = (
    ConnectorRequested,
    ConnectorRevoked,
)

_log = structlog.get_logger(__name__)


class Provisioner:
    """The only holder of the broker's administration rights."""

    def __init__(self, rabbitmq_url: str | Lines, broker: Broker) -> None:
        self._rabbitmq_urls = rabbitmq_url
        self._broker = broker
        self._task: asyncio.Task[None] | None = None
        self._trouble: str | None = "not started yet"

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run_for_ever())

    async def stop(self) -> None:
        if self._task is not None:
            await end(self._task)
            self._task = None

    @property
    def trouble(self) -> str | None:
        """What is wrong, if anything."""
        return self._trouble

    async def audit(self) -> list[str]:
        """Strip every user who could publish under another's name; who they were."""
        found = await self._broker.unlimited_users()
        for unlimited in found:
            _log.critical("broker_user_without_limits", user=unlimited.user, why=unlimited.why)
            await self._broker.strip(unlimited.user)
        return [unlimited.user for unlimited in found]

    async def _run_for_ever(self) -> None:
        async for attempt in AsyncRetrying(wait=wait_random_exponential(multiplier=0.2, max=10)):
            with attempt:
                try:
                    await self._run()
                except Exception as error:
                    self._trouble = f"{type(error).__name__}: {error}"
                    _log.warning("provisioner_interrupted", error=self._trouble)
                    raise

    async def _run(self) -> None:
        await self.audit()
        connection = await connect_broker(self._rabbitmq_urls, timeout=10)
        async with connection:
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            await channel.set_qos(prefetch_count=1)
            queues = [queue_of(_SERVICE, order) for order in _ORDERS]
            await ensure_queues(channel, queues)
            async with asyncio.TaskGroup() as group:
                for queue, order in zip(queues, _ORDERS, strict=True):
                    declared = await channel.get_queue(queue.name, ensure=False)
                    group.create_task(self._work(channel, declared, order))
                self._trouble = None
                group.create_task(_watch(channel))

    async def _work(
        self,
        channel: AbstractChannel,
        queue: AbstractQueue,
        order: type[ConnectorRequested | ConnectorRevoked],
    ) -> None:
        async with queue.iterator() as messages:
            async for message in messages:
                await self._take(channel, message, order)

    async def _take(
        self,
        channel: AbstractChannel,
        message: AbstractIncomingMessage,
        order: type[ConnectorRequested | ConnectorRevoked],
    ) -> None:
        """Acknowledged once done and answered; what cannot be read is said loudly and let go."""
        model: type[Event[Any]] = Event[order]  # type: ignore[valid-type]
        try:
            event = model.model_validate_json(message.body)
        except ValidationError:
            _log.critical("order_cannot_be_read", message_id=message.message_id)
            await message.ack()
            return
        try:
            with consuming(queue_of(_SERVICE, order).name, [accepted(event)]):
                answer = await self._carry_out(event.data)
                await _answer(channel, event, answer)
        except httpx.HTTPStatusError as error:
            _log.exception("order_failed", broker_user=event.data.broker_user)
            self._trouble = f"the broker refuses an order: {error}"
            await asyncio.sleep(_PAUSE_SECONDS)
            await message.nack(requeue=True)
            return
        await message.ack()
        self._trouble = None

    async def _carry_out(
        self, order: ConnectorRequested | ConnectorRevoked
    ) -> ConnectorProvisioned:
        if isinstance(order, ConnectorRequested):
            await self._broker.make_connector(order.broker_user, order.password_hash)
        else:
            await self._broker.remove_connector(order.broker_user)
        present = isinstance(order, ConnectorRequested)
        _log.info("order_carried_out", broker_user=order.broker_user, present=present)
        return ConnectorProvisioned(
            connector_id=order.connector_id, broker_user=order.broker_user, present=present
        )


async def _answer(
    channel: AbstractChannel, order: Event[Any], answer: ConnectorProvisioned
) -> None:
    """Persistent, mandatory, confirmed."""
    event = Event[ConnectorProvisioned](
        source=f"/services/{_SERVICE}",
        type=answer.EVENT_TYPE,
        schoolid=order.schoolid,
        correlationid=order.correlationid,
        data=answer,
        **carried(),
    )
    exchange = await channel.get_exchange(EVENTS_EXCHANGE, ensure=False)
    await exchange.publish(
        aio_pika.Message(
            event.model_dump_json().encode(),
            message_id=str(event.id),
            content_type="application/cloudevents+json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        ),
        event.type,
        mandatory=True,
        timeout=_SECONDS,
    )


async def _watch(channel: AbstractChannel) -> None:
    """Raises once the channel is gone, so that all begins anew."""
    while True:
        await asyncio.sleep(_WATCH_SECONDS)
        if channel.is_closed:
            raise aiormq.exceptions.ConnectionClosed(320, "the broker closed the channel")
