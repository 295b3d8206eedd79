"""Recovery codes: ten, shown once, each opens once; told of by mail and in the log."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.second_step import STEP, Phone, enter, mails_to, set_up, sign_in, text_of


@pytest.fixture
async def user(school: SchoolInTest) -> dict[str, Any]:
    return await school.add_user(surname="Lost", email=f"lost@{school.postcode}.example")


@pytest.fixture
async def phone_and_done(
    door: Door, school: SchoolInTest, user: dict[str, Any]
) -> tuple[Phone, dict[str, Any]]:
    claimed = await school.claim(user["username"])
    return await set_up(door, claimed["session"])


@pytest.fixture
def codes(phone_and_done: tuple[Phone, dict[str, Any]]) -> list[str]:
    found: list[str] = phone_and_done[1]["recovery_codes"]
    return found


async def left(door: Door, session: dict[str, Any]) -> int:
    answer = await door.client.get("/two-step", headers=door.as_session(session))
    return int(answer.json()["codes_left"])


async def make_anew(door: Door, session: dict[str, Any], **proof: str) -> Any:
    return await door.client.post(
        "/two-step/recovery-codes", json=proof, headers=door.as_session(session)
    )


class TestUsingOne:
    async def test_it_stands_in_for_the_authenticator(
        self, door: Door, user: dict[str, Any], codes: list[str]
    ) -> None:
        opened = await sign_in(door, user["username"])
        entered = await enter(door, opened, recovery_code=codes[0])
        assert entered.json()["session"]["scope"] == "full"
        assert entered.json()["session"]["authenticator"] == "recovery code"
        assert await left(door, entered.json()["session"]) == 9

    async def test_capitals_spaces_and_dashes_make_no_difference(
        self, door: Door, user: dict[str, Any], codes: list[str]
    ) -> None:
        typed = f" {codes[3].upper().replace('-', '  ')} "
        opened = await sign_in(door, user["username"])
        assert (await enter(door, opened, recovery_code=typed)).status_code == 201

    async def test_it_opens_once(self, door: Door, user: dict[str, Any], codes: list[str]) -> None:
        for status in (201, 422):
            opened = await sign_in(door, user["username"])
            assert (await enter(door, opened, recovery_code=codes[0])).status_code == status

    async def test_of_two_at_once_one_gets_in(
        self, door: Door, user: dict[str, Any], codes: list[str]
    ) -> None:
        both = [await sign_in(door, user["username"]) for _ in range(2)]
        answers = await asyncio.gather(*(enter(door, one, recovery_code=codes[0]) for one in both))
        assert sorted(answer.status_code for answer in answers) == [201, 422]

    async def test_no_other_accounts_and_no_part_of_one_opens(
        self, door: Door, school: SchoolInTest, user: dict[str, Any], codes: list[str]
    ) -> None:
        other = await school.claim((await school.add_user(surname="Other"))["username"])
        _, theirs = await set_up(door, other["session"])
        opened = await sign_in(door, user["username"])
        for wrong in (theirs["recovery_codes"][0], codes[0][:4], codes[0][:-1]):
            refused = await enter(door, opened, recovery_code=wrong)
            assert problem_of(refused) == (422, "code-refused")

    async def test_it_is_told_by_mail_and_in_the_log(
        self, door: Door, school: SchoolInTest, user: dict[str, Any], codes: list[str]
    ) -> None:
        opened = await sign_in(door, user["username"])
        await enter(door, opened, recovery_code=codes[0])
        (mail,) = await mails_to(door, user["email"], "A recovery code was used")
        assert "9 codes are left" in text_of(mail)
        (entry,) = (
            entry
            for event in await door.told(school.id, "activity.recorded.v1")
            for entry in event["data"]["entries"]
            if entry["action"] == "two_step.recovery_code_used"
        )
        assert entry["after"] == {"left": 9}


class TestNewOnes:
    async def test_the_old_ones_die(
        self,
        door: Door,
        user: dict[str, Any],
        phone_and_done: tuple[Phone, dict[str, Any]],
        codes: list[str],
    ) -> None:
        phone, done = phone_and_done
        with door.clock.moved_by(seconds=STEP):
            proof = {"current_password": OWN_PASSWORD, "code": phone.code()}
            made = await make_anew(door, done["session"], **proof)
        assert made.status_code == 201, made.text
        fresh = made.json()["recovery_codes"]
        assert len(fresh) == 10
        assert not set(fresh) & set(codes)
        opened = await sign_in(door, user["username"])
        assert (await enter(door, opened, recovery_code=codes[1])).status_code == 422
        assert (await enter(door, opened, recovery_code=fresh[1])).status_code == 201

    async def test_they_take_the_password_and_a_code(
        self, door: Door, phone_and_done: tuple[Phone, dict[str, Any]]
    ) -> None:
        phone, done = phone_and_done
        session = done["session"]
        with door.clock.moved_by(seconds=STEP):
            alone = await make_anew(door, session, current_password=OWN_PASSWORD)
            assert problem_of(alone) == (422, "code-refused")
            wrong = await make_anew(door, session, current_password="no", code=phone.code())
            assert problem_of(wrong) == (422, "current-password-wrong")
        assert await left(door, session) == 10

    async def test_they_are_hashed_in_the_database(
        self, door: Door, school: SchoolInTest, codes: list[str]
    ) -> None:
        kept = str(await door.rows("SELECT * FROM recovery_codes WHERE school_id = $1", school.id))
        assert kept.count("$argon2id$") == 10
        for code in codes:
            assert code not in kept
            assert code.replace("-", "") not in kept
            assert code[5:] not in kept
