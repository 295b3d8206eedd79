"""A school is erased while a message of it is being applied: neither sees half of the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from shared.database.erasing import erase_school
from shared.database.pool import Connection, Database
from tests.eventually import eventually
from tests.looking import Look, looking
from tests.servers import DatabaseFactory, Servers, with_database

CHANGED = "roster.identity.school.changed.v1"
ERASING = "roster.identity.school.erasing.v1"


@pytest.fixture(scope="module")
async def roster(database_factory: DatabaseFactory) -> AsyncIterator[Database]:
    database = Database((await database_factory("roster")).service, name="erasing", max_size=4)
    await database.open()
    yield database
    await database.close()


@pytest.fixture(scope="module")
async def look(servers: Servers, roster: Database) -> AsyncIterator[Look]:
    admin = with_database(servers.database_url, f"{servers.worker}_roster")
    async with looking(admin) as opened:
        yield opened


async def accept(connection: Connection, queue: str) -> bool:
    """Whether a message on that queue is new, as a consumer asks at first."""
    return bool(await connection.fetch("SELECT inbox_accept($1, $2)", queue, [uuid4()]))


async def apply(connection: Connection, school: UUID) -> None:
    made = "INSERT INTO schools (school_id, academic_year) VALUES ($1, '2026/27')"
    await connection.execute(made, school)


async def rows_of(look: Look, school: UUID) -> int:
    counted = "SELECT count(*) FROM schools WHERE school_id = $1"
    return int(await look.fetchval(counted, school))


async def somebody_waits(look: Look) -> bool:
    waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND wait_event = "
    here = "'advisory' AND datname = current_database()"
    return bool(await look.fetch(waiting + here))


async def test_what_is_being_applied_is_erased_with_the_rest(roster: Database, look: Look) -> None:
    school = uuid4()
    async with roster.transaction(school) as applying:
        assert await accept(applying, CHANGED)
        erased = asyncio.create_task(erase(roster, school))
        await eventually(lambda: somebody_waits(look))
        await apply(applying, school)
        assert not erased.done()
    assert await erased > 0
    assert await rows_of(look, school) == 0


async def test_what_comes_while_a_school_is_erased_is_not_applied(
    roster: Database, look: Look
) -> None:
    school = uuid4()

    async def hear() -> None:
        async with roster.transaction(school) as applying:
            if await accept(applying, CHANGED):
                await apply(applying, school)

    async with roster.transaction(school) as erasing:
        assert await accept(erasing, ERASING)
        await erase_school(erasing)
        heard = asyncio.create_task(hear())
        await eventually(lambda: somebody_waits(look))
        # Nobody else's messages wait.
        async with roster.transaction(uuid4()) as other:
            assert await accept(other, CHANGED)
    await heard
    assert await rows_of(look, school) == 0


async def erase(roster: Database, school: UUID) -> int:
    async with roster.transaction(school) as erasing:
        assert await accept(erasing, ERASING)
        return await erase_school(erasing)
