"""Pods start in no order: each waits for what it needs of its database, as the code sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import psycopg
import pytest

from shared.database import awaiting
from shared.database.awaiting import schema_missing, set_up_missing
from shared.database.migrations import migrate
from shared.database.provision import ServiceDatabase, doors_of, provision
from tests.servers import Servers, with_database

PASSWORDS = {"owner": "test-owner", "service": "test-service", "relay": "test-relay"}
SERVICE, OLD, UNKNOWN = "mis_sync", "0001", "9999"


@pytest.fixture
async def doors(servers: Servers) -> AsyncIterator[ServiceDatabase]:
    """Of a database that its owner may enter, and nobody has set up yet."""
    name = f"{servers.worker}_awaiting"
    await provision(servers.database_url, SERVICE, PASSWORDS, database=name)
    admin = await asyncpg.connect(servers.database_url)
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.execute(f'CREATE DATABASE "{name}" OWNER {SERVICE}_owner')
    within = await asyncpg.connect(with_database(servers.database_url, name))
    await within.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    await within.close()
    yield doors_of(servers.database_url, SERVICE, PASSWORDS, database=name)
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


async def test_what_is_missing_is_waited_for(
    doors: ServiceDatabase, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"{servers.worker}_awaiting"
    assert set_up_missing(SERVICE, doors.owner) == "the roles of mis_sync are not set up yet"
    await provision(servers.database_url, SERVICE, PASSWORDS, database=name)
    assert set_up_missing(SERVICE, doors.owner) is None
    assert "is at nothing" in str(schema_missing(SERVICE, doors.service))
    await asyncio.to_thread(migrate, SERVICE, doors.owner, OLD)
    assert f"is at {OLD}" in str(schema_missing(SERVICE, doors.service))

    monkeypatch.setattr(awaiting, "_LOOK_EVERY_SECONDS", 0.05)
    monkeypatch.setenv("CLASSROOM_DATABASE_URL", doors.service)
    monkeypatch.setattr("sys.argv", ["awaiting", "schema", SERVICE])
    looked = asyncio.Event()
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(
        awaiting._log,  # it says at each look what it waits for
        "info",
        lambda *_: loop.call_soon_threadsafe(looked.set),
    )
    waiting = asyncio.create_task(asyncio.to_thread(awaiting.main))
    await asyncio.wait_for(looked.wait(), 30)
    assert not waiting.done()
    await asyncio.to_thread(migrate, SERVICE, doors.owner)
    assert await asyncio.wait_for(waiting, 30) == 0

    # A newer version's, while this one still runs or is gone back to.
    async with asyncio.timeout(30):
        owner = await asyncpg.connect(doors.owner)
        await owner.execute("UPDATE alembic_version SET version_num = $1", UNKNOWN)
        await owner.close()
    assert schema_missing(SERVICE, doors.service) is None


async def test_the_service_sees_its_revision_and_cannot_change_it(
    doors: ServiceDatabase, servers: Servers
) -> None:
    await provision(servers.database_url, SERVICE, PASSWORDS, database=f"{servers.worker}_awaiting")
    await asyncio.to_thread(migrate, SERVICE, doors.owner, OLD)
    with (
        psycopg.connect(doors.service) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("UPDATE alembic_version SET version_num = %s", (UNKNOWN,))


def test_what_is_not_known_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["awaiting", "schema", "registrar"])
    assert awaiting.main() == 2
