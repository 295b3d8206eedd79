"""Each school's MIS is asked once every night, at its hour, whatever happens (R16, R29)."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

import aio_pika
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.mis_sync.asking.service import give_up_unanswered
from services.mis_sync.connectors.messages import report_message
from services.mis_sync.connectors.publish import publish
from services.mis_sync.context import MisSync
from services.mis_sync.links.requests import RequestNotSent, SnapshotRequests
from services.mis_sync.overnight.nights import (
    LAST_HOUR,
    due_at,
    ends_at,
    first_night,
    minute_of,
    night_after,
    time_of_night,
)
from services.mis_sync.overnight.repository import take_night
from services.mis_sync.overnight.scheduler import ask_at_night
from shared.contracts.mis import ConnectorHeard
from shared.contracts.topology import request_queue_of
from shared.database.pool import Database
from shared.messaging.outbox import Outbox
from shared.school.academic_year import SCHOOL_TIME
from shared.security.principals import Kind
from tests.eventually import eventually
from tests.mis_sync.world import SchoolInTest, World

SPRING, AUTUMN = date(2060, 3, 28), date(2060, 10, 31)
"""The nights in which an hour is left out, and comes twice."""
A_NIGHT = date(2060, 1, 13)
"""Years ahead: the service's own scheduler has the real time, and must never come to it."""
SCHOOLS = [uuid5(UUID(int=0), str(number)) for number in range(2400)]

hours = st.none() | st.integers(0, LAST_HOUR)
nights = st.dates(date(2026, 1, 1), date(2037, 12, 31))
starts = st.dates(date(2027, 1, 1), date(2027, 12, 1)).map(
    lambda day: datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
)


def steps(at_most: int) -> st.SearchStrategy[list[tuple[int, int | None]]]:
    """Minutes until the next look, and the hour that the school has chosen by then."""
    return st.lists(st.tuples(st.integers(1, at_most), hours), min_size=1, max_size=60)


def asked_by(school_id: UUID, now: datetime, steps: list[tuple[int, int | None]]) -> list[date]:
    """The nights in which the school is asked, by the rules alone."""
    coming, asked = first_night(school_id, None, now), []
    for minutes, hour in steps:
        now += timedelta(minutes=minutes)
        while due_at(school_id, coming, hour) <= now:
            if now < ends_at(coming):
                asked.append(coming)
            coming = night_after(coming, now)
    return asked


def london(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SCHOOL_TIME).astimezone(UTC)


class TestTheMoment:
    @example(school_id=SCHOOLS[0], hour=1, night=SPRING)
    @example(school_id=SCHOOLS[0], hour=1, night=AUTUMN)
    @given(school_id=st.uuids(), hour=hours, night=nights | st.sampled_from([SPRING, AUTUMN]))
    def test_is_one_in_every_night_at_the_same_time_of_it(
        self, school_id: UUID, hour: int | None, night: date
    ) -> None:
        moment = due_at(school_id, night, hour)
        local = moment.astimezone(SCHOOL_TIME)
        assert (local.date(), local.fold) == (night, 0)
        said = time_of_night(school_id, hour)
        left_out = local.time() != said
        assert not left_out or (said.hour, local.hour, local.minute) == (1, 2, said.minute)
        following = due_at(school_id, night + timedelta(days=1), hour)
        assert timedelta(hours=22) < following - moment < timedelta(hours=26)
        assert moment < ends_at(night) < following

    def test_is_spread_over_schools_and_stays_theirs(self) -> None:
        """From 01:00 to 04:59, alike; an hour that is chosen keeps the school's own minute."""
        usual = [time_of_night(school, None) for school in SCHOOLS]
        assert usual == [time_of_night(UUID(str(school)), None) for school in SCHOOLS]
        by_hour = Counter(at.hour for at in usual)
        assert set(by_hour) == {1, 2, 3, 4}
        assert all(500 < count < 700 for count in by_hour.values())
        by_minute = Counter(at.minute for at in usual)
        assert len(by_minute) == 60
        assert max(by_minute.values()) < 80
        chosen = [time_of_night(school, 5) for school in SCHOOLS]
        assert chosen == [time(5, minute_of(school)) for school in SCHOOLS]

    @pytest.mark.parametrize("night", [SPRING, AUTUMN, A_NIGHT])
    def test_comes_once_where_an_hour_comes_twice_or_not_at_all(self, night: date) -> None:
        """Whatever the wall clock shows in between: asked minute by minute."""
        school = SCHOOLS[0]
        for hour in range(LAST_HOUR + 1):
            now = ends_at(night - timedelta(days=1))
            coming, asked = first_night(school, hour, now), []
            while now < ends_at(night + timedelta(days=1)):
                if due_at(school, coming, hour) <= now:
                    asked.append(coming)
                    coming = night_after(coming, now)
                now += timedelta(minutes=7)
            assert asked == [night, night + timedelta(days=1)]

    @given(school_id=st.uuids(), start=starts, steps=steps(at_most=3000))
    def test_is_never_twice_in_one_night(
        self, school_id: UUID, start: datetime, steps: list[tuple[int, int | None]]
    ) -> None:
        """A scheduler that looks now and then, and a school that changes its mind each time."""
        asked = asked_by(school_id, start, steps)
        assert asked == sorted(set(asked))

    @given(school_id=st.uuids(), start=starts, steps=steps(at_most=300))
    def test_leaves_no_night_out_while_somebody_looks_before_noon(
        self, school_id: UUID, start: datetime, steps: list[tuple[int, int | None]]
    ) -> None:
        asked = asked_by(school_id, start, steps)
        assert asked == [asked[0] + timedelta(days=number) for number in range(len(asked))]


@dataclass
class Now:
    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Night:
    """Schedulers with a clock of their own, and one school whose moments lie in another year."""

    parts: MisSync
    clock: Now
    school: SchoolInTest

    async def comes_to(self, day: date, at: time, *, schedulers: int = 1) -> None:
        self.clock.at = london(day, at)
        await asyncio.gather(*(ask_at_night(self.parts) for _ in range(schedulers)))

    async def is_planned(self, night: date, hour: int | None) -> None:
        """As if the scheduler had come to that night."""
        await self.school.world.rows(
            "INSERT INTO nights VALUES ($1, $2, $3) ON CONFLICT (school_id) DO UPDATE "
            "SET night = excluded.night, due_at = excluded.due_at",
            *(self.school.id, night, due_at(self.school.id, night, hour)),
        )

    async def chooses(self, hour: int | None, version: int = 0) -> dict[str, Any]:
        body = {"hour": hour, "expected_version": version}
        answer = await self.school.ask("PUT", "/settings", json=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def requests(self) -> list[dict[str, Any]]:
        """What the connector finds in its queue, which it empties."""
        found = []
        connection = await aio_pika.connect(self.school.world.broker.mis_url)
        async with connection, connection.channel() as channel:
            assert self.school.credentials is not None
            name = request_queue_of(self.school.credentials.username)
            queue = await channel.get_queue(name, ensure=False)
            while (message := await queue.get(fail=False, no_ack=True, timeout=30)) is not None:
                found.append(json.loads(message.body)["data"])
        return found

    async def lines(self) -> list[dict[str, Any]]:
        page = await self.school.get("/runs", limit=200)
        return [run for run in page["items"] if run["cause"] == "overnight"]

    async def says_that_it_waits(self, at: datetime) -> None:
        """As a connector does that stays, when it has connected."""
        school = self.school
        assert school.credentials is not None
        school.world.clock.ahead = max(at - datetime.now(UTC), timedelta())
        report = report_message(
            ConnectorHeard(at=at, connector="test"), school.credentials.username
        )
        await publish(school.credentials, [report])
        heard = "SELECT 1 FROM connectors WHERE school_id = $1 AND listens AND heard_at >= $2"

        async def look() -> Any:
            return await school.world.rows(heard, school.id, at)

        await eventually(look)

    async def sends_at(self, day: date, at: time) -> None:
        """By itself, and not because it was asked."""
        self.school.world.clock.ahead = london(day, at) - datetime.now(UTC) + timedelta(seconds=9)
        await self.school.sync(self.school.mis.snapshot(london(day, at)))

    async def gives_up(self, day: date, at: time) -> None:
        self.clock.at = london(day, at)
        await give_up_unanswered(self.parts)

    async def without_broker(self, day: date, at: time) -> None:
        away = replace(self.parts, requests=SnapshotRequests("amqp://nobody@127.0.0.1:1/none"))
        self.clock.at = london(day, at)
        with pytest.raises(RequestNotSent):
            await ask_at_night(away)


@pytest.fixture
async def night(world: World, school: SchoolInTest) -> AsyncIterator[Night]:
    clock = Now(london(A_NIGHT, time(0)))
    database = Database(world.service_dsn, name="overnight-test", max_size=8)
    requests = SnapshotRequests(world.broker.mis_url)
    await database.open()
    parts = MisSync(database, Outbox("mis_sync"), requests, clock, "amqp://nowhere/mis")
    night = Night(parts, clock, school)
    await night.chooses(5)
    await night.is_planned(A_NIGHT, 5)
    yield night
    await database.close()


class TestTheNight:
    async def test_each_mis_is_asked_once_however_many_ask(self, night: Night) -> None:
        """R16: two schedulers side by side, and looks again, as after a restart."""
        await night.comes_to(A_NIGHT, time(4, 59))
        assert await night.requests() == []
        await night.comes_to(A_NIGHT, time(6), schedulers=4)
        [request] = await night.requests()
        await night.comes_to(A_NIGHT, time(6, 1), schedulers=2)
        await night.comes_to(A_NIGHT, time(11, 59))
        assert await night.requests() == []
        [line] = await night.lines()
        assert (line["state"], line["reason"]) == ("closed", "Your MIS was asked for its data.")
        assert line["started_at"] == f"{A_NIGHT}T06:00:00Z"
        await night.comes_to(A_NIGHT + timedelta(days=1), time(6))
        [other] = await night.requests()
        assert other["request_id"] != request["request_id"]
        assert (await night.school.get("/link"))["last_run"] is None

    async def test_one_asks_while_the_other_waits_for_nobody(self, night: Night) -> None:
        """Two schedulers in the very same moment: the row is the one's who has it."""
        night.clock.at = london(A_NIGHT, time(6))
        async with night.parts.database.transaction(night.school.id) as other:
            assert await take_night(other, night.school.id, night.clock.at) == A_NIGHT
            await ask_at_night(night.parts)
            assert await night.requests() == []
        await ask_at_night(night.parts)
        assert len(await night.requests()) == 1

    async def test_who_was_down_asks_in_the_morning(self, night: Night) -> None:
        """Also after several nights: only the one that is not over."""
        await night.is_planned(A_NIGHT - timedelta(days=3), 5)
        await night.comes_to(A_NIGHT, time(9, 30))
        assert len(await night.requests()) == 1
        asked, missed = await night.lines()
        assert (asked["state"], missed["state"]) == ("closed", "failed")
        assert "in the night to 10 January" in missed["reason"]

    async def test_after_noon_it_is_the_next_night_s(self, night: Night) -> None:
        await night.comes_to(A_NIGHT, time(12))
        assert await night.requests() == []
        [line] = await night.lines()
        assert line["state"] == "failed"
        await night.comes_to(A_NIGHT + timedelta(days=1), time(6))
        assert len(await night.requests()) == 1

    async def test_while_the_broker_is_away_it_is_tried_again(self, night: Night) -> None:
        await night.without_broker(A_NIGHT, time(6))
        await night.without_broker(A_NIGHT, time(6, 1))
        assert await night.lines() == []
        await night.comes_to(A_NIGHT, time(7))
        assert len(await night.requests()) == 1
        assert len(await night.lines()) == 1

    async def test_a_connector_without_its_queue_is_tried_again_and_holds_nobody_up(
        self, night: Night, world: World
    ) -> None:
        gone = await world.linked_school()
        other = replace(night, school=gone)
        await other.is_planned(A_NIGHT, 4)
        connection = await aio_pika.connect(world.broker.mis_url)
        assert gone.credentials is not None
        name = request_queue_of(gone.credentials.username)
        async with connection, connection.channel() as channel:
            await channel.queue_delete(name)
        await night.comes_to(A_NIGHT, time(6))
        assert len(await night.requests()) == 1
        assert await other.lines() == []
        connection = await aio_pika.connect(world.broker.mis_url)
        async with connection, connection.channel() as channel:
            await channel.declare_queue(name, durable=True)
        await night.comes_to(A_NIGHT, time(6, 2))
        assert len(await other.requests()) == 1
        assert len(await other.lines()) == 1

    @pytest.mark.parametrize("day", [SPRING, AUTUMN], ids=["spring", "autumn"])
    async def test_asks_once_when_the_clocks_change(self, night: Night, day: date) -> None:
        """Every half hour of the real night, of which one hour of the wall clock is special."""
        await night.chooses(1, version=1)
        await night.is_planned(day, 1)
        now, asked = london(day, time(0)), 0
        while now < ends_at(day):
            night.clock.at = now
            await ask_at_night(night.parts)
            asked += len(await night.requests())
            now += timedelta(minutes=30)
        assert (asked, len(await night.lines())) == (1, 1)

    async def test_a_school_that_was_just_linked_waits_for_its_night(
        self, night: Night, world: World
    ) -> None:
        """By the real time, as the service's own scheduler has it."""
        school = await world.linked_school()
        now = world.clock()
        await ask_at_night(replace(night.parts, clock=world.clock))
        [row] = await world.rows("SELECT due_at FROM nights WHERE school_id = $1", school.id)
        assert now < row["due_at"] < now + timedelta(hours=26)
        newly = replace(night, school=school)
        assert (await newly.requests(), await newly.lines()) == ([], [])


class TestWhoOnlySends:
    """R16: nobody would hear the request, and the history would call it a failure each morning."""

    async def test_is_not_asked_until_it_says_that_it_waits(self, night: Night) -> None:
        await night.school.sync()
        await night.comes_to(A_NIGHT, time(6))
        await night.comes_to(A_NIGHT, time(13))
        assert (await night.requests(), await night.lines()) == ([], [])
        await night.says_that_it_waits(datetime.now(UTC))
        await night.comes_to(A_NIGHT + timedelta(days=1), time(6))
        assert len(await night.requests()) == 1

    async def test_is_found_out_though_it_waited_once(self, night: Night) -> None:
        """A daemon that became a timer of the school's: the first night is a failure, no other."""
        days = [A_NIGHT + timedelta(days=number) for number in range(3)]
        await night.says_that_it_waits(datetime.now(UTC))
        await night.comes_to(days[0], time(6))
        await night.gives_up(days[0], time(7, 1))
        await night.sends_at(days[0], time(8))
        await night.comes_to(days[1], time(6))
        await night.gives_up(days[1], time(7, 1))
        [line] = await night.lines()
        assert (line["state"], line["started_at"][:10]) == ("failed", str(days[0]))
        assert not (await night.school.get("/link"))["connector"]["listens"]
        await night.says_that_it_waits(london(days[1], time(9)))
        await night.comes_to(days[2], time(6))
        assert len(await night.lines()) == 2

    async def test_is_not_one_that_was_switched_off_at_night(self, night: Night) -> None:
        """It did not hear, and sends by its own clock in the morning; it says that it waits."""
        await night.says_that_it_waits(datetime.now(UTC))
        await night.comes_to(A_NIGHT, time(6))
        await night.gives_up(A_NIGHT, time(7, 1))
        await night.says_that_it_waits(london(A_NIGHT, time(8)))
        await night.sends_at(A_NIGHT, time(8, 1))
        await night.comes_to(A_NIGHT + timedelta(days=1), time(6))
        assert len(await night.lines()) == 2


class TestTheHour:
    async def test_is_ours_until_the_school_chooses(self, school: SchoolInTest) -> None:
        found = await school.get("/settings")
        usual = f"{time_of_night(school.id, None):%H:%M}"
        assert found == {
            "hour": None,
            "parents": False,
            "version": 0,
            "at": usual,
            "usual_at": usual,
            "minute": minute_of(school.id),
            "defaults": {"hour": None, "parents": False},
        }
        assert (await school.get("/link"))["asked_at"] == usual

    async def test_counts_for_the_night_that_is_to_come(self, night: Night) -> None:
        """R29, R9: without a restart; what was asked is not asked again."""
        await night.chooses(2, version=1)
        minute = f"{minute_of(night.school.id):02}"
        assert (await night.school.get("/link"))["asked_at"] == f"02:{minute}"
        await night.comes_to(A_NIGHT, time(3))
        assert len(await night.requests()) == 1
        await night.chooses(4, version=2)
        await night.comes_to(A_NIGHT, time(6))
        assert await night.requests() == []
        rows = await night.school.world.rows(
            "SELECT body FROM outbox WHERE school_id = $1 ORDER BY id", night.school.id
        )
        said = [json.loads(row["body"]) for row in rows]
        told = [event["data"] for event in said if event["type"] == "mis_sync.settings.changed.v1"]
        hours = ((1, 5), (2, 2), (3, 4))
        assert told == [{"version": v, "hour": h, "parents": False} for v, h in hours]
        [entry] = said[-1]["data"]["entries"]
        assert entry["action"] == "settings.sync_changed"
        assert entry["before"] == {"hour_of_the_nightly_sync": f"about 02:{minute}"}
        assert entry["after"] == {"hour_of_the_nightly_sync": f"about 04:{minute}"}

    async def test_never_over_somebody_else_s_change(self, school: SchoolInTest) -> None:
        bodies = [{"hour": hour, "expected_version": 0} for hour in (1, 2)]
        asked = [school.ask("PUT", "/settings", json=body) for body in bodies]
        won, lost = sorted(await asyncio.gather(*asked), key=lambda answer: answer.status_code)
        assert (won.status_code, lost.status_code) == (200, 409)
        now = {"hour": won.json()["hour"], "parents": False, "version": 1}
        assert lost.json()["current"] == now

    @pytest.mark.parametrize("hour", [-1, 7, 2.5, "x"])
    async def test_is_one_of_the_night(self, school: SchoolInTest, hour: object) -> None:
        answer = await school.ask("PUT", "/settings", json={"hour": hour, "expected_version": 0})
        assert answer.status_code == 422

    @pytest.mark.parametrize("kind", [Kind.USER, Kind.PARENT])
    async def test_is_the_admins(self, school: SchoolInTest, kind: Kind) -> None:
        body = {"hour": 1, "expected_version": 0}
        assert (await school.ask("GET", "/settings", kind=kind)).status_code == 403
        assert (await school.ask("PUT", "/settings", kind=kind, json=body)).status_code == 403

    async def test_can_be_chosen_before_the_mis_is_linked(self, world: World) -> None:
        school = await world.new_school()
        body = {"hour": 0, "expected_version": 0}
        assert (await school.ask("PUT", "/settings", json=body)).status_code == 200
        assert (await school.get("/link"))["asked_at"] is None
