"""Publishing to a real broker, with the permissions that a connector has (R15, R16)."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import aio_pika
import pytest
from aio_pika import DeliveryMode
from aio_pika.abc import AbstractIncomingMessage, AbstractQueue
from pydantic import SecretStr
from uuid_utils.compat import uuid7

from services.mis_sync.connectors import publish as publishing
from services.mis_sync.connectors.cli import ExitCode
from services.mis_sync.connectors.credentials import Credentials, SigningKey
from services.mis_sync.connectors.messages import Outgoing, snapshot_messages
from services.mis_sync.connectors.publish import BrokerAway, BrokerRefused, Patience, publish
from services.mis_sync.connectors.snapshot import Snapshot
from services.mis_sync.links.credentials import new_broker_credentials
from shared.contracts.envelope import Payload
from shared.contracts.mis import PupilRecord, Source
from tests.mis_sync.connectors.exports import NOW, small_export, write_zip
from tests.security.cable import cable_to
from tests.servers import Servers

EXCHANGE = "mis.in"
QUEUE = "mis.inbound"
QUICK = Patience(step=5, total=1, longest_pause=0.2)
ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Vhost:
    """A vhost with the inbound exchange and queue, and the means to make connectors' users."""

    servers: Servers
    name: str

    def call(self, method: str, path: str, **content: Any) -> None:
        with self.servers.management() as management:
            management.request(method, f"/api/{path}", json=content or None).raise_for_status()

    def connector(self, *, own_topic: bool = True, let_in: bool = True) -> Credentials:
        """A user as `reliability.md` has it measured: no configure, one exchange, one topic."""
        username, password = f"c_{uuid4().hex}", uuid4().hex
        vhost = quote(self.name, safe="")
        self.call("PUT", f"users/{username}", password=password, tags="")
        if let_in:
            self.call(
                "PUT",
                f"permissions/{vhost}/{username}",
                configure="^$",
                write=r"^mis\.in$",
                read=rf"^mis\.requests\.{username}$",
            )
        topic = username if own_topic else "c_of_another_school"
        self.call(
            "PUT",
            f"topic-permissions/{vhost}/{username}",
            exchange=EXCHANGE,
            write=rf"^{topic}\.snapshot\.(begin|chunk|end)$",
            read="^$",
        )
        return Credentials(
            version=1,
            school="Heron Park Primary School",
            url=f"amqp://{self.host}:{self.port}/{self.name}",
            username=username,
            password=SecretStr(password),
            signing_key=SigningKey.model_validate(new_broker_credentials(uuid4()).signing_key),
            exchange=EXCHANGE,
            request_queue=f"mis.requests.{username}",
            created_at=datetime.now(UTC),
        )

    @property
    def host(self) -> str:
        return urlsplit(self.servers.rabbitmq_url).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.servers.rabbitmq_url).port or 5672

    @asynccontextmanager
    async def inbound(self) -> AsyncIterator[AbstractQueue]:
        connection = await aio_pika.connect(self.servers.vhost_url(self.name))
        async with connection, connection.channel() as channel:
            yield await channel.get_queue(QUEUE)

    async def received(self) -> list[AbstractIncomingMessage]:
        """All that is in the queue, taken out of it."""
        messages: list[AbstractIncomingMessage] = []
        async with self.inbound() as queue:
            while message := await queue.get(no_ack=True, fail=False, timeout=30):
                messages.append(message)
        return messages


@pytest.fixture
def vhost(servers: Servers) -> Iterator[Vhost]:
    made = Vhost(servers, f"{servers.worker}_connectors_{uuid4().hex[:8]}")
    made.call("PUT", f"vhosts/{made.name}")
    made.call("PUT", f"exchanges/{made.name}/{EXCHANGE}", type="topic", durable=True)
    quorum = {"x-queue-type": "quorum"}
    made.call("PUT", f"queues/{made.name}/{QUEUE}", durable=True, arguments=quorum)
    made.call("POST", f"bindings/{made.name}/e/{EXCHANGE}/q/{QUEUE}", routing_key="#")
    yield made
    made.call("DELETE", f"vhosts/{made.name}")


def _messages(credentials: Credentials, pupils: int = 1_200) -> list[Outgoing[Payload]]:
    snapshot = Snapshot(
        source=Source(connector="oneroster-csv"),
        taken_at=NOW,
        academic_year="2026/27",
        complete=frozenset(),
        records=tuple(PupilRecord(mis_id=f"p{number:05}") for number in range(pupils)),
    )
    return snapshot_messages(snapshot, uuid7(), credentials.username)


async def test_all_arrives_in_order_under_the_connectors_name(vhost: Vhost) -> None:
    credentials = vhost.connector()
    messages = _messages(credentials)
    told: list[tuple[int, int]] = []
    await publish(credentials, messages, told=lambda done, total: told.append((done, total)))
    received = await vhost.received()
    assert [message.body for message in received] == [message.body for message in messages]
    assert [message.message_id for message in received] == [m.message_id for m in messages]
    assert {message.user_id for message in received} == {credentials.username}
    assert {message.delivery_mode for message in received} == {DeliveryMode.PERSISTENT}
    assert [message.routing_key for message in received] == [
        f"{credentials.username}.snapshot.{part}"
        for part in ("begin", "chunk", "chunk", "chunk", "end")
    ]
    assert told[-1] == (5, 5)


async def test_a_wrong_password_is_told_at_once(vhost: Vhost) -> None:
    credentials = vhost.connector().model_copy(update={"password": SecretStr("wrong")})
    with pytest.raises(BrokerRefused, match="does not know this name and password"):
        await publish(credentials, _messages(credentials), patience=Patience(total=600))
    assert await vhost.received() == []


async def test_a_connector_that_may_not_come_in_is_told_at_once(vhost: Vhost) -> None:
    credentials = vhost.connector(let_in=False)
    with pytest.raises(BrokerRefused, match="does not let this connector in"):
        await publish(credentials, _messages(credentials), patience=Patience(total=600))


async def test_publishing_under_another_topic_is_refused(vhost: Vhost) -> None:
    credentials = vhost.connector(own_topic=False)
    with pytest.raises(BrokerRefused, match="does not let this connector publish for Heron Park"):
        await publish(credentials, _messages(credentials), patience=Patience(total=600))
    assert await vhost.received() == []


async def test_publishing_under_another_name_is_refused(vhost: Vhost) -> None:
    """The topic is the own one, the AMQP `user_id` is not."""
    credentials, other = vhost.connector(), vhost.connector()
    connection = await aio_pika.connect(credentials.address())
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(EXCHANGE, ensure=False)
        with pytest.raises(aio_pika.exceptions.ChannelPreconditionFailed):
            await exchange.publish(
                aio_pika.Message(b"{}", user_id=other.username),
                f"{credentials.username}.snapshot.begin",
            )
    assert await vhost.received() == []


async def test_an_exchange_that_is_not_there_is_told_at_once(vhost: Vhost) -> None:
    credentials = vhost.connector()
    vhost.call("DELETE", f"exchanges/{vhost.name}/{EXCHANGE}")
    with pytest.raises(BrokerRefused, match="not set up to receive"):
        await publish(credentials, _messages(credentials), patience=Patience(total=600))


async def test_a_message_that_no_queue_takes_is_not_called_published(vhost: Vhost) -> None:
    credentials = vhost.connector()
    vhost.call("DELETE", f"queues/{vhost.name}/{QUEUE}")
    with pytest.raises(BrokerAway, match="does not take snapshots now"):
        await publish(credentials, _messages(credentials), patience=QUICK)


async def test_a_broker_that_is_away_is_told_after_the_patience(vhost: Vhost) -> None:
    credentials = vhost.connector().model_copy(update={"url": "amqp://127.0.0.1:1/mis"})
    with pytest.raises(BrokerAway, match="cannot be reached"):
        await publish(credentials, _messages(credentials), patience=QUICK)


async def test_connections_that_break_lose_nothing_and_add_nothing(vhost: Vhost) -> None:
    """Cut after more and more bytes, over and over, what arrives is the same messages."""
    credentials = vhost.connector()
    messages = _messages(credentials, pupils=3_000)
    limits = [0, 300, 900, 50_000, 150_000]
    async with _breaking(vhost, lambda: limits.pop(0) if limits else None) as port:
        through = credentials.model_copy(update={"url": f"amqp://127.0.0.1:{port}/{vhost.name}"})
        await publish(through, messages, patience=Patience(step=5, total=60, longest_pause=0.1))
    received = {message.message_id: message.body for message in await vhost.received()}
    assert limits == []
    assert received == {message.message_id: message.body for message in messages}


async def test_a_connection_that_goes_between_two_messages_is_opened_again(
    vhost: Vhost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing waits for its confirmation at that moment: the next is refused by its own channel."""
    credentials = vhost.connector()
    messages, wait_for, cuts = _messages(credentials), publishing._all, ["after the first"]
    async with cable_to(vhost.host, vhost.port) as (cable, port):

        async def and_then_it_goes(sends: Any) -> None:
            await wait_for(sends)
            if cuts:
                cuts.pop()
                async with cable.cut():
                    for _ in range(50):
                        await asyncio.sleep(0)

        monkeypatch.setattr(publishing, "_all", and_then_it_goes)
        through = credentials.model_copy(update={"url": f"amqp://127.0.0.1:{port}/{vhost.name}"})
        await publish(through, messages, patience=Patience(step=5, total=60, longest_pause=0.1))
    received = [message.message_id for message in await vhost.received()]
    assert received == [message.message_id for message in messages]


@asynccontextmanager
async def _breaking(vhost: Vhost, limit: Callable[[], int | None]) -> AsyncIterator[int]:
    """A port in front of the broker that breaks each connection after so many bytes sent to it."""

    async def pass_on(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: int | None
    ) -> None:
        while data := await reader.read(1_000):
            writer.write(data)
            await writer.drain()
            if left is not None and (left := left - len(data)) <= 0:
                break

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        broker_reader, broker_writer = await asyncio.open_connection(vhost.host, vhost.port)
        ways = [
            asyncio.create_task(pass_on(reader, broker_writer, limit())),
            asyncio.create_task(pass_on(broker_reader, writer, None)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for each in (writer, broker_writer):
            each.transport.abort()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_the_command_publishes_and_repeats_a_snapshot(vhost: Vhost, tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    path.write_text(json.dumps(vhost.connector().file_content()), encoding="utf-8")
    path.chmod(0o600)
    export = write_zip(small_export(), tmp_path / "export.zip")
    command = [sys.executable, "-m", "services.mis_sync.connectors", "push", "--json"]
    command += ["--kind", "oneroster-csv", "--credentials", str(path), str(export)]
    command += ["--snapshot-id", str(uuid7())]
    ids = []
    for _ in range(2):
        done = await asyncio.to_thread(
            subprocess.run, command, cwd=ROOT, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == ExitCode.DONE, done.stderr
        assert json.loads(done.stdout)["published"] is True
        ids.append([message.message_id for message in await vhost.received()])
    assert len(ids[0]) == 3
    assert ids[0] == ids[1]
