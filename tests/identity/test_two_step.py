"""Two-step sign-in: a password, then a code that an authenticator shows (issue 3, R1)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.second_step import STEP, Phone, begin, confirm, enter, later, set_up, sign_in


@pytest.fixture
async def user(school: SchoolInTest) -> dict[str, Any]:
    return await school.add_user(surname="Stepper", email=f"s@{school.postcode}.example")


@pytest.fixture
async def session(school: SchoolInTest, user: dict[str, Any]) -> dict[str, Any]:
    claimed: dict[str, Any] = (await school.claim(user["username"]))["session"]
    return claimed


class TestSettingUp:
    async def test_the_key_is_shown_as_a_picture_and_to_be_typed(
        self, door: Door, session: dict[str, Any]
    ) -> None:
        answer = await begin(door, session, "My phone", current_password=OWN_PASSWORD)
        begun = answer.json()
        assert begun["picture"].startswith("data:image/svg+xml")
        assert len(begun["key"].replace(" ", "")) == 32
        assert begun["name"] == "My phone"

    async def test_its_name_has_no_signs_that_nobody_can_see(
        self, door: Door, session: dict[str, Any]
    ) -> None:
        """It is shown in mails and in the log beside what was done."""
        for name in ("My\nphone", "My\x07phone", "My\x7fphone", " \n "):
            answer = await begin(door, session, name, current_password=OWN_PASSWORD)
            assert problem_of(answer) == (422, "unprocessable"), repr(name)

    async def test_the_first_one_needs_the_password(
        self, door: Door, session: dict[str, Any]
    ) -> None:
        for proof in ({}, {"current_password": "not the password"}):
            refused = await begin(door, session, **proof)
            assert problem_of(refused) == (422, "current-password-wrong")

    async def test_it_works_only_after_its_first_code(
        self, door: Door, user: dict[str, Any], session: dict[str, Any]
    ) -> None:
        begun = (await begin(door, session, current_password=OWN_PASSWORD)).json()
        phone = Phone.of(door, begun)
        refused = await confirm(door, session, phone, "000000")
        assert problem_of(refused) == (422, "code-refused")
        assert (await sign_in(door, user["username"]))["session"]["scope"] == "full"
        done = await confirm(door, session, phone, phone.code())
        assert done.status_code == 201
        assert (await sign_in(door, user["username"]))["session"]["scope"] == "two_step"

    async def test_the_first_one_brings_ten_recovery_codes_and_a_new_session(
        self, door: Door, session: dict[str, Any]
    ) -> None:
        _, done = await set_up(door, session)
        assert len(set(done["recovery_codes"])) == 10
        assert done["session"]["scope"] == "full"
        assert done["session"]["id"] != session["id"]
        assert done["session"]["authenticator"] == "My phone"
        assert (await door.look_up(done["token"])).json()["authenticator"] == "My phone"

    async def test_one_that_is_begun_is_forgotten_after_a_quarter_of_an_hour(
        self, door: Door, session: dict[str, Any]
    ) -> None:
        begun = (await begin(door, session, current_password=OWN_PASSWORD)).json()
        phone = Phone.of(door, begun)
        with door.clock.moved_by(minutes=16):
            assert (await confirm(door, session, phone, phone.code())).status_code == 404


class TestSigningIn:
    async def test_a_password_and_a_code_open_a_full_session(
        self, door: Door, user: dict[str, Any], session: dict[str, Any]
    ) -> None:
        phone, _ = await set_up(door, session)
        with door.clock.moved_by(seconds=STEP):
            opened = await sign_in(door, user["username"])
            assert opened["session"]["scope"] == "two_step"
            entered = await enter(door, opened, code=phone.code())
            assert entered.status_code == 201, entered.text
            full = entered.json()
            assert full["session"]["scope"] == "full"
            assert full["token"] != opened["token"]
            assert (await door.look_up(opened["token"])).status_code == 401
            assert (await door.look_up(full["token"])).status_code == 200

    @pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (1, True), (2, False)])
    async def test_a_clock_may_be_one_step_off(
        self, door: Door, user: dict[str, Any], session: dict[str, Any], steps: int, taken: bool
    ) -> None:
        phone, _ = await set_up(door, session)
        with later(door, steps=10):
            opened = await sign_in(door, user["username"])
            entered = await enter(door, opened, code=phone.code(steps))
            assert entered.status_code == (201 if taken else 422)

    async def test_a_code_is_taken_once(
        self, door: Door, user: dict[str, Any], session: dict[str, Any]
    ) -> None:
        phone, _ = await set_up(door, session)
        with door.clock.moved_by(minutes=5):
            code, older = phone.code(), phone.code(-1)
            opened = await sign_in(door, user["username"])
            assert (await enter(door, opened, code=code)).status_code == 201
            opened = await sign_in(door, user["username"])
            for again in (code, older):
                refused = await enter(door, opened, code=again)
                assert problem_of(refused) == (422, "code-refused")

    async def test_the_code_that_set_it_up_does_not_sign_in(
        self, door: Door, user: dict[str, Any], session: dict[str, Any]
    ) -> None:
        begun = (await begin(door, session, current_password=OWN_PASSWORD)).json()
        phone = Phone.of(door, begun)
        code = phone.code()
        await confirm(door, session, phone, code)
        refused = await enter(door, await sign_in(door, user["username"]), code=code)
        assert problem_of(refused) == (422, "code-refused")

    async def test_of_two_at_once_with_the_same_code_one_gets_in(
        self, door: Door, user: dict[str, Any], session: dict[str, Any]
    ) -> None:
        phone, _ = await set_up(door, session)
        with door.clock.moved_by(minutes=5):
            both = [await sign_in(door, user["username"]), await sign_in(door, user["username"])]
            code = phone.code()
            answers = await asyncio.gather(*(enter(door, one, code=code) for one in both))
        assert sorted(answer.status_code for answer in answers) == [201, 422]


@settings(max_examples=8)
@given(tries=st.lists(st.tuples(st.integers(0, 3), st.integers(-2, 2)), min_size=3, max_size=8))
async def test_whatever_the_order_a_step_is_taken_once_and_never_an_older_one(
    door: Door, tries: list[tuple[int, int]]
) -> None:
    """Each try: how many steps later it is, and how far off the phone's clock is."""
    school = await door.new_school()
    phone, _ = await set_up(door, (await school.admin())["session"])
    throttle = door.app.state.identity.throttle
    last, steps = 0, 10
    for forward, off in tries:
        steps += forward
        with later(door, steps=steps):
            opened = await sign_in(door, school.admin_email)
            code, step = phone.code(off), phone.step() + off
            entered = await enter(door, opened, code=code)
            await throttle.forgive_codes(UUID(opened["session"]["account"]["id"]))
        taken = abs(off) <= 1 and step > last
        assert entered.status_code == (201 if taken else 422), (forward, off)
        last = step if taken else last
