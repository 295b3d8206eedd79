"""Seeing where one is signed in, and ending it there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.second_step import set_up, sign_in


@pytest.fixture
async def username(school: SchoolInTest) -> str:
    user = await school.add_user()
    await school.claim(user["username"])
    return str(user["username"])


async def listed(door: Door, opened: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await door.client.get("/sessions", headers=door.as_session(opened["session"]))
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def end(door: Door, opened: dict[str, Any], session_id: str) -> Any:
    return await door.client.delete(
        f"/sessions/{session_id}", headers=door.as_session(opened["session"])
    )


async def test_one_sees_ones_own_sessions_and_which_is_this(door: Door, username: str) -> None:
    first = (await door.sign_in(username, OWN_PASSWORD)).json()
    with door.clock.moved_by(minutes=5):
        second = (await door.sign_in(username, OWN_PASSWORD)).json()
        found = await listed(door, second)
    assert [one["id"] for one in found][:2] == [second["session"]["id"], first["session"]["id"]]
    assert [one["current"] for one in found] == [True, *[False] * (len(found) - 1)]
    assert found[0]["created_at"] == second["session"]["created_at"]


async def test_what_is_idle_or_over_is_not_listed(door: Door, username: str) -> None:
    first = (await door.sign_in(username, OWN_PASSWORD)).json()
    with door.clock.moved_by(minutes=31):
        second = (await door.sign_in(username, OWN_PASSWORD)).json()
        assert first["session"]["id"] not in [one["id"] for one in await listed(door, second)]


async def test_ending_one_ends_it_everywhere(
    door: Door, school: SchoolInTest, username: str
) -> None:
    first = (await door.sign_in(username, OWN_PASSWORD)).json()
    second = (await door.sign_in(username, OWN_PASSWORD)).json()
    assert (await end(door, second, first["session"]["id"])).status_code == 204
    assert problem_of(await door.look_up(first["token"])) == (401, "session-over")
    assert (await door.look_up(second["token"])).status_code == 200
    ended = await door.told(school.id, "identity.session.ended.v1")
    assert first["session"]["id"] in ended[-1]["data"]["session_ids"]
    again = await end(door, second, first["session"]["id"])
    assert problem_of(again) == (404, "not-found")


async def test_nobody_ends_or_sees_somebody_elses(
    door: Door, school: SchoolInTest, username: str
) -> None:
    mine = (await door.sign_in(username, OWN_PASSWORD)).json()
    admin = await school.admin()
    assert problem_of(await end(door, mine, admin["session"]["id"])) == (404, "not-found")
    assert (await door.look_up(admin["token"])).status_code == 200
    mine_only = await door.rows(
        "SELECT session_id FROM sessions WHERE account_id = $1", mine["session"]["account"]["id"]
    )
    known = {row["session_id"] for row in mine_only}
    assert {UUID(one["id"]) for one in await listed(door, mine)} <= known


async def test_who_must_set_a_password_first_sees_none(door: Door, school: SchoolInTest) -> None:
    """R2."""
    user = await school.add_user(surname="New")
    opened = (await door.sign_in(user["username"], school.default_password)).json()
    answer = await door.client.get("/sessions", headers=door.as_session(opened["session"]))
    assert problem_of(answer) == (403, "password-not-set")


async def test_of_those_long_over_a_few_are_swept_with_each_sign_in(
    door: Door, username: str
) -> None:
    """Who has left never comes back, and where they were is not kept: in any school."""
    with door.clock.moved_by(days=-31):
        former = await door.new_school()
        leaver = await former.add_user()
        claimed = await former.claim(leaver["username"])
        await set_up(door, claimed["session"])
        for _ in range(8):
            await sign_in(door, leaver["username"])
    with door.clock.moved_by(days=-29):
        await sign_in(door, former.admin_email)

    async def kept() -> tuple[int, int]:
        rows = """
            SELECT (SELECT count(*) FROM sessions WHERE school_id = $1) AS sessions,
                (SELECT count(*) FROM session_authenticators WHERE school_id = $1) AS named
        """
        [row] = await door.rows(rows, former.id)
        return row["sessions"], row["named"]

    before, _ = await kept()
    await sign_in(door, username)
    assert (await kept())[0] == before - 10 > 1
    await sign_in(door, username)
    assert await kept() == (1, 0)
