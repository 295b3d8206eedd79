"""The connector that runs all the time, with mis_sync and the broker real (R15, R16, R23)."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import aio_pika
import pytest
from yarl import URL

from services.mis_sync.asking.service import give_up_unanswered
from services.mis_sync.connectors.credentials import Credentials
from services.mis_sync.connectors.daemon import Daemon, Memory, Pauses, Reading
from services.mis_sync.connectors.daemon.answering import failure_in_words
from services.mis_sync.connectors.daemon.memory import Remembered
from services.mis_sync.connectors.findings import ExportRefused, Problem
from services.mis_sync.connectors.publish import BrokerRefused
from services.mis_sync.connectors.snapshot import Snapshot
from services.mis_sync.context import MisSync
from services.mis_sync.links.requests import SnapshotRequests
from shared.database.pool import Database
from shared.messaging.outbox import Outbox
from shared.security.principals import Kind
from tests.eventually import eventually
from tests.mis_sync.world import SchoolInTest, World
from tests.security.cable import cable_to

QUICK = Pauses(first=0.05, longest=0.2, clock=0.05, queue=0.2)
NOT_LINKED, CHANGED = (
    f"urn:classroom:problem:{slug}" for slug in ("mis-not-linked", "mis-link-changed")
)
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


@dataclass
class Source:
    """A MIS beside the connector: how often it was read, and what comes of it."""

    snapshot: Callable[[], Snapshot]
    refused: ExportRefused | None = None
    reads: int = 0
    free: threading.Event = field(default_factory=threading.Event)
    """Reading waits for it."""

    def __post_init__(self) -> None:
        self.free.set()

    def read(self, _: datetime) -> Snapshot:
        self.reads += 1
        assert self.free.wait(30)
        if self.refused is not None:
            raise self.refused
        return self.snapshot()


@dataclass
class Clock:
    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Connector:
    """The school's daemon. `state` is its file."""

    school: SchoolInTest
    state: Path
    source: Source
    clock: Clock = field(default_factory=Clock)

    @asynccontextmanager
    async def running(self, credentials: Credentials | None = None) -> AsyncIterator[Any]:
        credentials = credentials or self.school.credentials
        assert credentials is not None
        daemon = Daemon(
            credentials,
            Reading("oneroster-csv", self.source.read),
            Memory.open(self.state, self.clock()),
            clock=self.clock,
            pauses=QUICK,
        )
        task = asyncio.create_task(daemon.run())
        try:
            yield task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError, BrokerRefused):
                await task

    async def is_heard(self) -> None:
        await eventually(
            lambda: self.school.get("/link"), lambda link: link["connector"]["listens"]
        )

    async def is_heard_after(self, before: str) -> None:
        await eventually(
            lambda: self.school.get("/link"),
            lambda link: (link["connector"]["heard_at"] or "") > before,
        )

    async def is_asked(self) -> None:
        answer = await self.school.ask("POST", "/link/request-snapshot")
        assert answer.status_code == 202, answer.text

    async def lines(self, cause: str = "asked") -> list[dict[str, Any]]:
        page = await self.school.get("/runs", limit=200)
        return [run for run in page["items"] if run["cause"] == cause]

    async def ends(self, outcome: str) -> dict[str, Any]:
        """Once the last request has that end."""
        link = await eventually(
            lambda: self.school.get("/link"),
            lambda link: (link["last_request"] or {}).get("outcome") == outcome,
        )
        found: dict[str, Any] = link["last_request"]
        return found

    async def owes_nothing(self) -> None:
        """By its own memory: the school knows of an answer a moment before."""

        async def owed() -> object:
            return json.loads(self.state.read_text())["owed"]

        await eventually(owed, lambda request: request is None)


@pytest.fixture
def connector(school: SchoolInTest, tmp_path: Path) -> Connector:
    school.mis.pupil("P1")
    return Connector(school, tmp_path / "state.json", Source(school.mis.snapshot))


class TestAnswering:
    async def test_a_request_is_heard_read_and_answered(self, connector: Connector) -> None:
        """And the school can follow it: the connector is there, has heard, has sent."""
        school = connector.school
        assert (await school.get("/link"))["connector"]["heard_at"] is None
        async with connector.running():
            await connector.is_heard()
            link = await school.get("/link")
            assert link["connector"]["heard_kind"] == "oneroster-csv"
            assert connector.source.reads == 0
            connector.source.free.clear()
            await connector.is_asked()
            [line] = await eventually(
                connector.lines, lambda lines: "has heard" in lines[0]["reason"]
            )
            connector.source.free.set()
            await connector.ends("answered")
            [line] = await connector.lines()
            assert (line["state"], line["reason"]) == (
                "closed",
                "Your MIS was asked for its data and sent it.",
            )
            [run] = await eventually(
                school.runs, lambda runs: [run["state"] for run in runs] == ["closed"]
            )
            assert run["counts"]["pupils_created"] == 1
        assert await school.link_state() == "healthy"

    async def test_who_asks_again_and_again_while_it_reads_is_answered_once_more(
        self, connector: Connector
    ) -> None:
        async with connector.running():
            await connector.is_heard()
            connector.source.free.clear()
            await connector.is_asked()
            await eventually(lambda: _later(connector.source.reads), lambda reads: reads == 1)
            for _ in range(3):
                await connector.is_asked()
            await eventually(
                connector.lines,
                lambda lines: "has heard" in lines[0]["reason"],
            )
            connector.source.free.set()
            await connector.ends("answered")
            lines = await eventually(
                connector.lines,
                lambda lines: all("sent it" in line["reason"] for line in lines),
            )
            assert (len(lines), connector.source.reads) == (4, 2)

    async def test_what_was_owed_at_the_end_is_answered_after_a_restart(
        self, connector: Connector
    ) -> None:
        async with connector.running():
            await connector.is_heard()
            connector.source.free.clear()
            await connector.is_asked()
            await eventually(connector.lines, lambda lines: "has heard" in lines[0]["reason"])
        connector.source = Source(connector.school.mis.snapshot)
        async with connector.running():
            await connector.ends("answered")
        assert connector.source.reads == 1

    async def test_a_source_that_is_refused_is_told_to_the_school_without_a_name(
        self, connector: Connector
    ) -> None:
        connector.source.refused = ExportRefused(
            [Problem("Maya is not a date.", "export/users.csv", 12, "birthDate")]
        )
        async with connector.running():
            await connector.is_heard()
            await connector.is_asked()
            request = await connector.ends("failed")
            [line] = await connector.lines()
            assert (line["state"], line["reason"]) == ("failed", request["reason"])
            assert "users.csv, line 12, column birthDate" in line["reason"]
            assert "Maya" not in line["reason"]
            connector.source.refused = None
            await connector.is_asked()
            await connector.ends("answered")
            assert connector.source.reads == 2

    async def test_it_steps_in_by_itself_only_after_26_hours(self, connector: Connector) -> None:
        """Also over a restart; and not again and again where it cannot read."""
        async with connector.running():
            await connector.is_heard()
            await connector.is_asked()
            await connector.ends("answered")
            await connector.owes_nothing()
        connector.clock.ahead = timedelta(hours=25, minutes=58)
        connector.school.world.clock.ahead = connector.clock.ahead
        heard_at = (await connector.school.get("/link"))["connector"]["heard_at"]
        async with connector.running():
            await connector.is_heard_after(heard_at)
            assert connector.source.reads == 1
            connector.source.refused = ExportRefused([Problem("There is no such file.", "e.zip")])
            connector.clock.ahead += timedelta(minutes=3)
            [line] = await eventually(lambda: connector.lines("connector"))
            assert line["reason"].endswith("read your MIS: e.zip: There is no such file.")
            assert connector.source.reads == 2
            connector.source.refused = None
            connector.clock.ahead += timedelta(hours=1)
            connector.school.world.clock.ahead = connector.clock.ahead
            await eventually(lambda: _later(connector.source.reads), lambda reads: reads == 3)
            await eventually(connector.school.runs, lambda runs: len(runs) == 2)
        assert len(await connector.lines()) == 1


class TestConnections:
    async def test_it_comes_back_after_each_cut_and_answers(self, connector: Connector) -> None:
        known = connector.school.credentials
        assert known is not None
        broker = URL(known.url)
        async with cable_to(broker.host or "", broker.port or 5672) as (cable, port):
            through = known.model_copy(
                update={"url": str(broker.with_host("127.0.0.1").with_port(port))}
            )
            async with connector.running(through):
                await connector.is_heard()
                for _ in range(2):
                    heard_at = (await connector.school.get("/link"))["connector"]["heard_at"]
                    async with cable.cut():
                        await connector.is_asked()
                    await connector.is_heard_after(heard_at)
                await connector.ends("answered")

    async def test_a_queue_that_is_gone_is_waited_for(
        self, connector: Connector, world: World
    ) -> None:
        """It declares none; the provisioner makes it again."""
        assert connector.school.credentials is not None
        name = connector.school.credentials.request_queue
        administrator = await aio_pika.connect(world.broker.mis_url)
        async with connector.running() as running, administrator:
            await connector.is_heard()
            heard_at = (await connector.school.get("/link"))["connector"]["heard_at"]
            channel = await administrator.channel()
            await channel.queue_delete(name)
            await channel.declare_queue(name, durable=True)
            await connector.is_heard_after(heard_at)
            assert not running.done()
            await connector.is_asked()
            await connector.ends("answered")

    async def test_it_ends_when_its_credentials_are_revoked(self, connector: Connector) -> None:
        """R15: cut off while it is connected; it says so and does not knock for ever."""
        school = connector.school
        async with connector.running() as running:
            await connector.is_heard()
            link = await school.get("/link")
            body = {"connector_id": link["connector"]["id"]}
            night = "INSERT INTO nights VALUES ($1, current_date + 1, now()) ON CONFLICT DO NOTHING"
            await school.world.rows(night, school.id)
            answer = await school.ask("POST", "/link/revoke", json=body)
            assert answer.status_code == 200, answer.text
            assert answer.json()["state"] == "never_linked"
            assert answer.json()["connector"] is None
            with pytest.raises(BrokerRefused, match="download new credentials"):
                await asyncio.wait_for(running, 60)
        again = await school.ask("POST", "/link/revoke", json=body)
        assert (again.status_code, again.json()["type"]) == (
            409,
            NOT_LINKED,
        )
        nights = "SELECT 1 FROM nights WHERE school_id = $1"
        assert await school.world.rows(nights, school.id) == []
        registry = "SELECT revoked FROM connector_registry WHERE school_id = $1"
        assert [row["revoked"] for row in await school.world.rows(registry, school.id)] == [True]

    async def test_stopped_again_while_it_stops_it_leaves_nothing_half_closed(
        self, connector: Connector
    ) -> None:
        """At whichever step the second word comes; a service manager says it more than once."""
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            heard_at = ""
            for steps in range(6):
                async with connector.running() as running:
                    await connector.is_heard_after(heard_at)
                    heard_at = (await connector.school.get("/link"))["connector"]["heard_at"]
                    running.cancel()
                    for _ in range(steps):
                        await asyncio.sleep(0)
                    running.cancel()
            gc.collect()
        assert not [str(each.message) for each in said if "never awaited" in str(each.message)]


class TestRenewing:
    async def test_a_new_file_takes_the_place_of_the_old(self, connector: Connector) -> None:
        """The server behind it is the same, so nothing is re-instated."""
        school = connector.school
        await school.sync()
        old, seen = school.credentials, (await school.get("/link"))["connector"]["id"]
        body = {"connector_id": seen}
        answer = await school.ask("POST", "/link/renew", json=body)
        assert answer.status_code == 201, answer.text
        school.credentials = Credentials.model_validate(answer.json()["credentials"])
        assert old is not None
        assert school.credentials.username != old.username
        assert school.credentials.signing_key != old.signing_key
        second = await school.ask("POST", "/link/renew", json=body)
        assert (second.status_code, second.json()["type"]) == (
            409,
            CHANGED,
        )
        await eventually(school.link_state, lambda state: state != "provisioning")
        async with connector.running(old) as running:
            with pytest.raises(BrokerRefused):
                await asyncio.wait_for(running, 60)
        async with connector.running():
            await connector.is_heard()
            await connector.is_asked()
            await connector.ends("answered")
        [link] = await school.world.rows(
            "SELECT reinstated FROM mis_link WHERE school_id = $1", school.id
        )
        assert not link["reinstated"]

    @pytest.mark.parametrize("path", ["/link/renew", "/link/revoke"])
    async def test_is_the_admins_and_their_own_schools(
        self, school: SchoolInTest, world: World, path: str
    ) -> None:
        theirs = await world.linked_school(name="Kite Hill")
        body = {"connector_id": (await theirs.get("/link"))["connector"]["id"]}
        assert (await school.ask("POST", path, json=body)).status_code == 409
        for kind in (Kind.USER, Kind.PARENT):
            assert (await theirs.ask("POST", path, kind=kind, json=body)).status_code == 403
        assert (await school.ask("POST", path, json={})).status_code == 422
        assert (await theirs.get("/link"))["state"] == "waiting"

    async def test_two_admins_who_link_at_once_do_not_cut_off_each_others_connector(
        self, world: World
    ) -> None:
        """Both saw no link; the second would hold the only credentials that work."""
        school = await world.new_school()
        one, two = await asyncio.gather(
            *(school.ask("POST", "/link", json={"connector_id": None}) for _ in range(2))
        )
        assert {one.status_code, two.status_code} == {201, 409}
        made, refused = (one, two) if one.status_code == 201 else (two, one)
        assert refused.json()["type"] == CHANGED
        seen = made.json()["link"]["connector"]["id"]
        again = await school.ask("POST", "/link", json={"connector_id": seen})
        assert again.status_code == 201


class TestWhoIsNotThere:
    async def test_a_request_that_nobody_hears_comes_to_its_end(
        self, connector: Connector, world: World
    ) -> None:
        """The line 'asked' does not stand for ever; an answer that comes after all is said."""
        database = Database(world.service_dsn, name="giving-up-test", max_size=2)
        await database.open()
        requests = SnapshotRequests(world.broker.mis_url)
        parts = MisSync(database, Outbox("mis_sync"), requests, world.clock, "amqp://nowhere/mis")
        await connector.is_asked()
        await give_up_unanswered(parts)
        assert (await connector.lines())[0]["state"] == "closed"
        world.clock.ahead = timedelta(minutes=61)
        await asyncio.gather(*(give_up_unanswered(parts) for _ in range(2)))
        await database.close()
        request = await connector.ends("not_heard")
        assert "switched on" in request["reason"]
        assert (await connector.lines())[0]["state"] == "failed"
        async with connector.running():
            await connector.ends("answered")
        assert (await connector.lines())[0]["state"] == "closed"


class TestTheMemory:
    @pytest.mark.parametrize(
        ("content", "since"),
        [
            ('{"since": "2026-11-24T03:00:00Z"}', NOW - timedelta(days=1)),
            ('{"since": "2036-11-24T03:00:00Z"}', NOW),
            ('{"since": "2026-11-24"}', NOW),
            ("not json", NOW),
            ("", NOW),
        ],
    )
    def test_what_cannot_be_true_is_begun_anew(
        self, tmp_path: Path, content: str, since: datetime
    ) -> None:
        path = tmp_path / "state.json"
        path.write_text(content)
        assert Memory.open(path, NOW).known == Remembered(since=since)

    def test_it_is_the_owners_alone_and_outlives_the_process(self, tmp_path: Path) -> None:
        path, request_id = tmp_path / "state.json", uuid4()
        Memory.open(path, NOW).asked(request_id, NOW + timedelta(minutes=1))
        later = NOW + timedelta(days=3)
        assert path.stat().st_mode & 0o777 == 0o600
        assert Memory.open(path, later).known == Remembered(NOW + timedelta(minutes=1), request_id)


def test_of_a_whole_file_is_said_what_is_wrong_and_of_a_cell_only_where() -> None:
    missing = ExportRefused([Problem("There is no such file or folder.", "/home/jsmith/x.zip")])
    assert failure_in_words(missing) == "x.zip: There is no such file or folder."
    cells = [Problem("Patel is not a UPN.", "pupils.csv", 3, "UPN"), Problem("It is cut off.")]
    assert failure_in_words(ExportRefused(cells)) == (
        "something is wrong in pupils.csv, line 3, column UPN. The connector's log says what. "
        "(2 problems in all; the connector's log has them.)"
    )
    assert len(failure_in_words(ExportRefused([Problem("x" * 900), Problem("y")]))) == 500


async def _later(value: int) -> int:
    await asyncio.sleep(0)
    return value
