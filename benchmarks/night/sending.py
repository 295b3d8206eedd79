"""Sends snapshots as the connectors of many schools would, some of them at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

import aio_pika
from aio_pika import DeliveryMode
from aio_pika.abc import AbstractExchange

from benchmarks.night.school import Message, Night
from shared.contracts.topology import INBOUND_EXCHANGE

__all__ = ["send"]

_AT_ONCE = 8


async def send(url: str, night: Night, addressed: Sequence[tuple[str, UUID]]) -> None:
    """To each (broker user, snapshot id): begin, chunks, end, persistent and confirmed."""
    left = list(reversed(addressed))
    connection = await aio_pika.connect(url)

    async def take() -> None:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(INBOUND_EXCHANGE, ensure=False)
        while left:
            broker_user, snapshot_id = left.pop()
            for message in night.messages(broker_user, snapshot_id):
                await _send(exchange, broker_user, message)

    async with connection:
        await asyncio.gather(*(take() for _ in range(_AT_ONCE)))


async def _send(exchange: AbstractExchange, broker_user: str, message: Message) -> None:
    await exchange.publish(
        aio_pika.Message(
            message.body,
            message_id=message.message_id,
            user_id=broker_user,
            type=message.event_type,
            content_type="application/cloudevents+json",
            delivery_mode=DeliveryMode.PERSISTENT,
        ),
        routing_key=message.routing_key,
        mandatory=True,
    )
