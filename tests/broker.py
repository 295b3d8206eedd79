"""A broker of one's own for each worker: the two vhosts, set up as `deploy.local` sets them up."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

import aio_pika

from shared.contracts.topology import (
    ACTIVITY_EXCHANGE,
    EVENTS_EXCHANGE,
    INBOUND_EXCHANGE,
    INBOUND_QUEUE,
    QUEUES,
    REPLAY_EXCHANGE,
)
from shared.messaging.queues import ensure_queues
from tests.servers import Servers

__all__ = ["TestBroker", "make_broker"]


@dataclass(frozen=True)
class TestBroker:
    """This worker's vhosts. URLs are the administrator's unless said otherwise."""

    __test__ = False

    servers: Servers
    vhost: str
    mis_vhost: str

    @property
    def url(self) -> str:
        return self.servers.vhost_url(self.vhost)

    @property
    def mis_url(self) -> str:
        return self.servers.vhost_url(self.mis_vhost)

    @property
    def management_url(self) -> str:
        return self.servers.management_url


async def make_broker(servers: Servers, purpose: str = "") -> TestBroker:
    """Both vhosts, empty, with every exchange, queue and binding.

    With a `purpose` they are other vhosts than the worker's, for who must be alone on its queues.
    """
    name = f"{servers.worker}_{purpose}" if purpose else servers.worker
    broker = TestBroker(servers, f"{name}_classroom", f"{name}_mis")
    with servers.management() as management:
        for vhost in (broker.vhost, broker.mis_vhost):
            management.delete(f"/api/vhosts/{quote(vhost, safe='')}")
            management.put(f"/api/vhosts/{quote(vhost, safe='')}").raise_for_status()
            user = quote(str(management.get("/api/whoami").json()["name"]), safe="")
            management.put(
                f"/api/permissions/{quote(vhost, safe='')}/{user}",
                json={"configure": ".*", "write": ".*", "read": ".*"},
            ).raise_for_status()
    await _declare(broker)
    return broker


async def _declare(broker: TestBroker) -> None:
    topic = aio_pika.ExchangeType.TOPIC
    connection = await aio_pika.connect(broker.url)
    async with connection, connection.channel() as channel:
        for name in (EVENTS_EXCHANGE, ACTIVITY_EXCHANGE, REPLAY_EXCHANGE):
            await channel.declare_exchange(name, topic, durable=True)
        await ensure_queues(channel, QUEUES)
    connection = await aio_pika.connect(broker.mis_url)
    async with connection, connection.channel() as channel:
        await channel.declare_exchange(INBOUND_EXCHANGE, topic, durable=True)
        queue = await channel.declare_queue(
            INBOUND_QUEUE, durable=True, arguments={"x-queue-type": "quorum"}
        )
        await queue.bind(INBOUND_EXCHANGE, "#")
