"""A small service with one effect, on the real outbox, inbox and queues of `reports`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import aio_pika
import asyncpg
import pytest
from uuid_utils.compat import uuid7

from shared.contracts.envelope import Event
from shared.contracts.roster import SchoolYearChanged
from shared.contracts.topology import queue_of
from shared.database.pool import Connection, Database
from shared.database.provision import provision
from shared.messaging.outbox import Outbox
from shared.messaging.runtime import Messaging
from shared.messaging.subscription import Subscription
from tests.broker import TestBroker
from tests.looking import Look, looking
from tests.servers import Servers, with_database

PASSWORDS = {"owner": "test-owner", "service": "test-service", "relay": "test-relay"}
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 7))"
SQL = Path(__file__).resolve().parents[2] / "shared/messaging/sql"


@dataclass
class SmallService:
    """Counts how often each event took effect; fails as it is told."""

    database: Database
    relay_dsn: str
    look: Look
    broker: TestBroker
    outbox: Outbox
    failures: dict[UUID, list[Exception]] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    order: list[UUID] = field(default_factory=list)
    """Events in the order in which they were to take effect, each time they were."""
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Nothing takes effect while it is closed."""

    def __post_init__(self) -> None:
        self.gate.set()

    async def handle(
        self, connection: Connection, events: Sequence[Event[SchoolYearChanged]]
    ) -> None:
        self.batches.append(len(events))
        await self.gate.wait()
        await connection.execute(LOCK, str(events[0].schoolid))
        self.order += [event.id for event in events]
        for event in events:
            await connection.execute("SELECT took_effect($1)", event.id)
        for event in events:
            if self.failures.get(event.id):
                raise self.failures[event.id].pop(0)

    def messaging(self, *roles: str, prefetch: int | None = None) -> Messaging:
        return Messaging(
            service="reports",
            rabbitmq_url=self.broker.url,
            database=self.database,
            relay_dsn=self.relay_dsn,
            subscriptions=[Subscription(SchoolYearChanged, self.handle, prefetch=prefetch)],
            roles=frozenset(roles),
            first_pause_seconds=0.02,
        )

    @asynccontextmanager
    async def locked(self, school_id: UUID) -> AsyncIterator[None]:
        """Somebody else holds what the school's events change."""
        async with self.database.transaction() as connection:
            await connection.execute(LOCK, str(school_id))
            yield

    async def effects(self, ids: Sequence[UUID]) -> dict[UUID, int]:
        rows = await self.rows("SELECT event_id, times FROM effects WHERE event_id = ANY($1)", ids)
        return {row["event_id"]: row["times"] for row in rows}

    async def rows(self, query: str, *args: object) -> list[asyncpg.Record]:
        return await self.look.fetch(query, *args)

    async def publish_raw(self, body: bytes, message_id: UUID | None = None) -> None:
        """Put a message on the consumer's queue, as a publisher with a fault would."""
        await self._publish((body, message_id or uuid4()))

    async def publish_together(self, events: Sequence[Event[SchoolYearChanged]]) -> None:
        """On one connection: hundreds that knock at once are more than a busy broker lets in."""
        await self._publish(*((event.model_dump_json().encode(), event.id) for event in events))

    async def _publish(self, *messages: tuple[bytes, UUID]) -> None:
        connection = await aio_pika.connect(self.broker.url)
        async with connection, connection.channel() as channel:
            exchange = await channel.get_exchange("classroom.events", ensure=False)
            await asyncio.gather(
                *(
                    exchange.publish(
                        aio_pika.Message(body, message_id=str(message_id)),
                        SchoolYearChanged.EVENT_TYPE,
                    )
                    for body, message_id in messages
                )
            )

    async def begins_with_nothing(self) -> None:
        """What relays of tests before have sent, and no consumer took, is taken off its queue."""
        connection = await aio_pika.connect(self.broker.url)
        async with connection, connection.channel() as channel:
            name = queue_of("reports", SchoolYearChanged).name
            await (await channel.get_queue(name, ensure=False)).purge()


def year_changed(school_id: UUID, version: int = 1) -> Event[SchoolYearChanged]:
    """An event as roster would send it."""
    return Event[SchoolYearChanged](
        id=uuid7(),
        source="/services/roster",
        type=SchoolYearChanged.EVENT_TYPE,
        schoolid=school_id,
        correlationid="test",
        data=SchoolYearChanged(version=version, academic_year="2026/27"),
    )


@pytest.fixture(scope="session")
async def small_database(servers: Servers) -> tuple[str, str, str]:
    name = f"{servers.worker}_messaging"
    admin = await asyncpg.connect(servers.database_url)
    await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await admin.close()
    made = await provision(servers.database_url, "reports", PASSWORDS, database=name)
    owner = await asyncpg.connect(made.owner)
    for part in ("messaging.sql", "telling.sql", "settled_letters.sql", "putting_off.sql"):
        await owner.execute((SQL / part).read_text().replace("{service}", "reports"))
    await owner.execute(
        "CREATE TABLE effects (event_id uuid PRIMARY KEY, times integer NOT NULL);"
        "CREATE FUNCTION took_effect(id uuid) RETURNS void LANGUAGE sql SECURITY DEFINER AS"
        " 'INSERT INTO effects VALUES (id, 1)"
        " ON CONFLICT (event_id) DO UPDATE SET times = effects.times + 1'"
    )
    await owner.close()
    return made.service, made.relay, with_database(servers.database_url, name)


@pytest.fixture
async def small_service(
    small_database: tuple[str, str, str], broker: TestBroker
) -> AsyncIterator[SmallService]:
    service_dsn, relay_dsn, admin_dsn = small_database
    database = Database(service_dsn, name="small")
    await database.open()
    async with looking(admin_dsn) as look:
        yield SmallService(database, relay_dsn, look, broker, Outbox("reports"))
    await database.close()
