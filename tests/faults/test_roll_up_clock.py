"""The roll-up by processes whose clock is turned: at its hour, in both nights of the clocks, late.

Who asks and who hears are two processes, each with a clock of its own, as on two machines.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.fake_time import installed_fake_time
from shared.school.academic_year import (
    SCHOOL_TIME,
    previous_academic_year,
    roster_year_of,
    school_day,
)
from shared.security.principals import PrincipalSigner, new_signing_key, public_keys
from tests.broker import make_broker
from tests.eventually import eventually
from tests.faults.clocks import FakeClock, TimedProcess
from tests.roster.door import Door, SchoolInTest
from tests.roster.test_roll_up import AFTER, BEFORE, ARoll
from tests.servers import Servers, make_database, with_database

LIBRARY = installed_fake_time()

pytestmark = pytest.mark.skipif(
    LIBRARY is None,
    reason="libfaketime is missing (Debian: apt-get install libfaketime, as ./classroom test does)",
)

SECOND = timedelta(seconds=1)
MIDNIGHT = datetime(2026, 8, 26, tzinfo=SCHOOL_TIME).astimezone(UTC)
NIGHTS = {
    "clocks go forward": datetime(2026, 3, 29, 1, tzinfo=UTC),
    "clocks go back": datetime(2026, 10, 25, 1, tzinfo=UTC),
}
LOOKS_EVERY = 0.1
PROMISED = timedelta(seconds=10)
"""How late it may be asked: as often as the scheduler looks unless it is told otherwise."""


@dataclass
class Machines:
    """Roster as two processes. `asks` is the scheduler's, `hears` does all else."""

    door: Door
    asks: TimedProcess
    hears: TimedProcess

    async def start(self) -> None:
        await asyncio.gather(self.asks.start(), self.hears.start())

    async def kill(self) -> None:
        await asyncio.gather(self.asks.kill(), self.hears.kill())

    def run_from(self, moment: datetime, *, hearing_behind: timedelta = timedelta()) -> None:
        self.hears.clock.runs_from(moment - hearing_behind)
        self.asks.clock.runs_from(moment)

    def stand_at(self, moment: datetime) -> None:
        self.hears.clock.stands_at(moment)
        self.asks.clock.stands_at(moment)

    async def have_looked(self) -> None:
        """Returns once the scheduler has asked, once, a school that is a year behind."""
        late = self.school()
        await late.is_heard_of()
        behind = previous_academic_year(late.year)
        await self.door.rows(
            "UPDATE schools SET academic_year = $2 WHERE school_id = $1", late.id, behind
        )
        found = await eventually(lambda: late.told("roster.roll_up.due.v1"))
        assert [event["data"]["academic_year"] for event in found] == [behind]

    def school(self) -> SchoolInTest:
        """A new one, as yet unheard of."""
        return SchoolInTest(self.door, year=roster_year_of(school_day(self.asks.clock())))

    async def roll(self) -> ARoll:
        school = self.school()
        await school.is_heard_of()
        roll = ARoll(school)
        await roll.begins()
        return roll


@pytest.fixture(scope="module")
async def machines(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Machines]:
    folder, key = tmp_path_factory.mktemp("clocks"), new_signing_key()
    database = await make_database(servers, "roster", "clock")
    broker = await make_broker(servers, "clock")
    (folder / "keys.json").write_text(json.dumps(public_keys(key)))
    told = {
        "DATABASE_URL": database.service,
        "RELAY_DATABASE_URL": database.relay,
        "RABBITMQ_URL": broker.url,
        "PRINCIPAL_PUBLIC_KEY_FILE": str(folder / "keys.json"),
        "LOG_LEVEL": "WARNING",
        "LOOK_EVERY_SECONDS": str(LOOKS_EVERY),
    }

    def process(name: str, roles: str) -> TimedProcess:
        clock = FakeClock(folder / name, LIBRARY or Path())
        return TimedProcess("services.roster", told | {"ROLES": roles}, clock)

    asks, hears = process("asks", "scheduler"), process("hears", "http,consumer,relay")
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(
            httpx.AsyncClient(base_url=hears.address, timeout=30)
        )
        door = await stack.enter_async_context(
            Door.opened(
                service="roster",
                client=client,
                signer=PrincipalSigner(key, now=lambda: int(hears.clock().timestamp())),
                broker_url=broker.url,
                admin_dsn=with_database(servers.database_url, f"{servers.worker}_roster_clock"),
                service_dsn=database.service,
            )
        )
        machines = Machines(door, asks, hears)
        machines.run_from(MIDNIGHT - timedelta(days=9))
        stack.push_async_callback(machines.kill)
        await machines.start()
        yield machines


async def asked(school: SchoolInTest) -> list[str]:
    """The years that the school was asked to leave, each as often as it was."""
    told = await school.told("roster.roll_up.due.v1")
    return [event["data"]["academic_year"] for event in told]


async def begun(school: SchoolInTest) -> list[dict[str, Any]]:
    """Which years roll-ups began, and when."""
    return await school.door.rows(
        "SELECT academic_year, ran_at FROM roll_ups WHERE school_id = $1 ORDER BY ran_at", school.id
    )


async def is_in(roll: ARoll, year: str) -> None:
    await eventually(roll.page, lambda page: page["academic_year"] == year)


async def test_it_comes_at_midnight_in_london_and_once(machines: Machines) -> None:
    """R12: not a second before, and not again when a clock is set back over it."""
    machines.run_from(MIDNIGHT - timedelta(days=1))
    roll = await machines.roll()
    machines.stand_at(MIDNIGHT - SECOND)
    await machines.have_looked()
    assert await asked(roll.school) == []
    assert await roll.stands() == BEFORE

    machines.run_from(MIDNIGHT - SECOND)
    await is_in(roll, "2026/27")
    (due,) = await roll.school.told("roster.roll_up.due.v1")
    assert MIDNIGHT <= datetime.fromisoformat(due["time"]) <= MIDNIGHT + PROMISED
    (ran,) = await begun(roll.school)
    assert MIDNIGHT <= ran["ran_at"] <= MIDNIGHT + PROMISED

    machines.run_from(MIDNIGHT - timedelta(hours=1))
    await machines.have_looked()
    machines.run_from(MIDNIGHT + timedelta(hours=1))
    await machines.have_looked()
    assert await asked(roll.school) == ["2025/26"]
    assert len(await begun(roll.school)) == 1
    assert await roll.stands() == AFTER


async def test_it_comes_where_the_clock_that_hears_is_a_little_behind(machines: Machines) -> None:
    """R12: it is asked by a machine where it is the 26th, and heard by one where it is not yet."""
    machines.run_from(MIDNIGHT - timedelta(days=1))
    roll = await machines.roll()
    machines.run_from(MIDNIGHT, hearing_behind=timedelta(seconds=20))
    await is_in(roll, "2026/27")
    assert await roll.stands() == AFTER
    assert await asked(roll.school) == ["2025/26"]


@pytest.mark.parametrize("turn", NIGHTS.values(), ids=NIGHTS.keys())
async def test_a_night_in_which_the_clocks_change_is_as_any_other(
    machines: Machines, turn: datetime
) -> None:
    """Who is late is asked once in it, nobody else is; a minute's principal lasts a minute."""
    machines.run_from(turn - SECOND)
    roll = await machines.roll()
    machines.run_from(turn - SECOND)
    headers = roll.school.as_admin()
    await machines.have_looked()
    path = f"/pupils/{roll.pupils['3 Blue']}"

    async def status() -> int:
        return (await machines.door.client.get(path, headers=headers)).status_code

    machines.run_from(turn + SECOND)
    assert await status() == 200
    await machines.have_looked()
    machines.run_from(turn + timedelta(seconds=70))
    assert await status() == 401, "nor a minute and an hour"
    machines.run_from(turn + timedelta(hours=1))
    await machines.have_looked()
    assert await asked(roll.school) == []
    assert await roll.stands() == BEFORE


async def test_a_service_that_was_away_two_summers_catches_up_in_september(
    machines: Machines,
) -> None:
    """R12: year by year, each once, though everything is killed again as soon as it is back."""
    machines.run_from(MIDNIGHT - timedelta(days=60))
    roll = await machines.roll()
    await machines.kill()
    september = MIDNIGHT + timedelta(days=380)
    machines.run_from(september)
    await machines.start()
    await eventually(lambda: asked(roll.school))
    await machines.kill()
    await machines.start()
    await is_in(roll, "2027/28")
    await machines.have_looked()
    assert await asked(roll.school) == ["2025/26", "2026/27"]
    years = [one["academic_year"] for one in await begun(roll.school)]
    assert years == ["2026/27", "2027/28"]
    stands = await roll.stands()
    assert (stands["3 Blue"][0], stands["6 Blue"]) == ("5", AFTER["6 Blue"])
