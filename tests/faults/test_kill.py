"""Everything is killed in the middle of a sync, and the result is the same as without."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_fixed

from shared.database.provision import SERVICES
from tests.api import Api, signed_in
from tests.eventually import eventually
from tests.exports import export_for
from tests.faults.rows import rows_of
from tests.stack import ADMIN_PASSWORD, School, Stack, new_stack, runs_at_rest

VICTIMS = ("mis_sync", "rabbitmq", "identity", "reports", "provisioner", "gateway")

pytestmark = pytest.mark.timeout(580)

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

    async def _persist(self, work: Callable[[Api], Awaitable[T]]) -> T:
        """Sign in and do `work`, from the start again while something is away."""
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type((httpx.HTTPError, AssertionError, KeyError, ValueError)),
            wait=wait_fixed(0.2),
            stop=stop_after_delay(240),
            reraise=True,
        ):
            with attempt:
                async with signed_in(self._stack.url, self._school.admin, ADMIN_PASSWORD) as api:
                    return await work(api)
        raise AssertionError("retrying ends by returning or raising")

    async def decides_everything(self) -> None:
        """Map what has a suggestion; make new what has none; until nothing is left to decide."""
        await self._persist(self._decide)

    async def comes_to_rest(self, *, runs: int) -> None:
        await self._persist(lambda api: runs_at_rest(api, runs, seconds=20))

    async def _decide(self, api: Api) -> None:
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


async def state_of_newest_run(stack: Stack, school: School) -> str | None:
    """Straight from the database, since whoever would answer may just be dead."""
    connection = await stack.database("mis_sync")
    try:
        state: str | None = await connection.fetchval(
            "SELECT state FROM runs WHERE school_id::text = $1 ORDER BY created_at DESC LIMIT 1",
            school.id,
        )
        return state
    finally:
        await connection.close()


async def kill_all_while_it_is_applied(stack: Stack, school: School) -> None:
    """Roster answers nothing until it is killed itself, so the run stays open until then."""
    applying = partial(state_of_newest_run, stack, school)
    await eventually(applying, lambda state: state == "applying", seconds=60)
    for victim in VICTIMS:
        assert await applying() == "applying"
        await stack.kill(victim)
    await stack.kill("roster")
    # And once more at whatever point each has come to by now.
    for victim in ("mis_sync", "roster", "identity", "reports"):
        await stack.kill(victim)
    await stack.ready()


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
    office = Office(stack, quiet)
    await stack.push(quiet, export_for(tmp_path / "quiet", "quiet.example"))
    await office.comes_to_rest(runs=1)
    await office.decides_everything()
    await office.comes_to_rest(runs=2)

    stormy = await stack.add_school("Stormy Primary School", "NG2 2BB", "office@stormy.example")
    office = Office(stack, stormy)
    await stack.freeze("mis_sync")
    await stack.freeze("roster")
    await stack.push(stormy, export_for(tmp_path / "stormy", "stormy.example"))
    await stack.kill("rabbitmq")
    await stack.kill("mis_sync")
    await kill_all_while_it_is_applied(stack, stormy)
    await office.comes_to_rest(runs=1)
    await stack.freeze("roster")
    await office.decides_everything()
    await kill_all_while_it_is_applied(stack, stormy)
    await office.comes_to_rest(runs=2)

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
