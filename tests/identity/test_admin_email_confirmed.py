"""Another e-mail address for the admin account: confirmed by its link, and what that ends (R5)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.leaders import (
    ask,
    by_link,
    entries,
    lead,
    seen,
    texts_to,
    token_to,
)
from tests.identity.test_forgotten_password import ask as forget
from tests.identity.test_forgotten_password import links_to


class TestConfirming:
    async def test_makes_it_the_admins_address(
        self, door: Door, school: SchoolInTest, head: dict[str, Any], asked: str
    ) -> None:
        admin = await school.admin()
        token = await token_to(door, asked, "confirm")
        answer = await by_link(door, "confirm", token)
        assert answer.status_code == 200, answer.text
        assert answer.json()["school"] == "Heron Park Primary School"
        assert (await door.sign_in(school.admin_email, OWN_PASSWORD)).status_code == 401
        opened = await door.sign_in(asked, OWN_PASSWORD)
        assert opened.json()["session"]["account"]["id"] == admin["session"]["account"]["id"]
        found = await seen(door, head)
        assert (found["email"], found["waiting"]) == (asked, None)

    async def test_tells_both_addresses_again_and_the_log(
        self, door: Door, school: SchoolInTest, head: dict[str, Any], asked: str
    ) -> None:
        """R5, R9: before and after, and on whose request."""
        await by_link(door, "confirm", await token_to(door, asked, "confirm"))
        told = "became the e-mail address of the admin account"
        for recipient in (school.admin_email, asked, head["account"]["email"]):
            assert told in (await texts_to(door, recipient))[-1]
        [entry] = await entries(door, school, "admin_email.changed")
        assert entry["before"]["email"] == school.admin_email
        assert entry["after"] == {"email": asked, "as_asked_by": "Jo Hart"}
        assert entry["actor"]["kind"] == "system"

    async def test_looking_at_the_link_changes_nothing(
        self, door: Door, school: SchoolInTest, head: dict[str, Any], asked: str
    ) -> None:
        """So that what looks into mail before its reader confirms nothing."""
        body = {"token": await token_to(door, asked, "confirm"), "does": "confirm"}
        for _ in range(2):
            shown = await door.client.post("/admin-email/link", json=body)
            assert shown.status_code == 200, shown.text
            assert shown.json()["email"] == asked
            assert shown.json()["asked_by"] == "Jo Hart"
        assert (await seen(door, head))["email"] == school.admin_email

    async def test_works_once(self, door: Door, asked: str) -> None:
        token = await token_to(door, asked, "confirm")
        answers = await asyncio.gather(*(by_link(door, "confirm", token) for _ in range(3)))
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
        assert problem_of(await by_link(door, "confirm", token)) == (409, "address-link-over")

    async def test_works_for_three_days(self, door: Door, school: SchoolInTest, asked: str) -> None:
        """From Friday afternoon to Monday morning."""
        token = await token_to(door, asked, "confirm")
        with door.clock.moved_by(days=3):
            assert problem_of(await by_link(door, "confirm", token)) == (409, "address-link-over")
            shown = await seen(door, (await school.admin())["session"])
            assert shown["waiting"] is None
        with door.clock.moved_by(days=2, hours=23, minutes=59):
            assert (await by_link(door, "confirm", token)).status_code == 200

    @pytest.mark.parametrize("token", ["", "x", "a" * 43, "é"])
    async def test_takes_no_other_secret(self, door: Door, token: str) -> None:
        for does in ("confirm", "cancel"):
            answer = await by_link(door, does, token)
            assert problem_of(answer) == (409, "address-link-over")
        assert (await by_link(door, "confirm", "a" * 5000)).status_code == 422
        assert (await by_link(door, "confirm", "nul\x00nul")).status_code == 400

    async def test_is_not_done_by_the_link_that_cancels(
        self, door: Door, school: SchoolInTest, asked: str
    ) -> None:
        wrong = await token_to(door, school.admin_email, "cancel")
        assert problem_of(await by_link(door, "confirm", wrong))[0] == 409
        wrong = await token_to(door, asked, "confirm")
        assert problem_of(await by_link(door, "cancel", wrong))[0] == 409

    async def test_ends_the_links_of_the_old_address_and_their_forms(
        self, door: Door, school: SchoolInTest, asked: str
    ) -> None:
        """Whoever reads the old address sets no password by what was sent there."""
        await school.admin()
        await forget(door, school.admin_email)
        [link] = await links_to(door, school.admin_email)
        form = await door.client.post("/sessions/link", json={"token": link})
        await by_link(door, "confirm", await token_to(door, asked, "confirm"))
        again = await door.client.post("/sessions/link", json={"token": link})
        assert problem_of(again) == (401, "link-refused")
        answer = await door.set_password(form.json(), "a lantern for the meadow 9")
        assert problem_of(answer) == (401, "session-over")
        await forget(door, asked)
        assert len(await links_to(door, asked)) == 1

    async def test_leaves_who_is_signed_in(
        self, door: Door, school: SchoolInTest, asked: str
    ) -> None:
        """R1: the account is shared, and nothing of what opened their sessions has changed."""
        opened = (await door.sign_in(school.admin_email, OWN_PASSWORD)).json()
        await by_link(door, "confirm", await token_to(door, asked, "confirm"))
        answer = await door.look_up(opened["token"])
        assert answer.status_code == 200
        assert answer.json()["account"]["email"] == asked

    async def test_meets_an_address_that_was_taken_meanwhile(
        self, door: Door, school: SchoolInTest, head: dict[str, Any], asked: str
    ) -> None:
        """R8: nobody signed in is told whose it is; once it is free, the link works."""
        elsewhere = await door.new_school()
        user = await elsewhere.add_user(email=asked.upper(), surname="Taker")
        token = await token_to(door, asked, "confirm")
        answer = await by_link(door, "confirm", token)
        assert problem_of(answer) == (409, "email-taken")
        assert "Taker" not in answer.text
        assert user["id"] not in answer.text
        assert (await seen(door, head))["email"] == school.admin_email
        change = {"expected_version": user["version"], "email": None}
        headers = await elsewhere.as_admin()
        await door.client.patch(f"/users/{user['id']}", json=change, headers=headers)
        assert (await by_link(door, "confirm", token)).status_code == 200

    async def test_of_one_address_for_two_schools_is_one_schools(
        self, door: Door, asked: str
    ) -> None:
        """R8, side by side: the directory lets one of them in."""
        elsewhere = await door.new_school()
        with door.clock.moved_by(days=-7):
            other_head = await lead(door, elsewhere)
        await ask(door, other_head, asked)
        tokens = await _confirm_tokens(door, asked)
        answers = await asyncio.gather(*(by_link(door, "confirm", t) for t in tokens))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        [lost] = [answer for answer in answers if answer.status_code == 409]
        assert problem_of(lost) == (409, "email-taken")


async def _confirm_tokens(door: Door, recipient: str) -> list[str]:
    texts = await texts_to(door, recipient)
    return [t.partition("/confirm-address#")[2].split()[0] for t in texts]
