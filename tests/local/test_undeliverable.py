"""What the broker gives up on is kept where somebody can find it, and not dropped."""

from __future__ import annotations

import aio_pika

from deploy.local.broker_setup import UNDELIVERABLE, set_up_broker
from deploy.local.broker_users import BrokerNames, broker_users
from shared.contracts.topology import QUEUES
from tests.eventually import eventually
from tests.servers import Servers


async def test_a_message_that_is_rejected_is_kept(servers: Servers) -> None:
    worker = servers.worker
    names = BrokerNames(f"{worker}_undeliverable", f"{worker}_undeliverable_mis", f"{worker}_u_")
    passwords = {user.key: "unused" for user in broker_users(names)}
    set_up_broker(servers.management_url, passwords, names)
    connection = await aio_pika.connect(servers.vhost_url(names.vhost))
    async with connection:
        channel = await connection.channel()
        await channel.default_exchange.publish(aio_pika.Message(b"{}"), QUEUES[0].name)
        queue = await channel.get_queue(QUEUES[0].name)
        message = await queue.get()
        assert message is not None
        await message.reject(requeue=False)
        kept = await channel.get_queue(UNDELIVERABLE)

        async def is_kept() -> bool:
            return await kept.get(fail=False, no_ack=True) is not None

        await eventually(is_kept)
    with servers.management() as management:
        for vhost in (names.vhost, names.mis_vhost):
            management.delete(f"/api/vhosts/{vhost}")
        for user in broker_users(names):
            management.delete(f"/api/users/{user.name}")
