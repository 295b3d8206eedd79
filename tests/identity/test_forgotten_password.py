"""A forgotten password: what is answered to whom, and what the e-mailed link does (R3, R5)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.identity.forgotten.service import settle_all
from tests.eventually import eventually
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of

NEW_PASSWORD = "a lantern for the meadow 7"
Asker = Callable[[SchoolInTest], Awaitable[str]]


async def ask(
    door: Door, identifier: str, *, page: str = "staff", address: str | None = None
) -> httpx.Response:
    body = {"identifier": identifier, "door": page, "address": address}
    return await door.client.post("/password/forgotten", json=body)


async def settle(door: Door) -> None:
    """What was asked is settled, by this or by the worker that runs beside."""
    await settle_all(door.app.state.identity)
    await eventually(lambda: door.rows("SELECT 1 FROM forgotten_passwords"), lambda left: not left)


async def links_to(door: Door, recipient: str) -> list[str]:
    """The secrets of the links that were mailed, in the order they were written."""
    mails = await mails_to(door, recipient, "A new password for Classroom Monitor")
    return [link_in(mail) for mail in mails]


async def mails_to(door: Door, recipient: str, subject: str) -> list[EmailMessage]:
    await settle(door)
    waiting = "SELECT 1 FROM mails WHERE recipient = $1 AND sent_at IS NULL AND given_up_at IS NULL"
    await eventually(lambda: door.rows(waiting, recipient), lambda left: not left)
    found = [mail for mail in door.mailbox.sent_to(recipient) if mail["Subject"] == subject]
    return sorted(found, key=lambda mail: str(mail["Message-ID"]))


def link_in(mail: EmailMessage) -> str:
    texts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    found = {link for text in texts for link in re.findall(r"/link#([\w-]+)", text)}
    assert len(found) == 1, "text and HTML hold the same link"
    return str(found.pop())


async def open_link(door: Door, token: str) -> httpx.Response:
    return await door.client.post("/sessions/link", json={"token": token})


@pytest.fixture
async def teacher(school: SchoolInTest) -> dict[str, Any]:
    """A teacher with a password of their own."""
    user = await school.add_user(surname="Okafor", email=f"okafor@{school.postcode}.example")
    await school.claim(user["username"])
    return user


async def _make_inactive(school: SchoolInTest, user: dict[str, Any]) -> None:
    await school.door.rows("UPDATE accounts SET active = false WHERE account_id = $1", user["id"])


class TestAsking:
    @pytest.mark.parametrize("field", ["username", "email"])
    async def test_a_link_comes_for_a_username_or_an_address_case_and_spaces_aside(
        self, door: Door, teacher: dict[str, Any], field: str
    ) -> None:
        await ask(door, f"  {teacher[field].upper()} ")
        assert len(await links_to(door, teacher["email"])) == 1

    async def test_the_admin_gets_one_too(self, door: Door, school: SchoolInTest) -> None:
        """R5."""
        await school.admin()
        await ask(door, school.made["admin"]["username"])
        [token] = await links_to(door, school.admin_email)
        assert (await open_link(door, token)).json()["session"]["account"]["kind"] == "admin"

    async def test_an_inactive_account_gets_nothing(
        self, door: Door, school: SchoolInTest, teacher: dict[str, Any]
    ) -> None:
        """R6."""
        await _make_inactive(school, teacher)
        await ask(door, teacher["email"])
        assert await links_to(door, teacher["email"]) == []

    async def test_staff_get_nothing_from_the_parents_page(
        self, door: Door, teacher: dict[str, Any]
    ) -> None:
        await ask(door, teacher["email"], page="parent")
        assert await links_to(door, teacher["email"]) == []

    async def test_who_waits_for_a_first_password_is_told_how_to_get_it(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """R2: no link takes the place of the default."""
        user = await school.add_user(email=f"new@{school.postcode}.example")
        await ask(door, user["email"])
        [mail] = await mails_to(door, user["email"], "Your first password for Classroom Monitor")
        text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert user["username"] in text
        assert "/link#" not in text
        assert school.default_password not in text

    async def test_a_head_who_waits_gets_a_link(self, door: Door, school: SchoolInTest) -> None:
        """R2: never the default."""
        email = f"head@{school.postcode}.example"
        await school.add_user(role="slt", leadership="head", email=email)
        await ask(door, email)
        [token] = await links_to(door, email)
        assert (await open_link(door, token)).status_code == 201

    async def test_nobody_is_flooded_and_the_last_link_still_works(
        self, door: Door, teacher: dict[str, Any]
    ) -> None:
        for _ in range(8):
            assert (await ask(door, teacher["email"])).status_code == 202
        tokens = await links_to(door, teacher["email"])
        assert len(tokens) == 5
        assert (await open_link(door, tokens[-1])).status_code == 201

    async def test_one_address_does_not_ask_without_end(self, door: Door) -> None:
        answers = [await ask(door, f"nobody-{n}", address="192.0.2.44") for n in range(31)]
        assert [answer.status_code for answer in answers[:30]] == [202] * 30
        assert problem_of(answers[30]) == (429, "too-many-tries")
        assert 0 < int(answers[30].headers["Retry-After"]) <= 900
        assert (await ask(door, "nobody", address="192.0.2.45")).status_code == 202
        await settle(door)

    async def test_all_addresses_of_one_line_are_one(self, door: Door) -> None:
        """Of IPv6 each visitor has more than could ever be counted."""
        for n in range(30):
            await ask(door, f"nobody-{n}", address=f"2001:db8:0:7:{n:x}::1")
        stopped = await ask(door, "nobody", address="2001:db8:0:7:ffff::1")
        assert problem_of(stopped) == (429, "too-many-tries")
        assert (await ask(door, "nobody", address="2001:db8:0:8::1")).status_code == 202
        await settle(door)


class TestTheLink:
    async def test_it_sets_a_password_and_ends_every_session(
        self, door: Door, teacher: dict[str, Any]
    ) -> None:
        before = (await door.sign_in(teacher["username"], OWN_PASSWORD)).json()
        await ask(door, teacher["username"])
        [token] = await links_to(door, teacher["email"])
        opened = (await open_link(door, token)).json()
        assert opened["session"]["scope"] == "set_password"
        assert (await door.set_password(opened, NEW_PASSWORD)).status_code == 201
        assert problem_of(await door.look_up(before["token"])) == (401, "session-over")
        refused = await door.sign_in(teacher["username"], OWN_PASSWORD)
        assert problem_of(refused) == (401, "sign-in-refused")
        assert (await door.sign_in(teacher["username"], NEW_PASSWORD)).status_code == 201
        assert len(await mails_to(door, teacher["email"], "Your password was changed")) == 1

    async def test_it_works_once(self, door: Door, teacher: dict[str, Any]) -> None:
        await ask(door, teacher["username"])
        [token] = await links_to(door, teacher["email"])
        await door.set_password((await open_link(door, token)).json(), NEW_PASSWORD)
        assert problem_of(await open_link(door, token)) == (401, "link-refused")

    async def test_of_older_ones_nothing_is_kept(self, door: Door, teacher: dict[str, Any]) -> None:
        for _ in range(2):
            await ask(door, teacher["username"])
            token = (await links_to(door, teacher["email"]))[-1]
            await door.set_password((await open_link(door, token)).json(), NEW_PASSWORD)
        rows = await door.rows(
            "SELECT 1 FROM single_use_links WHERE account_id = $1", UUID(teacher["id"])
        )
        assert len(rows) == 1

    async def test_it_works_for_an_hour(self, door: Door, teacher: dict[str, Any]) -> None:
        await ask(door, teacher["username"])
        [token] = await links_to(door, teacher["email"])
        with door.clock.moved_by(minutes=58):
            assert (await open_link(door, token)).status_code == 201
        with door.clock.moved_by(minutes=61):
            assert problem_of(await open_link(door, token)) == (401, "link-refused")

    async def test_the_newest_wins(self, door: Door, teacher: dict[str, Any]) -> None:
        await ask(door, teacher["username"])
        await links_to(door, teacher["email"])
        await ask(door, teacher["username"])
        older, newer = await links_to(door, teacher["email"])
        assert problem_of(await open_link(door, older)) == (401, "link-refused")
        assert (await open_link(door, newer)).status_code == 201

    async def test_the_rules_of_passwords_are_the_same(
        self, door: Door, teacher: dict[str, Any]
    ) -> None:
        await ask(door, teacher["username"])
        [token] = await links_to(door, teacher["email"])
        opened = (await open_link(door, token)).json()
        for easy in ("short", "password1234", "Heron Park Primary School"):
            assert problem_of(await door.set_password(opened, easy)) == (422, "password-refused")

    async def test_the_secret_is_nowhere_but_in_the_mail(
        self, door: Door, school: SchoolInTest, teacher: dict[str, Any]
    ) -> None:
        """R9: the log tells that a link went, and not which."""
        await ask(door, teacher["username"])
        [token] = await links_to(door, teacher["email"])
        rows = await door.rows("SELECT token_hash FROM single_use_links")
        assert token.encode() not in [row["token_hash"] for row in rows]
        told = await door.told(school.id)
        assert token not in str(told)
        actions = [e["action"] for one in told for e in one["data"].get("entries", [])]
        assert actions[-1] == "user.password_link_sent"
