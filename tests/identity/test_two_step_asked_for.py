"""A school that asks for two-step sign-in of its admin and SLT (R29)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.second_step import Phone, begin, confirm, enter, set_up, sign_in


async def ask_for_it(door: Door, school: SchoolInTest) -> None:
    change = {"expected_version": 0, "first_passwords": "default", "two_step": "admin_and_slt"}
    headers = await school.as_admin()
    answer = await door.client.put("/school/settings/sign-in", json=change, headers=headers)
    assert answer.status_code == 200, answer.text


@pytest.fixture
async def strict(door: Door, school: SchoolInTest) -> SchoolInTest:
    await ask_for_it(door, school)
    return school


async def claimed(door: Door, school: SchoolInTest, **details: Any) -> dict[str, Any]:
    user = await school.add_user(**details)
    opened = (await door.sign_in(user["username"], school.default_password)).json()
    answer: dict[str, Any] = (await door.set_password(opened, OWN_PASSWORD)).json()
    return answer


class TestOfWhom:
    async def test_of_the_admin_and_slt_and_not_of_teachers(
        self, door: Door, strict: SchoolInTest
    ) -> None:
        slt = await claimed(door, strict, surname="Leader", role="slt")
        teacher = await claimed(door, strict, surname="Teacher", role="teacher")
        assert slt["session"]["scope"] == "set_up_two_step"
        assert teacher["session"]["scope"] == "full"
        admin = await sign_in(door, strict.admin_email)
        assert admin["session"]["scope"] == "set_up_two_step"

    async def test_a_teacher_may_set_it_up_too(self, door: Door, strict: SchoolInTest) -> None:
        teacher = await claimed(door, strict, surname="Teacher")
        _, done = await set_up(door, teacher["session"])
        assert done["session"]["scope"] == "full"
        username = teacher["session"]["account"]["username"]
        assert (await sign_in(door, username))["session"]["scope"] == "two_step"

    async def test_who_is_signed_in_already_is_asked_at_the_next_sign_in(
        self, door: Door, strict: SchoolInTest
    ) -> None:
        """So that nobody is thrown out of the page on which they have just switched it on."""
        headers = await strict.as_admin()
        assert (await door.client.get("/users", headers=headers)).status_code == 200


class TestSettingUpAsAStep:
    async def test_it_takes_no_password_again_and_ends_in_a_full_session(
        self, door: Door, strict: SchoolInTest
    ) -> None:
        opened = await sign_in(door, strict.admin_email)
        begun = await begin(door, opened["session"], "Office iPad")
        phone = Phone.of(door, begun.json())
        done = (await confirm(door, opened["session"], phone, phone.code())).json()
        assert done["session"]["scope"] == "full"
        assert done["token"] != opened["token"]
        assert len(done["recovery_codes"]) == 10
        assert (await door.look_up(opened["token"])).status_code == 401

    async def test_of_two_colleagues_at_once_the_second_signs_in_with_the_first_ones_help(
        self, door: Door, strict: SchoolInTest
    ) -> None:
        """A password alone never adds an authenticator to an account that has one."""
        first = (await sign_in(door, strict.admin_email))["session"]
        second = (await sign_in(door, strict.admin_email))["session"]
        phones = [
            Phone.of(door, (await begin(door, session, name)).json())
            for session, name in ((first, "Smith"), (second, "Jones"))
        ]
        assert (await confirm(door, first, phones[0], phones[0].code())).status_code == 201
        refused = await confirm(door, second, phones[1], phones[1].code())
        assert problem_of(refused) == (409, "two-step-set-up-meanwhile")
        refused = await begin(door, second, "Jones")
        assert problem_of(refused) == (409, "two-step-set-up-meanwhile")

    async def test_it_lasts_for_ten_minutes(self, door: Door, strict: SchoolInTest) -> None:
        opened = await sign_in(door, strict.admin_email)
        with door.clock.moved_by(minutes=10, seconds=1):
            assert (await door.look_up(opened["token"])).status_code == 401

    async def test_a_session_that_ended_meanwhile_sets_nothing_up(
        self, door: Door, strict: SchoolInTest
    ) -> None:
        opened = await sign_in(door, strict.admin_email)
        begun = (await begin(door, opened["session"])).json()
        headers = door.as_session(opened["session"])
        await door.client.delete("/sessions/current", headers=headers)
        phone = Phone.of(door, begun)
        refused = await confirm(door, opened["session"], phone, phone.code())
        assert problem_of(refused) == (401, "session-over")
        assert (await sign_in(door, strict.admin_email))["session"]["scope"] == "set_up_two_step"


async def test_the_last_authenticator_stays(door: Door, strict: SchoolInTest) -> None:
    session = (await sign_in(door, strict.admin_email))["session"]
    phone = Phone.of(door, (await begin(door, session, "Smith")).json())
    done = (await confirm(door, session, phone, phone.code())).json()
    own = await door.client.get("/two-step", headers=door.as_session(done["session"]))
    assert own.json()["required"] is True
    with door.clock.moved_by(minutes=5):
        refused = await door.client.post(
            f"/two-step/authenticators/{phone.id}/removal",
            json={"current_password": OWN_PASSWORD, "code": phone.code()},
            headers=door.as_session(done["session"]),
        )
        assert problem_of(refused) == (409, "last-authenticator")
        opened = await sign_in(door, strict.admin_email)
        assert (await enter(door, opened, code=phone.code())).status_code == 201
