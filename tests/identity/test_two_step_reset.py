"""The way back for who has lost everything: by the admin, and for the admin by the operator."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.identity.door import OPERATOR, Door, SchoolInTest, problem_of
from tests.identity.second_step import mails_to, set_up, sign_in, text_of


@pytest.fixture
async def user(school: SchoolInTest) -> dict[str, Any]:
    return await school.add_user(surname="Lost", email=f"all@{school.postcode}.example")


@pytest.fixture
async def done(door: Door, school: SchoolInTest, user: dict[str, Any]) -> dict[str, Any]:
    return (await set_up(door, (await school.claim(user["username"]))["session"]))[1]


async def reset(door: Door, school: SchoolInTest, user: dict[str, Any]) -> httpx.Response:
    return await door.client.delete(
        f"/users/{user['id']}/two-step", headers=await school.as_admin()
    )


class TestByTheAdmin:
    @pytest.mark.usefixtures("done")
    async def test_its_state_is_seen(
        self, door: Door, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        path, headers = f"/users/{user['id']}/two-step", await school.as_admin()
        seen = (await door.client.get(path, headers=headers)).json()
        assert (seen["authenticators"], seen["codes_left"]) == (1, 10)
        assert seen["since"] is not None
        await reset(door, school, user)
        seen = (await door.client.get(path, headers=headers)).json()
        assert seen == {"since": None, "authenticators": 0, "codes_left": 0}

    async def test_the_password_alone_signs_in_again_and_sessions_end(
        self, door: Door, school: SchoolInTest, user: dict[str, Any], done: dict[str, Any]
    ) -> None:
        half = await sign_in(door, user["username"])
        assert (await reset(door, school, user)).status_code == 204
        for token in (done["token"], half["token"]):
            assert (await door.look_up(token)).status_code == 401
        assert (await sign_in(door, user["username"]))["session"]["scope"] == "full"
        rows = "SELECT 1 FROM recovery_codes WHERE school_id = $1"
        assert not await door.rows(rows, school.id)

    @pytest.mark.usefixtures("done")
    async def test_it_is_told_by_mail_and_in_the_log(
        self, door: Door, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        await reset(door, school, user)
        (mail,) = await mails_to(door, user["email"], "Your two-step sign-in was reset")
        assert "your school’s administrator" in text_of(mail)
        (entry,) = [
            entry
            for event in await door.told(school.id, "activity.recorded.v1")
            for entry in event["data"]["entries"]
            if entry["action"] == "two_step.reset"
        ]
        assert entry["before"] == {"authenticators": ["My phone"]}
        assert entry["actor"]["name"] == "Administrator"

    async def test_there_must_be_something_to_reset(
        self, door: Door, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        refused = await reset(door, school, user)
        assert problem_of(refused) == (409, "two-step-not-set-up")

    async def test_nobody_else_does_it_and_nobody_elses_is_reached(
        self, door: Door, user: dict[str, Any], done: dict[str, Any]
    ) -> None:
        path = f"/users/{user['id']}/two-step"
        for headers in (door.as_session(done["session"]), door.signed(OPERATOR)):
            assert (await door.client.delete(path, headers=headers)).status_code == 403
            assert (await door.client.get(path, headers=headers)).status_code == 403
        elsewhere = await door.new_school()
        answer = await door.client.delete(path, headers=await elsewhere.as_admin())
        assert answer.status_code == 404

    async def test_the_admin_account_is_no_user(self, door: Door, school: SchoolInTest) -> None:
        admin = (await school.admin())["session"]["account"]
        await set_up(door, (await school.admin())["session"])
        assert (await reset(door, school, {"id": admin["id"]})).status_code == 404


class TestByTheOperator:
    async def ask(self, door: Door, school_id: object) -> httpx.Response:
        return await door.client.delete(
            f"/schools/{school_id}/admin/two-step", headers=door.signed(OPERATOR)
        )

    async def test_the_admins_is_reset_and_the_address_told(
        self, door: Door, school: SchoolInTest
    ) -> None:
        _, done = await set_up(door, (await school.admin())["session"])
        answer = await self.ask(door, school.id)
        assert answer.status_code == 200, answer.text
        assert answer.json()["email"] == school.admin_email
        assert (await door.look_up(done["token"])).status_code == 401
        assert (await sign_in(door, school.admin_email))["session"]["scope"] == "full"
        (mail,) = await mails_to(door, school.admin_email, "Your two-step sign-in was reset")
        assert "who run Classroom Monitor" in text_of(mail)
        (entry,) = [
            entry
            for event in await door.told(school.id, "activity.recorded.v1")
            for entry in event["data"]["entries"]
            if entry["action"] == "two_step.reset"
        ]
        assert entry["actor"]["kind"] == "operator"

    async def test_a_school_that_is_not_there(self, door: Door) -> None:
        assert (await self.ask(door, uuid4())).status_code == 404

    async def test_no_admin_does_it(self, door: Door, school: SchoolInTest) -> None:
        headers = await school.as_admin()
        answer = await door.client.delete(f"/schools/{school.id}/admin/two-step", headers=headers)
        assert answer.status_code == 403
