"""What the broker lets each process do, tried as that process (R15)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote

import aio_pika
import pytest
from aio_pika.exceptions import AMQPError

from deploy.local.broker_setup import set_up_broker
from deploy.local.broker_users import BrokerNames, broker_users
from shared.contracts.identity import SchoolChanged, SessionsEnded, UsersChanged
from shared.contracts.mis_sync import ConnectorProvisioned
from shared.contracts.roster import PupilsChanged
from shared.contracts.topology import (
    ACTIVITY_EXCHANGE,
    EVENTS_EXCHANGE,
    INBOUND_EXCHANGE,
    INBOUND_QUEUE,
    QUEUES,
    REPLAY_EXCHANGE,
    queue_of,
)
from shared.messaging.queues import ensure_queues
from tests.servers import Servers

Channel = aio_pika.abc.AbstractChannel


class Users:
    """The users of a pair of vhosts that is this worker's own."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        worker = servers.worker
        self.names = BrokerNames(f"{worker}_rights", f"{worker}_rights_mis", f"{worker}_")
        self._passwords = {user.key: f"pw-{user.key}" for user in broker_users(self.names)}
        self._connections: list[aio_pika.abc.AbstractConnection] = []
        set_up_broker(servers.management_url, self._passwords, self.names)

    async def channel(self, user: str, *, mis: bool = False) -> Channel:
        """Connected as `user`, to the connectors' vhost if `mis`."""
        vhost = self.names.mis_vhost if mis else self.names.vhost
        name = f"{self.names.user_prefix}{user}"
        url = self._servers.vhost_url(vhost, name, self._passwords[user])
        connection = await aio_pika.connect(url)
        self._connections.append(connection)
        return await connection.channel(publisher_confirms=True, on_return_raises=True)

    async def remove(self) -> None:
        for connection in self._connections:
            await connection.close()
        with self._servers.management() as management:
            for vhost in (self.names.vhost, self.names.mis_vhost):
                management.delete(f"/api/vhosts/{quote(vhost, safe='')}")
            for user in broker_users(self.names):
                management.delete(f"/api/users/{quote(user.name, safe='')}")


@pytest.fixture(scope="module")
async def users(servers: Servers) -> AsyncIterator[Users]:
    made = Users(servers)
    yield made
    await made.remove()


async def publish(channel: Channel, exchange: str, key: str) -> None:
    target = await channel.get_exchange(exchange, ensure=False)
    await target.publish(aio_pika.Message(b"{}"), key, mandatory=True, timeout=30)


@pytest.mark.parametrize("service", ["identity", "roster", "mis_sync", "reports", "provisioner"])
async def test_a_service_declares_binds_and_reads_its_own_queues(
    users: Users, service: str
) -> None:
    user = "mis_sync_provisioner" if service == "provisioner" else service
    channel = await users.channel(user)
    own = [queue for queue in QUEUES if queue.service == service]
    await ensure_queues(channel, own)
    for queue in own:
        declared = await channel.get_queue(queue.name, ensure=False)
        await declared.get(fail=False, timeout=30)


async def test_a_service_publishes_under_its_own_name(users: Users) -> None:
    await publish(await users.channel("roster"), EVENTS_EXCHANGE, PupilsChanged.EVENT_TYPE)
    await publish(await users.channel("roster"), ACTIVITY_EXCHANGE, "activity.recorded.v1")
    replayed = queue_of("roster", UsersChanged).name
    await publish(await users.channel("roster"), REPLAY_EXCHANGE, replayed)
    await publish(
        await users.channel("mis_sync_provisioner"),
        EVENTS_EXCHANGE,
        ConnectorProvisioned.EVENT_TYPE,
    )


@pytest.mark.parametrize(
    ("user", "exchange", "key"),
    [
        ("roster", EVENTS_EXCHANGE, UsersChanged.EVENT_TYPE),
        ("roster", EVENTS_EXCHANGE, "rosterx.pupils.changed.v1"),
        ("roster", REPLAY_EXCHANGE, queue_of("reports", PupilsChanged).name),
        ("roster", "", queue_of("reports", PupilsChanged).name),
        ("reports", EVENTS_EXCHANGE, PupilsChanged.EVENT_TYPE),
        ("gateway", EVENTS_EXCHANGE, SessionsEnded.EVENT_TYPE),
        ("gateway", ACTIVITY_EXCHANGE, "activity.recorded.v1"),
        ("mis_sync_provisioner", EVENTS_EXCHANGE, "mis_sync.pupils.approved.v1"),
        ("mis_sync_provisioner", ACTIVITY_EXCHANGE, "activity.recorded.v1"),
    ],
)
async def test_nobody_publishes_for_another(
    users: Users, user: str, exchange: str, key: str
) -> None:
    with pytest.raises(AMQPError, match="ACCESS_REFUSED"):
        await publish(await users.channel(user), exchange, key)


async def test_nobody_reads_another_queue(users: Users) -> None:
    channel = await users.channel("reports")
    other = await channel.get_queue(queue_of("roster", UsersChanged).name, ensure=False)
    with pytest.raises(AMQPError, match="ACCESS_REFUSED"):
        await other.get(fail=False, timeout=30)


async def test_nobody_listens_to_events_that_are_not_for_them(users: Users) -> None:
    channel = await users.channel("gateway")
    queue = await channel.declare_queue("gateway.mine", exclusive=True)
    for theirs in (SessionsEnded, SchoolChanged):
        await queue.bind(EVENTS_EXCHANGE, theirs.EVENT_TYPE)
    with pytest.raises(AMQPError, match="ACCESS_REFUSED"):
        await queue.bind(EVENTS_EXCHANGE, PupilsChanged.EVENT_TYPE)


async def test_mis_sync_takes_snapshots_in_and_publishes_none(users: Users) -> None:
    channel = await users.channel("mis_sync_inbound", mis=True)
    inbound = await channel.declare_queue(INBOUND_QUEUE, passive=True)
    await inbound.get(fail=False, timeout=30)
    with pytest.raises(AMQPError, match="ACCESS_REFUSED"):
        await publish(channel, INBOUND_EXCHANGE, "c_1.snapshot.begin")


@pytest.mark.parametrize("user", ["identity", "roster", "mis_sync", "reports", "gateway"])
async def test_no_service_comes_near_the_connectors(users: Users, user: str) -> None:
    with pytest.raises(AMQPError):
        await users.channel(user, mis=True)
