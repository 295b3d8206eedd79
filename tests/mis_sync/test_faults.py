"""Faults of what mis_sync stands on, made for real, and what a school sees of them (R16).

F13 a slow school, F14 no room on the disk, F16 a way that swallows packets, F23 no connection left.
The broker's alarms (F14, F15) are in `tests/faults/test_alarms.py`, since they stop all who use it.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from uuid_utils.compat import uuid7

from services.mis_sync.connectors.messages import Outgoing
from services.mis_sync.settings import Settings
from shared.contracts.envelope import Payload
from shared.contracts.topology import INBOUND_QUEUE
from shared.database import pool
from shared.messaging import relay
from tests.eventually import eventually
from tests.figures import figure
from tests.mis_sync.mis import anew
from tests.mis_sync.opening import open_world
from tests.mis_sync.world import SchoolInTest, World
from tests.security.cable import Cable, cable_to
from tests.servers import Servers

QUICK_SECONDS = 3.0
"""How long is waited for a statement, a connection, a lock."""
SMALL, ROOMY = "384k", "64m"


@asynccontextmanager
async def held_up(school: SchoolInTest) -> AsyncIterator[None]:
    """Whatever changes the school's link waits."""
    connection = await asyncpg.connect(school.world.admin_dsn)
    try:
        async with connection.transaction():
            await connection.execute(
                "SELECT 1 FROM mis_link WHERE school_id = $1 FOR UPDATE", school.id
            )
            yield
    finally:
        await connection.close()


@asynccontextmanager
async def a_small_disk(world: World) -> AsyncIterator[Path]:
    """Staged chunks lie on a disk of their own, which is small; `make_room` makes it larger."""
    admin = await asyncpg.connect(world.admin_dsn)
    name = f"small_disk_{uuid7().hex}"
    folder = await asyncio.to_thread(_mounted, await admin.fetchval("SHOW data_directory"))
    try:
        await admin.execute(f"CREATE TABLESPACE {name} LOCATION '{folder}'")
        await admin.execute(f"ALTER TABLE snapshot_chunks SET TABLESPACE {name}")
        try:
            yield folder
        finally:
            await asyncio.to_thread(make_room, folder)
            await admin.execute("ALTER TABLE snapshot_chunks SET TABLESPACE pg_default")
            await admin.execute(f"DROP TABLESPACE {name}")
    finally:
        await admin.close()
        await asyncio.to_thread(_unmount, folder)


def _mounted(data_directory: str) -> Path:
    """A disk beside the database's. Skips the test where this machine lets nobody make one."""
    data = Path(data_directory)
    if os.geteuid() != 0 or not data.exists():
        pytest.skip("a disk for the database can only be made by root, beside its data")
    folder = Path(tempfile.mkdtemp(prefix="small-disk-", dir=data.parent))
    if not _mount(folder, "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs"):
        folder.rmdir()
        pytest.skip("nothing may be mounted here")
    os.chown(folder, data.stat().st_uid, data.stat().st_gid)
    return folder


def _mount(folder: Path, *how: str) -> bool:
    done = subprocess.run(["mount", *how, str(folder)], check=False, capture_output=True)
    return done.returncode == 0


def make_room(folder: Path) -> None:
    assert _mount(folder, "-o", f"remount,size={ROOMY}")


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)
    folder.rmdir()


async def tried_again() -> int:
    """How often what came of snapshots met a fault that passes."""
    name, which = "classroom_messages_retried_total", {"queue": INBOUND_QUEUE, "cause": "away"}
    return int(await figure(name, **which) or 0)


class TestASlowSchool:
    async def test_holds_up_no_other_and_loses_nothing(
        self, school: SchoolInTest, world: World
    ) -> None:
        """F13: its link is locked, and more of its messages wait than the broker sends ahead."""
        other = await world.linked_school(name="Kite Hill")
        other.mis.pupil("P1")
        school.mis.pupil("P1")
        sent = [school.mis.snapshot() for _ in range(3)]
        async with held_up(school):
            await school.push(sent[0], arranged=told_again(150))
            for snapshot in sent[1:]:
                await school.push(snapshot)
            run = await other.sync()
            assert (run["state"], run["counts"]["pupils_created"]) == ("closed", 1)
            assert await school.runs() == []
        runs = await eventually(school.runs, lambda runs: len(runs) == len(sent), seconds=60)
        assert {run["state"] for run in await school.rest()} <= {"closed", "superseded"}, runs
        assert (await world.rows("SELECT count(*) FROM dead_letters"))[0][0] == 0

    async def test_whose_run_waits_lets_the_others_run(
        self, school: SchoolInTest, world: World
    ) -> None:
        """Its link is locked just when its run is to start; so are those of three more."""
        slow = [school, *[await world.linked_school(name=name) for name in ("Owl", "Jay", "Tit")]]
        other = await world.linked_school(name="Kite Hill")
        other.mis.pupil("P1")
        async with AsyncExitStack() as stack:
            for each in slow:
                await stack.enter_async_context(held_up(each))
                await world.rows("SELECT make_due($1, now())", each.id)
            # Before anybody's wait for a lock is over.
            run = await asyncio.wait_for(other.sync(), pool._LOCK_TIMEOUT_SECONDS - 1)
            assert run["state"] == "closed"


def told_again(times: int) -> Callable[[list[Outgoing[Payload]]], list[Outgoing[Payload]]]:
    """A snapshot's parts many times, as messages of their own."""

    def arranged(messages: list[Outgoing[Payload]]) -> list[Outgoing[Payload]]:
        begin, *parts, last = messages
        return [begin, *(anew(part) for part in parts * times), last]

    return arranged


@dataclass
class Wired:
    """mis_sync, and the cables by which alone it reaches its servers."""

    world: World
    database: Cable
    broker: Cable


@pytest.fixture(scope="module")
async def wired(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Wired]:
    """Where nothing comes back, it is given up after a second, and not half a minute."""
    with pytest.MonkeyPatch.context() as quick:
        for name in ("_STATEMENT_TIMEOUT", "_ACQUIRE_TIMEOUT", "_LOCK_TIMEOUT"):
            quick.setattr(pool, f"{name}_SECONDS", QUICK_SECONDS)
        quick.setattr(relay, "_STATEMENT_SECONDS", QUICK_SECONDS)
        async with _wired(servers, tmp_path_factory.mktemp("wired")) as opened:
            yield opened


@asynccontextmanager
async def _wired(servers: Servers, folder: Path) -> AsyncIterator[Wired]:
    database, broker = urlsplit(servers.database_url), urlsplit(servers.rabbitmq_url)
    async with (
        cable_to(database.hostname or "", database.port or 5432) as (to_database, database_port),
        cable_to(broker.hostname or "", broker.port or 5672) as (to_broker, broker_port),
    ):

        def rewired(settings: Settings) -> Settings:
            by = {
                "database_url": database_port,
                "relay_database_url": database_port,
                "rabbitmq_url": broker_port,
                "mis_rabbitmq_url": broker_port,
            }
            told = {name: through(str(getattr(settings, name)), port) for name, port in by.items()}
            return settings.model_copy(update=told)

        async with open_world(servers, folder, "mis_sync_wired", rewired) as world:
            yield Wired(world, to_database, to_broker)


def through(url: str, port: int) -> str:
    parts = urlsplit(url)
    heard = "heartbeat=1" if parts.scheme == "amqp" else ""
    login = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{login}@127.0.0.1:{port}", query=heard))


class TestPacketsThatAreSwallowed:
    """F16: the other side is gone, and nobody says so; what connects anew gets through."""

    @pytest.mark.parametrize("server", ["database", "broker"])
    async def test_is_noticed_and_the_snapshot_is_applied_once(
        self, wired: Wired, server: str
    ) -> None:
        school = await wired.world.linked_school()
        school.mis.pupil("P1")
        await school.sync()
        school.mis.pupil("P2")
        cable: Cable = getattr(wired, server)
        cable.forget()
        snapshot_id = await school.push()

        async def come() -> list[str]:
            answer = await school.ask("GET", "/runs")
            found = answer.json()["items"] if answer.status_code == 200 else []
            return [run["state"] for run in found if run["snapshot_id"] == str(snapshot_id)]

        await eventually(come, lambda states: states == ["closed"], seconds=60)
        assert len(school.held.pupils) == 2
        assert await school.differences() == []


class TestNoConnectionLeft:
    async def test_who_waits_is_told_and_nobody_waits_for_ever(self, wired: Wired) -> None:
        """F23: more people than connections, all at one school's link."""
        school, other = [await wired.world.linked_school(name=name) for name in ("Owl", "Kite")]
        body = {"connector_id": (await school.get("/link"))["connector"]["id"]}
        async with held_up(school):
            asked = [
                asyncio.create_task(school.ask("POST", "/link/renew", json=body)) for _ in range(40)
            ]
            await asyncio.sleep(0)
            began = time.monotonic()
            answer = await other.ask("GET", "/link")
            assert answer.status_code in (200, 503)
            done = await asyncio.gather(*asked)
            assert time.monotonic() - began < 4 * QUICK_SECONDS + 10
        assert {each.status_code for each in done} == {503}
        assert "try again" in done[0].json()["detail"].lower()
        assert (await other.ask("GET", "/link")).status_code == 200
        assert (await school.ask("POST", "/link/renew", json=body)).status_code == 201


class TestNoRoomOnTheDisk:
    async def test_nothing_is_lost_and_it_goes_on_when_there_is_room(
        self, school: SchoolInTest
    ) -> None:
        """F14: where snapshots are staged, the disk is full; others' pages are served."""
        school.mis.pupil("P1")
        noise = Random(5)  # noqa: S311 - no secret
        for serial in range(4000):
            name = noise.randbytes(90).hex()
            school.mis.pupil(f"Q{serial}", upn=None, middle_names=name)
        async with a_small_disk(school.world) as folder:
            before = await tried_again()
            snapshot_id = await school.push()
            await eventually(tried_again, lambda now: now > before)
            # Its first part may be one transaction with what found no room, and then is not there.
            assert {run["state"] for run in await school.runs()} <= {"receiving"}
            await asyncio.to_thread(make_room, folder)
            run = await school.run_of(snapshot_id)
        assert (run["state"], run["counts"]["pupils_created"]) == ("closed", 1)
        tried = "SELECT count(*) FROM message_attempts WHERE last_error LIKE '%No space left%'"
        assert (await school.world.rows(tried))[0][0] == 0, "a fault that passes is no try"
        parked = "SELECT 1 FROM dead_letters WHERE school_id = $1"
        assert await school.world.rows(parked, school.id) == []
