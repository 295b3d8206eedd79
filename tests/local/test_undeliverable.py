"""What the broker gives up on is kept where somebody can find it, and not dropped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from deploy.local.broker_setup import UNDELIVERABLE, set_up_broker
from deploy.local.broker_users import BrokerNames, broker_users
from shared.contracts.topology import QUEUES
from tests.eventually import eventually
from tests.servers import Servers

RABBITMQ_4_BEGINS_WITH = 20
"""Deliveries, after which it drops a message unless it is told otherwise."""


@pytest.fixture
async def channel(servers: Servers) -> AsyncIterator[AbstractChannel]:
    """In a vhost of its own, set up as a stack's is, with one message in the first queue."""
    async with _vhost(servers) as url, await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        await channel.default_exchange.publish(aio_pika.Message(b"{}"), QUEUES[0].name)
        yield channel


@asynccontextmanager
async def _vhost(servers: Servers) -> AsyncIterator[str]:
    worker = servers.worker
    names = BrokerNames(f"{worker}_undeliverable", f"{worker}_undeliverable_mis", f"{worker}_u_")
    passwords = {user.key: "unused" for user in broker_users(names)}
    set_up_broker(servers.management_url, passwords, names)
    yield servers.vhost_url(names.vhost)
    with servers.management() as management:
        for vhost in (names.vhost, names.mis_vhost):
            management.delete(f"/api/vhosts/{vhost}")
        for user in broker_users(names):
            management.delete(f"/api/users/{user.name}")


async def _next(channel: AbstractChannel, queue: str) -> AbstractIncomingMessage:
    """One that was given back is there again in a moment."""
    found = await channel.get_queue(queue)
    message = await eventually(
        lambda: found.get(fail=False, timeout=30), lambda got: got is not None
    )
    assert message is not None
    return message


async def test_a_message_that_is_rejected_is_kept(channel: AbstractChannel) -> None:
    message = await _next(channel, QUEUES[0].name)
    await message.reject(requeue=False)
    kept = await _next(channel, UNDELIVERABLE)
    assert kept.body == b"{}"


async def test_a_message_that_is_given_back_again_and_again_stays(
    channel: AbstractChannel,
) -> None:
    for _ in range(RABBITMQ_4_BEGINS_WITH + 5):
        message = await _next(channel, QUEUES[0].name)
        await message.nack(requeue=True)
    assert (await _next(channel, QUEUES[0].name)).body == b"{}"
