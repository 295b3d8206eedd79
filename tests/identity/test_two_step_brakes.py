"""Brakes on guessing codes, and whom a session that is not yet a full one reaches."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.identity.door import Door, SchoolInTest, problem_of
from tests.identity.second_step import Phone, enter, mails_to, set_up, sign_in, text_of

pytestmark = pytest.mark.usefixtures("standing_clock")


@pytest.fixture
async def user(school: SchoolInTest) -> dict[str, Any]:
    return await school.add_user(surname="Guessed", email=f"guessed@{school.postcode}.example")


@pytest.fixture
async def both(
    door: Door, school: SchoolInTest, user: dict[str, Any]
) -> tuple[Phone, dict[str, Any]]:
    return await set_up(door, (await school.claim(user["username"]))["session"])


async def guess(door: Door, opened: dict[str, Any], times: int) -> list[httpx.Response]:
    return [await enter(door, opened, code=f"{number:06}") for number in range(times)]


class TestWrongCodes:
    async def test_five_in_a_minute_and_then_a_pause(
        self, door: Door, user: dict[str, Any], both: tuple[Phone, dict[str, Any]]
    ) -> None:
        opened = await sign_in(door, user["username"])
        answers = await guess(door, opened, 6)
        assert [answer.status_code for answer in answers] == [422] * 5 + [429]
        assert problem_of(answers[5]) == (429, "too-many-tries")
        assert 0 < int(answers[5].headers["Retry-After"]) <= 60
        right = await enter(door, opened, code=both[0].code(1))
        assert right.status_code == 429, "also the right code waits"
        with door.clock.moved_by(seconds=61):
            assert (await enter(door, opened, code=both[0].code())).status_code == 201

    @pytest.mark.usefixtures("both")
    async def test_they_are_counted_over_all_sign_ins_of_the_account(
        self, door: Door, user: dict[str, Any]
    ) -> None:
        for _ in range(5):
            await guess(door, await sign_in(door, user["username"]), 1)
        answer = await enter(door, await sign_in(door, user["username"]), code="123456")
        assert answer.status_code == 429

    @pytest.mark.usefixtures("both")
    async def test_the_right_password_does_not_forgive_them(
        self, door: Door, user: dict[str, Any]
    ) -> None:
        opened = await sign_in(door, user["username"])
        await guess(door, opened, 5)
        again = await sign_in(door, user["username"])
        assert (await enter(door, again, code="123456")).status_code == 429

    async def test_thirty_in_a_day_and_only_recovery_codes_help(
        self, door: Door, user: dict[str, Any], both: tuple[Phone, dict[str, Any]]
    ) -> None:
        phone, done = both
        for burst in range(6):
            with door.clock.moved_by(minutes=16 * burst):
                opened = await sign_in(door, user["username"])
                answers = await guess(door, opened, 5)
                assert [answer.status_code for answer in answers] == [422] * 5
        with door.clock.moved_by(minutes=16 * 6):
            opened = await sign_in(door, user["username"])
            stopped = await enter(door, opened, code=phone.code())
            assert stopped.status_code == 429
            assert "recovery code" in stopped.json()["detail"]
            code = done["recovery_codes"][0]
            assert (await enter(door, opened, recovery_code=code)).status_code == 201
        with door.clock.moved_by(hours=25):
            opened = await sign_in(door, user["username"])
            assert (await enter(door, opened, code=phone.code())).status_code == 201

    @pytest.mark.usefixtures("both")
    async def test_the_holder_hears_of_the_tenth(self, door: Door, user: dict[str, Any]) -> None:
        for minutes in (0, 6, 12):
            with door.clock.moved_by(minutes=minutes):
                await guess(door, await sign_in(door, user["username"]), 4)
        with door.clock.moved_by(minutes=13):
            (mail,) = await mails_to(door, user["email"], "Somebody is trying to sign in")
        assert "ten codes" in text_of(mail)

    async def test_wrong_recovery_codes_are_braked_too(
        self, door: Door, user: dict[str, Any], both: tuple[Phone, dict[str, Any]]
    ) -> None:
        opened = await sign_in(door, user["username"])
        answers = [
            await enter(door, opened, recovery_code=f"aaaa-bbbb-ccc{number}") for number in range(6)
        ]
        assert [answer.status_code for answer in answers] == [422] * 5 + [429]
        assert (await enter(door, opened, code=both[0].code(1))).status_code == 201


@pytest.mark.parametrize("body", [{}, {"code": "1", "recovery_code": "2"}, {"code": "٠" * 6}])
@pytest.mark.usefixtures("both")
async def test_nonsense_is_refused(door: Door, user: dict[str, Any], body: dict[str, str]) -> None:
    assert (await enter(door, await sign_in(door, user["username"]), **body)).status_code == 422


async def test_a_full_session_has_no_second_step_to_do(
    door: Door, both: tuple[Phone, dict[str, Any]]
) -> None:
    phone, done = both
    refused = await enter(door, done, code=phone.code(1))
    assert problem_of(refused) == (403, "step-not-done")
