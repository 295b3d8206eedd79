"""What operators are told of schools, snapshots and runs: how many, and never which."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import asyncpg

from services.mis_sync.measures.figures import RUNS_OPEN, SCHOOLS
from services.mis_sync.measures.repository import measures
from tests.figures import figure
from tests.mis_sync.test_held_runs import hold, release
from tests.mis_sync.test_later_snapshots import settle
from tests.mis_sync.world import SchoolInTest, World

LATE = {
    timedelta(): "on_time",
    timedelta(hours=27): "one_night",
    timedelta(hours=51): "more_nights",
}


async def told(world: World, at: datetime | None = None) -> Counter[tuple[str, ...]]:
    """Over all schools that tests have made: only what has changed is this test's."""
    connection = await asyncpg.connect(world.service_dsn)
    try:
        answers = await measures(connection, at or datetime.now(UTC))
    finally:
        await connection.close()
    return Counter(
        {(each.gauge.name, *each.labels): int(each.value) for each in answers if each.value}
    )


async def test_a_school_is_as_late_as_its_last_snapshot_is_old(
    world: World, school: SchoolInTest
) -> None:
    now = datetime.now(UTC)  # and no other before than after: others' schools grow late too
    before = {ahead: await told(world, now + ahead) for ahead in LATE}
    await settle(school)
    for ahead, late in LATE.items():
        after = await told(world, now + ahead)
        gained = {key for key in after - before[ahead] if key[0] == SCHOOLS.name}
        assert gained == {(SCHOOLS.name, late, "up_to_210")}
    connector = (await school.get("/link"))["connector"]["id"]
    assert (await school.post("/link/revoke", connector_id=connector)).status_code == 200
    ended = await told(world, now)
    assert (
        ended[SCHOOLS.name, "on_time", "up_to_210"]
        == (before[timedelta()][SCHOOLS.name, "on_time", "up_to_210"])
    )


async def test_a_held_run_is_open_until_a_person_has_decided(
    world: World, school: SchoolInTest
) -> None:
    held, snapshots = (RUNS_OPEN.name, "held"), "classroom_mis_snapshots_total"
    before = await told(world), await figure(snapshots, state="held") or 0
    run = await hold(school)
    assert (await told(world))[held] == before[0][held] + 1
    assert await figure(snapshots, state="held") == before[1] + 1
    applied = await figure(snapshots, state="applied") or 0
    assert (await release(school, run)).status_code == 202
    await school.rest()
    assert _open(await told(world)) == _open(before[0])
    assert await figure(snapshots, state="applied") == applied + 1


def _open(answers: Counter[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    return {key: runs for key, runs in answers.items() if key[0] == RUNS_OPEN.name}
