"""What two people do at the same moment, and a database that goes away in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from tests.eventually import eventually
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of

WAITING = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'identity' AND wait_event_type = 'Lock'
"""

ACCOUNT = "SELECT 1 FROM accounts WHERE account_id = $1 FOR UPDATE"


@asynccontextmanager
async def held(door: Door, query: str, *arguments: Any) -> AsyncIterator[None]:
    """The rows of a query, locked by somebody else."""
    connection = await asyncpg.connect(door.admin_dsn)
    try:
        async with connection.transaction():
            await connection.execute(query, *arguments)
            yield
    finally:
        await connection.close()


async def who_waits(door: Door, count: int = 1) -> list[dict[str, Any]]:
    """The connections that wait for a lock, once there are so many."""
    return await eventually(lambda: door.rows(WAITING), lambda waiting: len(waiting) == count)


async def done_or_waiting(door: Door, task: asyncio.Task[Any], count: int = 2) -> None:
    """Once it has come to its end, or waits as well."""

    async def look() -> bool:
        return task.done() or len(await door.rows(WAITING)) == count

    await eventually(look)


async def test_a_new_default_sends_out_who_is_just_coming_in_by_the_old_one(
    door: Door, school: SchoolInTest
) -> None:
    """R2: at once, also for a sign-in that had checked the old words already."""
    user = await school.add_user()
    as_admin = await school.as_admin()
    assert (await door.sign_in(user["username"], school.default_password)).status_code == 201
    # Signing in sweeps out a session as old as this, and so can be held up there.
    await door.rows(
        "UPDATE sessions SET expires_at = now() - interval '2 days' WHERE account_id = $1 "
        "RETURNING 1",
        UUID(user["id"]),
    )
    oldest = "SELECT 1 FROM sessions WHERE account_id = $1 FOR UPDATE"
    async with held(door, oldest, UUID(user["id"])):
        coming = asyncio.create_task(door.sign_in(user["username"], school.default_password))
        await who_waits(door)
        made = asyncio.create_task(door.client.post("/default-password", headers=as_admin))
        await done_or_waiting(door, made)
    assert (await made).status_code == 201
    opened = await coming
    assert opened.status_code == 201
    assert problem_of(await door.look_up(opened.json()["token"])) == (401, "session-over")


async def test_a_link_that_is_opened_while_a_password_is_set_through_it_opens_nothing(
    door: Door, school: SchoolInTest
) -> None:
    link = {"token": school.link_token}
    opened = (await door.client.post("/sessions/link", json=link)).json()
    async with held(door, ACCOUNT, UUID(school.made["admin"]["id"])):
        setting = asyncio.create_task(door.set_password(opened, OWN_PASSWORD))
        await who_waits(door)
        opening = asyncio.create_task(door.client.post("/sessions/link", json=link))
        await who_waits(door, 2)
    assert (await setting).status_code == 201
    assert problem_of(await opening) == (401, "link-refused")


async def test_no_link_goes_to_an_address_that_is_changed_meanwhile(
    door: Door, school: SchoolInTest
) -> None:
    """R5: whoever has the old one cannot set the password any more."""
    await school.admin()
    other = f"other@{school.postcode}.example"
    changing = "UPDATE accounts SET email = $2 WHERE account_id = $1"
    async with held(door, changing, UUID(school.made["admin"]["id"]), other):
        await door.client.post("/password/forgotten", json={"identifier": school.admin_email})
        await who_waits(door)
    await eventually(lambda: door.rows("SELECT 1 FROM forgotten_passwords"), lambda left: not left)
    mails = "SELECT subject FROM mails WHERE recipient = $1 ORDER BY mail_id DESC LIMIT 1"
    [newest] = await door.rows(mails, other)
    assert newest["subject"] == "A new password for Classroom Monitor"
    [newest] = await door.rows(mails, school.admin_email)
    assert newest["subject"] == "Your account is ready"


async def test_a_connection_that_is_cut_is_no_fault_of_ours(
    door: Door, school: SchoolInTest
) -> None:
    """The caller is told to come back, and can."""
    user = await school.add_user()
    await school.claim(user["username"])
    async with held(door, ACCOUNT, UUID(user["id"])):
        signing_in = asyncio.create_task(door.sign_in(user["username"], OWN_PASSWORD))
        for waiting in await who_waits(door):
            await door.rows("SELECT pg_terminate_backend($1)", waiting["pid"])
        cut: httpx.Response = await signing_in
    assert problem_of(cut) == (503, "unavailable")
    assert int(cut.headers["Retry-After"]) > 0
    assert (await door.sign_in(user["username"], OWN_PASSWORD)).status_code == 201


async def test_two_who_wait_for_each_other_are_no_fault_of_ours(
    door: Door, school: SchoolInTest
) -> None:
    """Who is sent back out of a deadlock is told to come again, and can."""
    user = await school.add_user()
    other = await school.add_user(email=f"other@{school.postcode}.example")
    headers = await school.as_admin()
    change = {"email": f"wanted@{school.postcode}.example", "expected_version": user["version"]}

    async def changing() -> httpx.Response:
        return await door.client.patch(f"/users/{user['id']}", json=change, headers=headers)

    patient = await asyncpg.connect(door.admin_dsn, server_settings={"deadlock_timeout": "20s"})
    try:
        taken = patient.transaction()
        await taken.start()
        email = (
            "UPDATE sign_in_directory SET identifier = $2 WHERE account_id = $1 AND kind = 'email'"
        )
        await patient.execute(email, UUID(other["id"]), change["email"])
        waiting = asyncio.create_task(changing())
        await who_waits(door)
        await patient.execute(ACCOUNT, UUID(user["id"]))
        sent_back = await waiting
        await taken.rollback()
    finally:
        await patient.close()
    assert problem_of(sent_back) == (503, "unavailable")
    assert (await changing()).status_code == 200
