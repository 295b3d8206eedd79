"""Many users changed at once: looked through first, then all or nothing (R4, R6, R9)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.identity.settings import Settings
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.user_management import ask, link_mailed_to, read, set_active
from tests.identity.work import watched

ACTIONS = ("make_inactive", "make_active", "reset_password")


async def bulk(
    school: SchoolInTest, action: str, *users: dict[str, Any], preview: bool = False
) -> dict[str, Any]:
    body = {"action": action, "ids": [user["id"] for user in users]}
    answer = await ask(school, "POST", f"/users/bulk{'/preview' if preview else ''}", body)
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()
    return result


def outcomes(result: dict[str, Any]) -> dict[str, str]:
    return {item["name"].removeprefix("Jo "): item["outcome"] for item in result["items"]}


@pytest.fixture
async def three(school: SchoolInTest) -> list[dict[str, Any]]:
    return [await school.add_user(surname=name) for name in ("Adams", "Brown", "Clark")]


class TestInactive:
    async def test_signs_them_out_and_tells_of_each(
        self, door: Door, school: SchoolInTest, three: list[dict[str, Any]]
    ) -> None:
        opened = await school.claim(three[0]["username"])
        await set_active(school, three[2], False)
        ahead = await bulk(school, "make_inactive", *three, preview=True)
        assert (ahead["changed"], ahead["signs_out"]) == (2, 1)
        assert (await read(school, three[0]))["active"]
        result = await bulk(school, "make_inactive", *three)
        assert outcomes(result) == {"Adams": "changed", "Brown": "changed", "Clark": "unchanged"}
        assert result["items"][2]["reason"] == "Is inactive already."
        assert problem_of(await door.look_up(opened["token"]))[0] == 401
        assert not (await read(school, three[1]))["active"]
        entries = (await door.told(school.id, "activity.recorded.v1"))[-1]["data"]["entries"]
        assert [entry["action"] for entry in entries] == ["user.made_inactive"] * 2
        assert {entry["subject"]["id"] for entry in entries} == {u["id"] for u in three[:2]}
        states = (await door.told(school.id, "identity.users.changed.v1"))[-1]["data"]["users"]
        assert {state["id"] for state in states} == {user["id"] for user in three[:2]}
        ended = (await door.told(school.id, "identity.session.ended.v1"))[-1]["data"]
        assert ended["session_ids"] == [opened["session"]["id"]]

    async def test_again_changes_and_tells_nothing(
        self, door: Door, school: SchoolInTest, three: list[dict[str, Any]]
    ) -> None:
        await bulk(school, "make_inactive", *three)
        told = len(await door.told(school.id))
        again = await bulk(school, "make_inactive", *three, *three)
        assert (again["changed"], len(again["items"])) == (0, 3)
        assert len(await door.told(school.id)) == told

    async def test_and_active_again_tells_who_needs_a_reset(
        self, door: Door, school: SchoolInTest, three: list[dict[str, Any]]
    ) -> None:
        """R2: the 14 days run on while they are inactive."""
        await school.claim(three[0]["username"])
        await bulk(school, "make_inactive", *three)
        ahead = await bulk(school, "make_active", *three, preview=True)
        assert (ahead["changed"], ahead["must_be_reset"], ahead["signs_out"]) == (3, 0, 0)
        with door.clock.moved_by(days=15):
            ahead = await bulk(school, "make_active", *three, preview=True)
            assert ahead["must_be_reset"] == 2
        await bulk(school, "make_active", *three)
        assert (await door.sign_in(three[0]["username"], OWN_PASSWORD)).status_code == 201


class TestReset:
    async def test_leaves_those_who_cannot_be_reset_with_their_reason(
        self, door: Door, school: SchoolInTest, three: list[dict[str, Any]]
    ) -> None:
        """R4: the same reason as on the user's own page."""
        waiting, claimed, inactive = three
        opened = await school.claim(claimed["username"])
        await set_active(school, inactive, False)
        email = f"head@{school.postcode}.example"
        head = await school.add_user(surname="Head", role="slt", leadership="head", email=email)
        await link_mailed_to(door, email)
        ahead = await bulk(school, "reset_password", *three, head, preview=True)
        assert (ahead["changed"], ahead["signs_out"], ahead["sends_links"]) == (2, 1, 1)
        result = await bulk(school, "reset_password", *three, head)
        assert outcomes(result) == {
            "Adams": "refused",
            "Brown": "changed",
            "Clark": "refused",
            "Head": "changed",
        }
        reasons = {item["id"]: item["reason"] for item in result["items"]}
        for user in (waiting, inactive):
            assert reasons[user["id"]] == (await read(school, user))["cannot_reset_reason"]
        assert result["items"] == ahead["items"]
        assert (await door.look_up(opened["token"])).status_code == 401
        assert (await door.sign_in(claimed["username"], OWN_PASSWORD)).status_code == 401
        signed_in = await door.sign_in(claimed["username"], school.default_password)
        assert signed_in.status_code == 201
        newest = await link_mailed_to(door, email, nth=2)
        answer = await door.client.post("/sessions/link", json={"token": newest})
        assert answer.status_code == 201

    async def test_by_two_at_once_resets_each_user_once(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """Both hold each other's users, in another order; the second decides by what is there."""
        users = [await school.add_user(surname=f"Two{n}") for n in range(8)]
        await asyncio.gather(*(school.claim(user["username"]) for user in users))
        one, other = await asyncio.gather(
            bulk(school, "reset_password", *users[:6]),
            bulk(school, "reset_password", *reversed(users[2:])),
        )
        both = {user["id"] for user in users[2:6]}
        changed = [
            [item["id"] for item in result["items"] if item["outcome"] == "changed"]
            for result in (one, other)
        ]
        assert sorted(changed[0] + changed[1]) == sorted(user["id"] for user in users)
        refused = [item for result in (one, other) for item in result["items"] if item["reason"]]
        assert {item["id"] for item in refused} == both
        entries = [
            entry["subject"]["id"]
            for event in await door.told(school.id, "activity.recorded.v1")
            for entry in event["data"]["entries"]
            if entry["action"] == "user.password_reset"
        ]
        assert sorted(entries) == sorted(user["id"] for user in users)

    async def test_and_inactive_at_once_end_as_one_after_the_other(
        self, school: SchoolInTest
    ) -> None:
        users = [await school.add_user(surname=f"Mix{n}") for n in range(6)]
        await asyncio.gather(*(school.claim(user["username"]) for user in users))
        reset, inactive = await asyncio.gather(
            bulk(school, "reset_password", *users), bulk(school, "make_inactive", *reversed(users))
        )
        assert inactive["changed"] == 6
        assert {item["outcome"] for item in reset["items"]} in ({"changed"}, {"refused"})


async def test_500_cost_no_more_round_trips_than_two(
    door: Door, school: SchoolInTest, settings: Settings
) -> None:
    """Those without an address, since each mail is written by itself."""
    users = [await school.add_user(surname=f"Cost{n}") for n in range(8)]
    await asyncio.gather(*(school.claim(user["username"]) for user in users))
    with watched(door, settings) as few:
        assert (await bulk(school, "reset_password", *users[:2]))["changed"] == 2
    with watched(door, settings) as many:
        assert (await bulk(school, "reset_password", *users[2:]))["changed"] == 6
    assert many.statements == few.statements


class TestRefusedWhole:
    @pytest.mark.parametrize("action", ACTIONS)
    @pytest.mark.parametrize("preview", [True, False])
    async def test_where_one_is_of_another_school_or_nobody(
        self,
        door: Door,
        school: SchoolInTest,
        three: list[dict[str, Any]],
        action: str,
        preview: bool,
    ) -> None:
        other = await door.new_school()
        stranger = await other.add_user()
        told, told_there = len(await door.told(school.id)), len(await door.told(other.id))
        admin = (await school.admin())["session"]["account"]["id"]
        for wrong in (stranger["id"], str(uuid4()), admin):
            body = {"action": action, "ids": [three[0]["id"], wrong]}
            path = f"/users/bulk{'/preview' if preview else ''}"
            answer = await ask(school, "POST", path, body)
            assert problem_of(answer) == (422, "no-such-users")
            assert [error["pointer"] for error in answer.json()["errors"]] == ["#/ids/1"]
            assert "Nothing was changed" in answer.json()["detail"]
            assert stranger["username"] not in answer.text
        assert len(await door.told(school.id)) == told
        assert len(await door.told(other.id)) == told_there

    @pytest.mark.parametrize("role", ["slt", "teacher"])
    async def test_for_users(self, school: SchoolInTest, role: str) -> None:
        """R1: only the admin manages users. A parent's principal is refused the same way."""
        user = await school.add_user(role=role)
        session = (await school.claim(user["username"]))["session"]
        body = {"action": "make_inactive", "ids": [user["id"]]}
        as_parent = {**session, "account": {**session["account"], "kind": "parent", "role": None}}
        for who in (session, as_parent):
            headers = school.door.as_session(who)
            for path in ("/users/bulk", "/users/bulk/preview"):
                answer = await ask(school, "POST", path, body, headers)
                assert problem_of(answer)[0] == 403
        assert (await read(school, user))["active"]

    @pytest.mark.parametrize(
        "body",
        [
            {"action": "make_inactive", "ids": []},
            {"action": "make_inactive", "ids": [str(UUID(int=n)) for n in range(501)]},
            {"action": "delete", "ids": [str(uuid4())]},
            {"action": "make_inactive", "ids": ["1"]},
            {"action": "make_inactive", "ids": [str(uuid4())], "school_id": str(uuid4())},
        ],
        ids=["nobody", "501", "unknown action", "no id", "more than asked"],
    )
    async def test_where_it_makes_no_sense(self, school: SchoolInTest, body: Any) -> None:
        assert (await ask(school, "POST", "/users/bulk", body)).status_code == 422
