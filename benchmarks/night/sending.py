"""Sends snapshots as the connectors of many schools would, some of them at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

import aio_pika
from aio_pika import DeliveryMode
from aio_pika.abc import AbstractExchange
from joserfc import jws
from joserfc.jwk import OKPKey

from benchmarks.night.school import Message, Night
from shared.contracts.signatures import ALGORITHM, SIGNATURE_HEADER, claims_of
from shared.contracts.topology import INBOUND_EXCHANGE

__all__ = ["send"]

_AT_ONCE = 8


async def send(url: str, key: OKPKey, night: Night, addressed: Sequence[tuple[str, UUID]]) -> None:
    """To each (broker user, snapshot id): begin, chunks, end, signed, persistent and confirmed."""
    left = list(reversed(addressed))
    connection = await aio_pika.connect(url)

    async def take() -> None:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(INBOUND_EXCHANGE, ensure=False)
        while left:
            broker_user, snapshot_id = left.pop()
            for message in night.messages(broker_user, snapshot_id):
                await _send(exchange, key, broker_user, message)

    async with connection:
        await asyncio.gather(*(take() for _ in range(_AT_ONCE)))


async def _send(
    exchange: AbstractExchange, key: OKPKey, broker_user: str, message: Message
) -> None:
    await exchange.publish(
        aio_pika.Message(
            message.body,
            message_id=message.message_id,
            user_id=broker_user,
            headers={SIGNATURE_HEADER: _signature(key, broker_user, message)},
            type=message.event_type,
            content_type="application/cloudevents+json",
            delivery_mode=DeliveryMode.PERSISTENT,
        ),
        routing_key=message.routing_key,
        mandatory=True,
    )


def _signature(key: OKPKey, broker_user: str, message: Message) -> str:
    claims = claims_of(
        username=broker_user,
        message_id=message.message_id,
        time=message.taken_at,
        routing_key=message.routing_key,
        body=message.body,
    )
    payload = claims.model_dump_json().encode()
    return jws.serialize_compact({"alg": ALGORITHM}, payload, key, algorithms=[ALGORITHM])
