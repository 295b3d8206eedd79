"""What one school's connector can do at the broker, and what becomes of a message that lies (R15).

Connectors' users are made by the real provisioner, on a real broker.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import aio_pika
import aiormq.exceptions
import httpx
import pytest
from aio_pika.abc import AbstractChannel
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from services.mis_sync.connectors.credentials import Credentials
from services.mis_sync.links.credentials import password_hash
from services.mis_sync.provisioner.app import create_app as create_provisioner
from services.mis_sync.provisioner.broker import Broker
from services.mis_sync.settings import ProvisionerSettings
from shared.contracts.mis_sync import ConnectorRequested
from shared.contracts.signatures import SIGNATURE_HEADER
from shared.contracts.topology import INBOUND_EXCHANGE, INBOUND_QUEUE, request_queue_of
from tests.eventually import eventually
from tests.mis_sync.mis import messages_of
from tests.mis_sync.opening import open_world
from tests.mis_sync.signing import signature_of
from tests.mis_sync.world import SchoolInTest, World
from tests.servers import Servers

REFUSED = (
    aiormq.exceptions.ChannelAccessRefused,
    aiormq.exceptions.ChannelPreconditionFailed,
    aiormq.exceptions.ChannelClosed,
)


@pytest.fixture(scope="module")
async def isolated_world(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    async with open_world(servers, tmp_path_factory.mktemp("isolation"), "isolation") as opened:
        yield opened


@pytest.fixture(scope="module")
async def mine(isolated_world: World) -> SchoolInTest:
    return await isolated_world.linked_school(name="Heron Park")


@pytest.fixture(scope="module")
async def theirs(isolated_world: World) -> SchoolInTest:
    return await isolated_world.linked_school(name="Kite Hill")


def credentials_of(school: SchoolInTest) -> Credentials:
    assert school.credentials is not None
    return school.credentials


@asynccontextmanager
async def signed_in(school: SchoolInTest) -> AsyncIterator[AbstractChannel]:
    """A channel of the school's connector, as whoever holds its credentials can open one."""
    connection = await aio_pika.connect(credentials_of(school).address())
    async with connection:
        yield await connection.channel(publisher_confirms=True, on_return_raises=True)


@asynccontextmanager
async def administrator(world: World) -> AsyncIterator[AbstractChannel]:
    connection = await aio_pika.connect(world.broker.mis_url)
    async with connection:
        yield await connection.channel(publisher_confirms=True, on_return_raises=True)


async def publish(
    channel: AbstractChannel,
    routing_key: str,
    *,
    user_id: str | None,
    body: bytes = b"{}",
    exchange: str = INBOUND_EXCHANGE,
    signed_by: Credentials | None = None,
) -> None:
    target = (
        await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
    )
    message = aio_pika.Message(body, user_id=user_id, message_id=str(uuid7()))
    if signed_by is not None:
        message.headers[SIGNATURE_HEADER] = signature_of(
            signed_by, message.message_id or "", routing_key, body
        )
    await target.publish(message, routing_key, timeout=30)


async def _nothing(message: object) -> None:
    """Takes what is delivered."""


async def refusals(world: World, user: str | None) -> list[str]:
    rows = await world.rows(
        "SELECT reason FROM refused_messages WHERE broker_user IS NOT DISTINCT FROM $1", user
    )
    return [row["reason"] for row in rows]


class TestWhatTheBrokerRefuses:
    async def test_publishing_under_another_schools_name(
        self, mine: SchoolInTest, theirs: SchoolInTest
    ) -> None:
        me, them = credentials_of(mine).username, credentials_of(theirs).username
        for key in (f"{them}.snapshot.begin", f"{me}x.snapshot.begin", f"x{me}.snapshot.begin"):
            async with signed_in(mine) as channel:
                with pytest.raises(REFUSED):
                    await publish(channel, key, user_id=me)

    async def test_publishing_as_somebody_else(
        self, mine: SchoolInTest, theirs: SchoolInTest
    ) -> None:
        me, them = credentials_of(mine).username, credentials_of(theirs).username
        async with signed_in(mine) as channel:
            with pytest.raises(REFUSED):
                await publish(channel, f"{me}.snapshot.begin", user_id=them)

    async def test_publishing_anything_but_a_snapshot(self, mine: SchoolInTest) -> None:
        me = credentials_of(mine).username
        for key in (f"{me}.anything", f"{me}.snapshot.begin.more", f"{me}.snapshot", "#"):
            async with signed_in(mine) as channel:
                with pytest.raises(REFUSED):
                    await publish(channel, key, user_id=me)

    async def test_publishing_straight_to_a_queue(self, mine: SchoolInTest) -> None:
        me = credentials_of(mine).username
        for queue in (INBOUND_QUEUE, request_queue_of(me)):
            async with signed_in(mine) as channel:
                with pytest.raises(REFUSED):
                    await publish(channel, queue, user_id=me, exchange="")

    async def test_reading_what_is_not_theirs(
        self, mine: SchoolInTest, theirs: SchoolInTest
    ) -> None:
        for queue in (INBOUND_QUEUE, credentials_of(theirs).request_queue):
            async with signed_in(mine) as channel:
                with pytest.raises(REFUSED):
                    await (await channel.get_queue(queue, ensure=False)).get(fail=False, timeout=30)
            async with signed_in(mine) as channel:
                with pytest.raises(REFUSED):
                    await (await channel.get_queue(queue, ensure=False)).consume(_nothing)

    async def test_declaring_binding_purging_and_deleting(self, mine: SchoolInTest) -> None:
        async def declare(channel: AbstractChannel) -> object:
            return await channel.declare_queue(f"q{uuid7().hex}")

        async def declare_own(channel: AbstractChannel) -> object:
            return await channel.declare_queue(f"mis.requests.{uuid7().hex}")

        async def make_exchange(channel: AbstractChannel) -> object:
            return await channel.declare_exchange(f"e{uuid7().hex}")

        async def bind(channel: AbstractChannel) -> object:
            own = await channel.get_queue(credentials_of(mine).request_queue, ensure=False)
            return await own.bind(INBOUND_EXCHANGE, "#")

        async def delete(channel: AbstractChannel) -> object:
            inbound = await channel.get_queue(INBOUND_QUEUE, ensure=False)
            return await inbound.delete(if_unused=False, if_empty=False)

        async def purge(channel: AbstractChannel) -> object:
            return await (await channel.get_queue(INBOUND_QUEUE, ensure=False)).purge()

        for attempt in (declare, declare_own, make_exchange, bind, delete, purge):
            async with signed_in(mine) as channel:
                with pytest.raises(REFUSED):
                    await attempt(channel)

    async def test_entering_the_services_vhost(self, mine: SchoolInTest) -> None:
        vhost = quote(mine.world.broker.vhost, safe="")
        with pytest.raises(aiormq.exceptions.AMQPError):
            await aio_pika.connect(credentials_of(mine).address().with_path(f"/{vhost}"))


class TestWhatItMayDo:
    async def test_publish_its_own_snapshots_and_hear_requests(self, mine: SchoolInTest) -> None:
        mine.mis.pupil("P1")
        assert (await mine.sync())["state"] == "closed"
        assert (await mine.ask("POST", "/link/request-snapshot")).status_code == 202
        async with signed_in(mine) as channel:
            queue = await channel.get_queue(credentials_of(mine).request_queue, ensure=False)
            message = await queue.get(timeout=30)
            assert message is not None
            assert b"mis.snapshot.requested.v1" in message.body
            await message.ack()


class TestWhatIsRefusedAtTheDoor:
    async def test_a_message_without_a_user_id_is_refused_and_recorded(
        self, mine: SchoolInTest
    ) -> None:
        """The broker lets it pass, so the consumer must not."""
        me, world = credentials_of(mine).username, mine.world
        before = len(await refusals(world, None))
        mine.mis.pupil("P2")
        for message in messages_of(mine.mis.snapshot(), me):
            async with signed_in(mine) as channel:
                await publish(channel, f"{me}.{message.suffix}", user_id=None, body=message.body)
        found = await eventually(
            lambda: refusals(world, None), lambda reasons: len(reasons) == before + 3
        )
        assert found[-1] == "does not say who sent it (no user_id)"
        assert all(run["state"] != "receiving" for run in await mine.runs())

    async def test_a_user_id_that_is_no_connector_is_refused_and_recorded(
        self, isolated_world: World, mine: SchoolInTest
    ) -> None:
        """As a user of the broker with more rights could send it, under a school's name."""
        me = credentials_of(mine).username
        administrator_name = str(aio_pika.connection.make_url(isolated_world.broker.mis_url).user)
        async with administrator(isolated_world) as channel:
            await publish(channel, f"{me}.snapshot.begin", user_id=administrator_name)
        found = await eventually(lambda: refusals(isolated_world, administrator_name))
        assert found == ["comes from a broker user that is no connector"]

    async def test_a_broken_message_stands_in_the_schools_history_too(
        self, mine: SchoolInTest
    ) -> None:
        me = credentials_of(mine).username
        for body in (b"not json", b"{}", b'{"specversion":"1.0"}'):
            async with signed_in(mine) as channel:
                key = f"{me}.snapshot.begin"
                await publish(channel, key, user_id=me, body=body, signed_by=credentials_of(mine))

        async def told() -> list[dict[str, Any]]:
            page = await mine.get("/runs", limit=200)
            return [run for run in page["items"] if run["state"] == "refused"]

        lines = await eventually(told, lambda runs: sum(run["repeats"] for run in runs) == 3)
        assert all("breaks its contract" in line["reason"] for line in lines)
        assert len(await refusals(mine.world, me)) == 3

    async def test_what_is_too_large_is_refused(self, mine: SchoolInTest) -> None:
        me = credentials_of(mine).username
        async with signed_in(mine) as channel:
            await publish(
                channel, f"{me}.snapshot.chunk", user_id=me, body=b" " * (1024 * 1024 + 1)
            )
        await eventually(
            lambda: refusals(mine.world, me),
            lambda reasons: any("longer than 1,048,576 bytes" in reason for reason in reasons),
        )


class TestRevoking:
    async def test_reinstating_cuts_the_old_connector_off_and_lets_the_new_one_in(
        self, isolated_world: World
    ) -> None:
        """R21: the old credentials are worth nothing from then on, also on an open connection."""
        school = await isolated_world.linked_school(name="Wren Vale")
        old = credentials_of(school)
        connection = await aio_pika.connect(old.address())
        await school.link()

        async def signs_in() -> bool:
            try:
                await (await aio_pika.connect(old.address())).close()
            except (aiormq.exceptions.AMQPError, ConnectionError):
                return False
            return True

        await eventually(signs_in, lambda possible: not possible)

        async def is_open() -> bool:
            try:
                await (await connection.channel()).close()
            except (aiormq.exceptions.AMQPError, RuntimeError, ConnectionError):
                return False
            return True

        await eventually(is_open, lambda still: not still)
        school.mis.pupil("P1")
        assert (await school.sync())["state"] == "closed"

    async def test_a_message_of_a_revoked_connector_is_refused(self, isolated_world: World) -> None:
        """One that was on its way when the credentials were revoked."""
        school = await isolated_world.linked_school(name="Swift Row")
        old = credentials_of(school)
        await isolated_world.rows(
            "UPDATE connector_registry SET revoked = true WHERE broker_user = $1", old.username
        )
        await school.push()
        found = await eventually(lambda: refusals(isolated_world, old.username))
        assert set(found) == {"comes from a connector whose credentials were revoked"}


class TestANameWithADot:
    """RabbitMQ puts a user's name into the topic permission as a regular expression."""

    async def test_speaks_for_nobody_else_even_if_there_were_one(
        self, isolated_world: World
    ) -> None:
        tail, password = uuid7().hex, "a-password"
        name, other = f"c.{tail}", f"cx{tail}"
        servers, vhost = isolated_world.broker.servers, isolated_world.broker.mis_vhost
        async with httpx.AsyncClient(base_url=servers.management_url, timeout=30) as client:
            await Broker(client, vhost).make_connector(name, password_hash(password, b"salt"))
            try:
                connection = await aio_pika.connect(servers.vhost_url(vhost, name, password))
                async with connection:
                    channel = await connection.channel(
                        publisher_confirms=True, on_return_raises=True
                    )
                    await publish(channel, f"{name}.snapshot.begin", user_id=name)
                    with pytest.raises(REFUSED):
                        await publish(channel, f"{other}.snapshot.begin", user_id=name)
            finally:
                await Broker(client, vhost).remove_connector(name)

    def test_is_never_ordered(self) -> None:
        with pytest.raises(ValidationError, match="broker_user"):
            ConnectorRequested(connector_id=uuid7(), broker_user="c.x", password_hash="x")


@asynccontextmanager
async def a_user_without_limits(world: World, servers: Servers) -> AsyncIterator[str]:
    """Who may write to the inbound exchange, with no topic permission on it."""
    vhost, name = quote(world.broker.mis_vhost, safe=""), f"audit_{uuid7().hex}"
    rights = {"configure": "^$", "write": "^mis\\.in$", "read": "^$"}
    with servers.management() as management:
        user = {"password": "p", "tags": ""}
        management.put(f"/api/users/{name}", json=user).raise_for_status()
        management.put(f"/api/permissions/{vhost}/{name}", json=rights).raise_for_status()
        try:
            yield name
        finally:
            management.delete(f"/api/users/{name}").raise_for_status()


class TestTheAudit:
    """Without a topic permission everything is allowed, so nobody may be without one."""

    async def test_strips_who_could_publish_under_any_name_and_cuts_them_off(
        self, isolated_world: World, mine: SchoolInTest, servers: Servers
    ) -> None:
        me = credentials_of(mine).username
        async with a_user_without_limits(isolated_world, servers) as name:
            url = servers.vhost_url(isolated_world.broker.mis_vhost, name, "p")
            connection = await aio_pika.connect(url)
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            await publish(channel, f"{me}.snapshot.begin", user_id=name)
            await eventually(lambda: refusals(isolated_world, name))
            assert await isolated_world.audit() == [name]
            await eventually(lambda: _is_refused(servers, isolated_world, name))
            with servers.management() as management:
                assert management.get(f"/api/users/{name}/permissions").json() == []
                assert len(management.get(f"/api/users/{me}/permissions").json()) == 1

    async def test_is_the_first_thing_that_a_provisioner_does(
        self, isolated_world: World, servers: Servers
    ) -> None:
        async with a_user_without_limits(isolated_world, servers) as name:
            app = create_provisioner(
                ProvisionerSettings(
                    rabbitmq_url=isolated_world.broker.url,
                    rabbitmq_management_url=isolated_world.broker.management_url,
                    mis_vhost=isolated_world.broker.mis_vhost,
                    log_level="CRITICAL",
                )
            )
            async with app.router.lifespan_context(app):
                await eventually(lambda: _is_refused(servers, isolated_world, name))


async def _is_refused(servers: Servers, world: World, name: str) -> bool:
    try:
        await (await aio_pika.connect(servers.vhost_url(world.broker.mis_vhost, name, "p"))).close()
    except (aiormq.exceptions.AMQPError, ConnectionError):
        return True
    return False
