"""Everything is killed in the middle of a sync, and the result is the same as without."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_fixed

from shared.database.provision import SERVICES
from tests.api import Api, signed_in
from tests.exports import export_for
from tests.faults.rows import rows_of
from tests.stack import ADMIN_PASSWORD, School, Stack, new_stack, runs_at_rest

VICTIMS = ("mis_sync", "roster", "rabbitmq", "identity", "reports", "provisioner", "gateway")

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(580)]

T = TypeVar("T")


@pytest.fixture(scope="module")
async def stack() -> AsyncIterator[Stack]:
    """A stack of its own, since nobody else could work in this one."""
    async with new_stack("up", "--detach") as running:
        yield running


class Office:
    """A school's admin, who comes back whenever the page did not answer."""

    def __init__(self, stack: Stack, school: School) -> None:
        self._stack = stack
        self._school = school

    async def persist(self, work: Callable[[Api], Awaitable[T]]) -> T:
        """Sign in and do `work`, from the start again while something is away."""
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type((httpx.HTTPError, AssertionError, KeyError, ValueError)),
            wait=wait_fixed(0.2),
            stop=stop_after_delay(240),
            reraise=True,
        ):
            with attempt:
                url = await self._stack.url()
                async with signed_in(url, self._school.admin, ADMIN_PASSWORD) as api:
                    return await work(api)
        raise AssertionError("retrying ends by returning or raising")

    async def decide_everything(self, api: Api) -> None:
        """Map what has a suggestion; make new what has none."""
        differences = await api.everything("/api/mis/differences", state="open")
        decisions = [
            {
                "difference_id": difference["id"],
                "expected_version": difference["version"],
                **(
                    {"action": "map", "record_id": difference["suggestion"]["id"]}
                    if difference["suggestion"]
                    else {"action": "create"}
                ),
            }
            for difference in differences
        ]
        if decisions:
            await api.post("/api/mis/mapping", {"decisions": decisions})
            raise AssertionError("look again whether all of it was taken")

    async def sync(self, export: Path) -> None:
        """Push an export, map all of it, and wait until every run has come to rest."""
        await self._stack.push(self._school, export)
        await self.persist(lambda api: runs_at_rest(api, 1, seconds=20))
        await self.persist(self.decide_everything)
        await self.persist(lambda api: runs_at_rest(api, 2, seconds=20))


Killed = list[tuple[str, datetime]]


async def storm(stack: Stack, calm: asyncio.Event) -> Killed:
    """Kill one after the other, each when the one before is back, until it is calm."""
    killed: Killed = []
    for victim in itertools.cycle(VICTIMS):
        if calm.is_set() and len(killed) >= len(VICTIMS):
            break
        await stack.kill(victim)
        killed.append((victim, datetime.now(UTC)))
    return killed


async def in_the_middle(stack: Stack, school: School, killed: Killed) -> list[str]:
    """Those that were killed after the first run began and before the last one ended."""
    async with signed_in(await stack.url(), school.admin, ADMIN_PASSWORD) as api:
        runs = (await api.get("/api/mis/runs"))["items"]
    begun = min(datetime.fromisoformat(run["started_at"]) for run in runs)
    ended = max(datetime.fromisoformat(run["finished_at"]) for run in runs)
    return [name for name, at in killed if begun < at < ended]


def words_of(name: str, postcode: str) -> dict[str, str]:
    """What only this school says, and what is to be read instead."""
    squeezed = postcode.replace(" ", "").lower()
    return {name: "X", name.lower(): "x", postcode: "P", squeezed: "p"}


async def dead_letters(stack: Stack) -> list[str]:
    found = []
    for service in SERVICES:
        connection = await stack.database(service)
        rows = await connection.fetch("SELECT consumer, reason FROM dead_letters")
        found += [f"{row['consumer']}: {row['reason']}" for row in rows]
        await connection.close()
    return found


async def test_a_sync_in_which_everything_is_killed_ends_as_one_in_which_nothing_is(
    stack: Stack, tmp_path: Path
) -> None:
    quiet = await stack.add_school("Quiet Primary School", "NG1 1AA", "office@quiet.example")
    await Office(stack, quiet).sync(export_for(tmp_path / "quiet", "quiet.example"))

    stormy = await stack.add_school("Stormy Primary School", "NG2 2BB", "office@stormy.example")
    calm = asyncio.Event()
    raging = asyncio.create_task(storm(stack, calm))
    try:
        await Office(stack, stormy).sync(export_for(tmp_path / "stormy", "stormy.example"))
    finally:
        calm.set()
    killed = await raging
    await stack.ready()
    assert {name for name, _ in killed} == set(VICTIMS)
    assert len(await in_the_middle(stack, stormy, killed)) >= 3

    expected = await rows_of(stack, quiet.id, words_of("Quiet", "NG1 1AA"))
    found = await rows_of(stack, stormy.id, words_of("Stormy", "NG2 2BB"))
    assert expected.keys() == found.keys()
    assert sum(expected["roster.pupils"].values()) > 400
    differing = [
        line
        for table, rows in expected.items()
        for sign, more in (("-", rows - found[table]), ("+", found[table] - rows))
        for line in sorted(f"{table} {sign}{count} {row}" for row, count in more.items())
    ]
    assert not differing, "\n".join(differing[:40])
    assert await dead_letters(stack) == []
