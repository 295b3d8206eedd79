"""Starting codes: what they open, for whom, until when, and what printing another does (R2, R4)."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.eventually import eventually
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.starting_codes import code_for, sheet, use, use_codes
from tests.identity.test_side_by_side import done_or_waiting, held, who_waits
from tests.identity.user_management import (
    ask,
    change,
    last_entry,
    link_mailed_to,
    read,
    reset,
    set_active,
    text_of,
)
from tests.slips import codes_on, pages_of

REFUSED = (401, "sign-in-refused")


@pytest.fixture
async def coded(school: SchoolInTest) -> SchoolInTest:
    """A school that uses starting codes."""
    await use_codes(school)
    return school


@pytest.fixture
async def user(coded: SchoolInTest) -> dict[str, Any]:
    return await coded.add_user()


async def a_head(school: SchoolInTest) -> dict[str, Any]:
    email = f"head-{uuid4().hex[:8]}@{school.postcode}.example"
    return await school.add_user(surname="Head", role="slt", leadership="head", email=email)


async def comes_in(door: Door, user: dict[str, Any], code: str) -> bool:
    """Whether it opens the form, and nothing else."""
    answer = await door.sign_in(user["username"], code)
    if answer.status_code == 201:
        assert answer.json()["session"]["scope"] == "set_password"
        return True
    assert problem_of(answer) == REFUSED
    return False


class TestACode:
    async def test_opens_the_form_for_the_first_password_and_then_nothing(
        self, door: Door, coded: SchoolInTest, user: dict[str, Any]
    ) -> None:
        code = await code_for(coded, user)
        opened = await door.sign_in(user["username"], code)
        assert opened.json()["session"]["scope"] == "set_password"
        claimed = await door.set_password(opened.json(), OWN_PASSWORD)
        assert claimed.json()["session"]["scope"] == "full"
        assert not await comes_in(door, user, code)
        [kept] = await door.rows(
            "SELECT starting_code_hash, starting_code_made_at FROM accounts WHERE account_id = $1",
            UUID(user["id"]),
        )
        assert set(kept.values()) == {None}

    async def test_has_fifty_bits_of_characters_that_are_told_apart(
        self, coded: SchoolInTest, user: dict[str, Any]
    ) -> None:
        codes = {await code_for(coded, user) for _ in range(8)}
        assert len(codes) == 8
        for code in codes:
            assert re.fullmatch(r"[CDFHJKMPQRTWXY234679]{4}(-[CDFHJKMPQRTWXY234679]{4}){2}", code)

    @pytest.mark.parametrize(
        "typed",
        [
            str.lower,
            lambda code: code.replace("-", ""),
            lambda code: f" {code.replace('-', ' ').lower()} ",
            lambda code: code.replace("-", "–"),
        ],
        ids=["small", "no dashes", "spaces", "another dash"],
    )
    async def test_forgives_case_spaces_and_dashes(
        self, door: Door, coded: SchoolInTest, user: dict[str, Any], typed: Any
    ) -> None:
        assert await comes_in(door, user, typed(await code_for(coded, user)))

    async def test_is_nobody_elses(self, door: Door, coded: SchoolInTest) -> None:
        users = [await coded.add_user() for _ in range(2)]
        code = await code_for(coded, users[0])
        await code_for(coded, users[1])
        assert not await comes_in(door, users[1], code)

    async def test_is_replaced_by_a_newer_one_with_the_form_it_had_opened(
        self, door: Door, coded: SchoolInTest, user: dict[str, Any]
    ) -> None:
        older = await code_for(coded, user)
        form = (await door.sign_in(user["username"], older)).json()
        newer = await code_for(coded, user)
        assert problem_of(await door.set_password(form, OWN_PASSWORD)) == (401, "session-over")
        assert not await comes_in(door, user, older)
        assert await comes_in(door, user, newer)

    async def test_opens_one_form_at_a_time(
        self, door: Door, coded: SchoolInTest, user: dict[str, Any]
    ) -> None:
        code = await code_for(coded, user)
        first, second = [(await door.sign_in(user["username"], code)).json() for _ in range(2)]
        assert problem_of(await door.set_password(first, OWN_PASSWORD)) == (401, "session-over")
        assert (await door.set_password(second, OWN_PASSWORD)).status_code == 201

    async def test_lapses_with_the_fourteen_days_of_the_account_and_not_of_the_printing(
        self, door: Door, coded: SchoolInTest, user: dict[str, Any]
    ) -> None:
        await coded.admin()
        with door.clock.moved_by(days=13):
            code = await code_for(coded, user)
        with door.clock.moved_by(days=14, minutes=-1):
            form = (await door.sign_in(user["username"], code)).json()
        with door.clock.moved_by(days=14, minutes=1):
            assert problem_of(await door.set_password(form, OWN_PASSWORD)) == (401, "session-over")
            assert not await comes_in(door, user, code)
            assert problem_of(await sheet(coded, user)) == (409, "no-slip")

    async def test_of_a_head_works_from_the_printing_beside_their_link(
        self, door: Door, coded: SchoolInTest
    ) -> None:
        head = await a_head(coded)
        with door.clock.moved_by(days=20):
            code = await code_for(coded, head)
            assert await comes_in(door, head, code)
        with door.clock.moved_by(days=33):
            assert await comes_in(door, head, code)
        with door.clock.moved_by(days=34, minutes=1):
            assert not await comes_in(door, head, code)

    async def test_goes_when_a_teacher_becomes_head_or_the_reverse(
        self, door: Door, coded: SchoolInTest
    ) -> None:
        email = f"jo@{coded.postcode}.example"
        user = await coded.add_user(role="slt", email=email)
        code = await code_for(coded, user)
        assert (await change(coded, user, leadership="head")).status_code == 200
        assert not await comes_in(door, user, code)
        code = await code_for(coded, user)
        form = (await door.sign_in(user["username"], code)).json()
        await change(coded, await read(coded, user), leadership=None)
        assert not await comes_in(door, user, code)
        assert problem_of(await door.set_password(form, OWN_PASSWORD)) == (401, "session-over")

    async def test_of_an_inactive_user_opens_nothing_until_they_are_active_again(
        self, door: Door, coded: SchoolInTest, user: dict[str, Any]
    ) -> None:
        """R6."""
        code = await code_for(coded, user)
        await set_active(coded, user, False)
        assert not await comes_in(door, user, code)
        assert problem_of(await sheet(coded, user)) == (409, "no-slip")
        await set_active(coded, user, True)
        assert await comes_in(door, user, code)

    async def test_is_braked_like_a_password_and_no_spray_pauses_it(
        self, door: Door, coded: SchoolInTest
    ) -> None:
        """A code is one account's: others' misses are no reason to let its holder wait."""
        sprayed = [await coded.add_user(surname="Sprayed") for _ in range(6)]
        user = await coded.add_user()
        code = await code_for(coded, user)
        for one in sprayed:
            for _ in range(5):
                await door.sign_in(one["username"], "CDFH-JKMP-2346")
            told = await door.sign_in(one["username"], "CDFH-JKMP-2346")
            assert problem_of(told) == (429, "too-many-tries")
        assert await comes_in(door, user, code)


class TestReset:
    async def test_gives_no_default_but_days_in_which_a_slip_can_be_printed(
        self, door: Door, coded: SchoolInTest
    ) -> None:
        """R4."""
        email = f"jo@{coded.postcode}.example"
        user = await coded.add_user(email=email)
        form = (await door.sign_in(user["username"], await code_for(coded, user))).json()
        await door.set_password(form, OWN_PASSWORD)
        answer = await reset(coded, user)
        assert answer.json()["to"] == "starting_code"
        assert answer.json()["user"]["password"] == "no_code"
        assert not await comes_in(door, user, coded.default_password)
        assert not await comes_in(door, user, OWN_PASSWORD)
        assert await comes_in(door, user, await code_for(coded, user))

    async def test_is_not_there_while_a_code_works_and_ends_nothing_then(
        self, door: Door, coded: SchoolInTest, user: dict[str, Any]
    ) -> None:
        assert user["can_reset_password"] is True, "there is nothing yet that works"
        code = await code_for(coded, user)
        now = await read(coded, user)
        assert (now["password"], now["can_reset_password"]) == ("code", False)
        answer = await reset(coded, user)
        assert problem_of(answer) == (409, "cannot-reset-password")
        assert answer.json()["detail"] == now["cannot_reset_reason"]
        assert await comes_in(door, user, code)

    async def test_starts_the_days_anew_once_they_have_lapsed_and_voids_the_slip(
        self, door: Door, coded: SchoolInTest, user: dict[str, Any]
    ) -> None:
        code = await code_for(coded, user)
        with door.clock.moved_by(days=15):
            assert (await read(coded, user))["password"] == "lapsed"
            assert (await reset(coded, user)).status_code == 200
            assert not await comes_in(door, user, code)
            assert await comes_in(door, user, await code_for(coded, user))

    async def test_of_a_head_sends_a_link_and_voids_the_slip(
        self, door: Door, coded: SchoolInTest
    ) -> None:
        head = await a_head(coded)
        code = await code_for(coded, head)
        await link_mailed_to(door, head["email"])
        assert (await reset(coded, head)).json()["to"] == "link"
        assert not await comes_in(door, head, code)
        link = await link_mailed_to(door, head["email"], nth=2)
        assert (await door.client.post("/sessions/link", json={"token": link})).status_code == 201


class TestSwitching:
    async def test_to_codes_leaves_the_default_opening_nothing_at_once(
        self, door: Door, school: SchoolInTest
    ) -> None:
        user = await school.add_user()
        form = (await door.sign_in(user["username"], school.default_password)).json()
        await use_codes(school)
        assert (await door.look_up(form["token"])).status_code == 401
        assert problem_of(await door.set_password(form, OWN_PASSWORD)) == (401, "session-over")
        assert not await comes_in(door, user, school.default_password)
        assert (await read(school, user))["password"] == "no_code"
        assert await comes_in(door, user, await code_for(school, user))

    async def test_back_leaves_codes_opening_nothing_and_forth_again_what_was_printed(
        self, door: Door, coded: SchoolInTest, user: dict[str, Any]
    ) -> None:
        """Nothing is lost by switching: what the school uses again works for what is left."""
        code = await code_for(coded, user)
        head = await a_head(coded)
        of_head = await code_for(coded, head)
        form = (await door.sign_in(user["username"], code)).json()
        await use(coded, "default")
        assert (await door.look_up(form["token"])).status_code == 401
        assert problem_of(await door.set_password(form, OWN_PASSWORD)) == (401, "session-over")
        assert not await comes_in(door, user, code)
        assert not await comes_in(door, head, of_head)
        assert await comes_in(door, user, coded.default_password)
        await use_codes(coded)
        assert await comes_in(door, head, of_head)
        assert not await comes_in(door, user, coded.default_password)
        assert await comes_in(door, user, code)
        with door.clock.moved_by(days=14, minutes=1):
            assert not await comes_in(door, user, code)

    async def test_sends_out_who_is_just_coming_in(self, door: Door, school: SchoolInTest) -> None:
        """Also a sign-in that had checked the default already."""
        user = await school.add_user()
        await door.sign_in(user["username"], school.default_password)
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
            switching = asyncio.create_task(use_codes(school))
            await done_or_waiting(door, switching)
        await switching
        form = await coming
        if form.status_code == 201:
            assert (await door.look_up(form.json()["token"])).status_code == 401
            late = await door.set_password(form.json(), OWN_PASSWORD)
            assert problem_of(late) == (401, "session-over")


class TestPrinting:
    async def test_makes_new_codes_for_exactly_those_printed_and_is_in_the_log(
        self, door: Door, coded: SchoolInTest
    ) -> None:
        """R9: for whom, and never the code."""
        users = [await coded.add_user(surname=name) for name in ("Able", "Baker", "Cook")]
        before = [await code_for(coded, user) for user in users]
        answer = await sheet(coded, *users[:2])
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["cache-control"] == "no-store"
        printed = codes_on(answer.content)
        assert list(printed) == [user["username"] for user in users[:2]]
        told = (await door.told(coded.id, "activity.recorded.v1"))[-1]["data"]["entries"]
        assert [(entry["action"], entry["subject"]["label"]) for entry in told] == [
            ("starting_code.printed", "Jo Able"),
            ("starting_code.printed", "Jo Baker"),
        ]
        assert not await comes_in(door, users[0], before[0])
        assert await comes_in(door, users[1], printed[users[1]["username"]])
        assert await comes_in(door, users[2], before[2])

    async def test_for_all_who_wait_leaves_out_leaders_and_who_has_a_password(
        self, door: Door, coded: SchoolInTest
    ) -> None:
        head = await a_head(coded)
        of_head = await code_for(coded, head)
        claimed, with_code, without = [
            await coded.add_user(surname=name) for name in ("Able", "Baker", "Cook")
        ]
        form = (await door.sign_in(claimed["username"], await code_for(coded, claimed))).json()
        await door.set_password(form, OWN_PASSWORD)
        await code_for(coded, with_code)
        first = await sheet(coded, waiting=["no_code"])
        assert set(codes_on(first.content)) == {without["username"]}
        both = await sheet(coded, waiting=["code", "no_code"])
        assert set(codes_on(both.content)) == {with_code["username"], without["username"]}
        assert await comes_in(door, head, of_head)
        nobody = await sheet(coded, waiting=["no_code"])
        assert problem_of(nobody) == (409, "nobody-waits")

    async def test_of_one_with_a_password_prints_for_nobody(
        self, door: Door, coded: SchoolInTest
    ) -> None:
        waits, claimed = [await coded.add_user(surname=name) for name in ("Able", "Baker")]
        code = await code_for(coded, waits)
        form = (await door.sign_in(claimed["username"], await code_for(coded, claimed))).json()
        await door.set_password(form, OWN_PASSWORD)
        answer = await sheet(coded, waits, claimed)
        assert problem_of(answer) == (409, "no-slip")
        assert "Jo Baker" in answer.json()["detail"]
        assert await comes_in(door, waits, code)

    async def test_at_the_same_moment_gives_one_sheet_that_works(
        self, door: Door, coded: SchoolInTest
    ) -> None:
        users = [await coded.add_user() for _ in range(3)]
        answers = await asyncio.gather(*(sheet(coded, *users) for _ in range(3)))
        worked = [answer for answer in answers if answer.status_code == 200]
        assert len(worked) == 1
        for answer in answers:
            if answer not in worked:
                assert problem_of(answer) == (409, "printed-meanwhile")
        for user in users:
            assert await comes_in(door, user, codes_on(worked[0].content)[user["username"]])

    async def test_of_who_sets_a_password_meanwhile_is_thrown_away(
        self, door: Door, coded: SchoolInTest, user: dict[str, Any]
    ) -> None:
        other = await coded.add_user(surname="Other")
        form = (await door.sign_in(user["username"], await code_for(coded, user))).json()
        account = "SELECT 1 FROM accounts WHERE account_id = $1 FOR UPDATE"
        async with held(door, account, UUID(user["id"])):
            claiming = asyncio.create_task(door.set_password(form, OWN_PASSWORD))
            await who_waits(door)
            printing = asyncio.create_task(sheet(coded, user, other))
            await who_waits(door, 2)
        assert (await claiming).status_code == 201
        assert problem_of(await printing) == (409, "printed-meanwhile")
        assert (await read(coded, other))["password"] == "no_code"

    async def test_in_a_school_with_the_default_holds_no_secret_and_changes_nothing(
        self, door: Door, school: SchoolInTest
    ) -> None:
        user = await school.add_user()
        before = len(await door.told(school.id))
        answer = await sheet(school, user)
        [text] = pages_of(answer.content)
        assert user["username"] in text
        assert "the school’s default password" in text
        assert school.default_password not in text
        assert codes_on(answer.content) == {}
        assert len(await door.told(school.id)) == before
        assert problem_of(await sheet(school, await a_head(school))) == (409, "no-slip")

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"user_ids": []},
            {"user_ids": [str(uuid4())] * 301},
            {"waiting": ["own"]},
            {"waiting": ["link"]},
            {"user_ids": [str(uuid4())], "waiting": ["code"]},
            {"user_ids": ["\x00"]},
            {"waiting": ["code"], "school_id": str(uuid4())},
        ],
    )
    async def test_asked_for_in_no_sensible_way_is_refused(
        self, coded: SchoolInTest, body: dict[str, Any]
    ) -> None:
        assert (await ask(coded, "POST", "/slips", body)).status_code in (400, 422)

    async def test_is_for_ones_own_school_only(self, door: Door, coded: SchoolInTest) -> None:
        other = await door.new_school()
        await use_codes(other)
        theirs = await other.add_user()
        code = await code_for(other, theirs)
        assert problem_of(await sheet(coded, await coded.add_user(), theirs)) == (404, "not-found")
        assert problem_of(await sheet(coded, {"id": str(uuid4())})) == (404, "not-found")
        admin = {"id": (await coded.admin())["session"]["account"]["id"]}
        assert problem_of(await sheet(coded, admin)) == (404, "not-found")
        assert await comes_in(door, theirs, code)

    @pytest.mark.parametrize("role", ["teacher", "slt"])
    async def test_is_the_admins_alone(self, door: Door, school: SchoolInTest, role: str) -> None:
        user = await school.add_user(role=role)
        headers = door.as_session((await school.claim(user["username"]))["session"])
        waiting = await school.add_user()
        for method, path, body in (
            ("POST", "/slips", {"user_ids": [waiting["id"]]}),
            ("GET", "/claims", None),
            ("GET", "/claims/summary", None),
            ("POST", "/claims/lapsed/reset", {}),
            ("POST", "/claims/links", {}),
        ):
            answer = await ask(school, method, path, body, headers)
            assert problem_of(answer) == (403, "forbidden"), path


async def test_who_forgot_a_password_they_never_had_is_told_of_the_slip(
    door: Door, coded: SchoolInTest
) -> None:
    """R3: no link in place of the code."""
    email = f"jo-{uuid4().hex[:8]}@{coded.postcode}.example"
    user = await coded.add_user(email=email)
    await code_for(coded, user)
    await door.client.post("/password/forgotten", json={"identifier": email, "door": "staff"})

    async def mails() -> Any:
        return door.mailbox.sent_to(email)

    [mail] = await eventually(mails)
    assert "starting code" in text_of(mail)
    assert "/link#" not in text_of(mail)
    assert "default password" not in text_of(mail)


async def test_a_claim_by_code_is_told_as_any_other(
    door: Door, coded: SchoolInTest, user: dict[str, Any]
) -> None:
    """R2, R9."""
    form = (await door.sign_in(user["username"], await code_for(coded, user))).json()
    await door.set_password(form, OWN_PASSWORD)
    assert (await last_entry(coded))["action"] == "user.claimed"
    assert (await read(coded, user))["claimed_at"] is not None
