"""The broker has no room left, or the gateway five hundred idle callers (F14, F15, F23)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deploy.local.servers.broker_node import rabbitmqctl
from deploy.local.servers.broker_programs import Node, find_broker
from deploy.local.state import State
from tests.api import signed_in
from tests.eventually import eventually
from tests.exports import export_for
from tests.stack import ADMIN_PASSWORD, School, Stack

pytestmark = pytest.mark.timeout(420)

ALARMS = {
    "disk": (("set_disk_free_limit", "900GB"), ("set_disk_free_limit", "1MB")),
    "memory": (
        ("set_vm_memory_high_watermark", "absolute", "1MB"),
        ("set_vm_memory_high_watermark", "0.6"),
    ),
}
CALLERS = 500


@asynccontextmanager
async def in_alarm(stack: Stack, alarm: str) -> AsyncIterator[None]:
    state = State(stack.home)
    broker = find_broker(state, lambda _: None)
    if not isinstance(broker, Node):
        pytest.skip("the broker is not a program of this machine")
    raised, cleared = ALARMS[alarm]
    await asyncio.to_thread(rabbitmqctl, state, broker.server, *raised)
    try:
        yield
    finally:
        await asyncio.to_thread(rabbitmqctl, state, broker.server, *cleared)


async def unsent(stack: Stack) -> int:
    connection = await stack.database("identity")
    try:
        return int(await connection.fetchval("SELECT count(*) FROM outbox WHERE sent_at IS NULL"))
    finally:
        await connection.close()


@pytest.fixture(scope="module")
async def school(stack: Stack) -> School:
    return await stack.add_school("Full Disk Primary School", "NG1 9FD", "office@full.example")


async def office_works(stack: Stack, school: School) -> None:
    """Signs in, looks at the link, and changes something that others hear of."""
    async with signed_in(stack.url, school.admin, ADMIN_PASSWORD) as api:
        assert (await api.get("/api/mis"))["link"]["state"] in ("waiting", "healthy")
        await api.post("/api/default-password")


@pytest.mark.parametrize("alarm", ["memory", "disk"])
async def test_people_work_on_while_the_broker_takes_nothing_and_all_is_told_afterwards(
    stack: Stack, school: School, alarm: str
) -> None:
    """F14, F15."""
    async with in_alarm(stack, alarm):
        await office_works(stack, school)
        assert await eventually(partial(unsent, stack)) > 0
    await eventually(partial(unsent, stack), lambda count: count == 0, seconds=90)


async def test_the_connector_says_that_nothing_is_lost_and_the_same_command_helps_later(
    stack: Stack, school: School, tmp_path: Path
) -> None:
    """F14: it ends in time, with a sentence that a school's office can act on."""
    export = export_for(tmp_path / "full", "full.example")
    words = [*("connector", "push", "--credentials", str(school.credentials))]
    words += ["--kind", "oneroster-csv", "--patience", "2", str(export)]
    async with in_alarm(stack, "disk"):
        said = await stack.command(*words, check=False, seconds=90)
    assert "does not take snapshots now" in said
    assert "run the same command again later" in said
    await stack.command(*words)
    # What was sent into the alarm may have arrived after all: it waits for its end in vain.
    async with signed_in(stack.url, school.admin, ADMIN_PASSWORD) as api:

        async def applied() -> list[int]:
            runs = (await api.get("/api/mis/runs"))["items"]
            return [run["counts"]["pupils_created"] for run in runs if run["state"] == "closed"]

        assert await eventually(applied, seconds=60) == [414]


async def test_five_hundred_callers_who_say_nothing_keep_nobody_out(
    stack: Stack, school: School
) -> None:
    """F23: half of them do not even finish their first line."""
    where = urlsplit(stack.url)

    async def call(number: int) -> asyncio.StreamWriter:
        _, writer = await asyncio.open_connection(where.hostname, where.port)
        writer.write(b"GET /api/session HT" if number % 2 else b"")
        await writer.drain()
        return writer

    callers = await asyncio.gather(*(call(number) for number in range(CALLERS)))
    try:
        async with asyncio.timeout(20):
            await office_works(stack, school)
    finally:
        for writer in callers:
            writer.close()
