"""Waiting for the link to move: from 'receiving 3 of 12' to 'applied' (R23)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from services.mis_sync.connectors.messages import Outgoing
from shared.contracts.envelope import Payload
from shared.contracts.mis import SnapshotEnd
from shared.security.principals import Kind
from tests.mis_sync.test_later_snapshots import TODAY
from tests.mis_sync.world import SchoolInTest, World

LONG = 20


async def watch(school: SchoolInTest, seen: str | None = None, seconds: float = LONG) -> Any:
    query = {"seconds": seconds} | ({"seen": seen} if seen else {})
    return await school.get("/link/watch", **query)


def all_but_the_end(messages: list[Outgoing[Payload]]) -> list[Outgoing[Payload]]:
    return [m for m in messages if not isinstance(m.event.data, SnapshotEnd)]


async def test_each_step_of_a_run_is_told_as_it_comes(school: SchoolInTest) -> None:
    told = await watch(school)
    assert told["link"]["state"] == "waiting"
    waiting = asyncio.create_task(watch(school, told["tag"]))
    school.held.answering.clear()
    school.mis.pupil("P1")
    await school.push(school.mis.snapshot(TODAY), arranged=all_but_the_end)
    told = await waiting
    assert told["link"]["last_run"]["state"] == "receiving"
    waiting = asyncio.create_task(watch(school, told["tag"]))
    await school.push(school.mis.snapshot(TODAY + timedelta(minutes=1)))
    states = []
    while True:
        told = await waiting
        run = told["link"]["last_run"]
        states.append(run["state"])
        if run["state"] == "closed":
            break
        if run["state"] == "applying":
            assert run["progress"]["batches"] == 1
            school.held.answering.set()
        waiting = asyncio.create_task(watch(school, told["tag"]))
    assert "applying" in states


async def test_another_schools_moves_wake_nobody(world: World) -> None:
    one, two = await world.linked_school(name="One"), await world.linked_school(name="Two")
    told = await watch(one)
    waiting = asyncio.create_task(watch(one, told["tag"], seconds=2))
    two.mis.pupil("P1")
    await two.sync(two.mis.snapshot(TODAY))
    assert not waiting.done() or (await waiting)["tag"] == told["tag"]
    assert (await waiting) == told


async def test_only_the_admin_watches(school: SchoolInTest) -> None:
    response = await school.ask("GET", "/link/watch", kind=Kind.USER)
    assert response.status_code == 403


async def test_nothing_for_two_days_is_late_even_if_nothing_ever_came(
    school: SchoolInTest, world: World
) -> None:
    assert await school.link_state() == "waiting"
    try:
        world.clock.ahead = timedelta(hours=48, minutes=1)
        assert await school.link_state() == "late"
    finally:
        world.clock.ahead = timedelta()
