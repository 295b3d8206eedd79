"""Another e-mail address for the admin account: asked for, told, confirmed or cancelled (R5)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.leaders import (
    ask,
    by_link,
    cancel,
    entries,
    lead,
    new_address,
    seen,
    texts_to,
    token_to,
)
from tests.identity.second_step import set_up


class TestAsking:
    async def test_changes_nothing_and_is_seen_by_the_admin_and_the_heads(
        self, door: Door, school: SchoolInTest, head: dict[str, Any], asked: str
    ) -> None:
        """It counts once it is confirmed."""
        for session in (head, (await school.admin())["session"]):
            found = await seen(door, session)
            assert found["email"] == school.admin_email
            assert found["waiting"]["email"] == asked
            assert found["waiting"]["asked_by"] == "Jo Hart"
        assert (await door.sign_in(asked, OWN_PASSWORD)).status_code == 401
        assert (await door.sign_in(school.admin_email, OWN_PASSWORD)).status_code == 201

    async def test_tells_both_addresses_and_who_asked(
        self, door: Door, school: SchoolInTest, head: dict[str, Any], asked: str
    ) -> None:
        [to_new] = await texts_to(door, asked)
        assert "Jo Hart, head of Heron Park Primary School" in to_new
        assert "/confirm-address#" in to_new
        to_old = (await texts_to(door, school.admin_email))[-1]
        assert asked in to_old
        assert "/stop-address-change#" in to_old
        assert "/confirm-address#" not in to_old
        to_asker = (await texts_to(door, head["account"]["email"]))[-1]
        assert "If this was not you" in to_asker
        assert "#" not in to_asker

    async def test_is_in_the_log_and_no_secret_is(
        self, door: Door, school: SchoolInTest, head: dict[str, Any], asked: str
    ) -> None:
        """R9; and links are kept as hashes."""
        [entry] = await entries(door, school, "admin_email.asked_for")
        assert entry["actor"]["account_id"] == head["account"]["id"]
        assert entry["before"] == {"email": school.admin_email}
        assert entry["after"] == {"email": asked}
        for recipient, does in ((asked, "confirm"), (school.admin_email, "cancel")):
            token = await token_to(door, recipient, does)  # type: ignore[arg-type]
            assert token not in str(await door.told(school.id))
            rows = await door.rows("SELECT token_hash FROM admin_email_links")
            assert token.encode() not in [row["token_hash"] for row in rows]

    async def test_is_told_to_no_other_service(self, door: Door, school: SchoolInTest) -> None:
        """The admin account is no user."""
        head = await lead(door, school)
        users = len(await door.told(school.id, "identity.users.changed.v1"))
        with door.clock.moved_by(days=7):
            await ask(door, head, new_address(school))
            await by_link(door, "confirm", await token_to(door, new_address(school), "confirm"))
        assert len(await door.told(school.id, "identity.users.changed.v1")) == users

    async def test_again_puts_the_newest_in_its_place(
        self, door: Door, school: SchoolInTest, head: dict[str, Any], asked: str
    ) -> None:
        old_confirm = await token_to(door, asked, "confirm")
        old_cancel = await token_to(door, school.admin_email, "cancel")
        other = new_address(school, "other")
        assert (await ask(door, head, other)).json()["waiting"]["email"] == other
        assert problem_of(await by_link(door, "confirm", old_confirm)) == (
            409,
            "address-link-over",
        )
        assert problem_of(await by_link(door, "cancel", old_cancel))[0] == 409
        done = await by_link(door, "confirm", await token_to(door, other, "confirm"))
        assert done.json()["email"] == other

    @pytest.mark.usefixtures("asked")
    async def test_sweeps_the_links_of_requests_that_were_settled_long_before(
        self, door: Door, school: SchoolInTest, head: dict[str, Any]
    ) -> None:
        async def links() -> int:
            rows = "SELECT 1 FROM admin_email_links WHERE school_id = $1"
            return len(await door.rows(rows, school.id))

        await cancel(door, head, (await seen(door, head))["waiting"]["id"])
        with door.clock.moved_by(days=29):
            await ask(door, head, new_address(school, "second"))
            assert await links() == 4
        with door.clock.moved_by(days=31):
            await ask(door, head, new_address(school, "third"))
            assert await links() == 4

    @pytest.mark.usefixtures("settled")
    async def test_two_at_once_leave_one_that_waits(
        self, door: Door, school: SchoolInTest, head: dict[str, Any]
    ) -> None:
        addresses = [new_address(school, name) for name in ("one", "two")]
        answers = await asyncio.gather(*(ask(door, head, email) for email in addresses))
        assert [answer.status_code for answer in answers] == [201, 201]
        waiting = (await seen(door, head))["waiting"]["email"]
        for email in addresses:
            answer = await by_link(door, "confirm", await token_to(door, email, "confirm"))
            assert answer.status_code == (200 if email == waiting else 409)

    @pytest.mark.usefixtures("settled")
    async def test_no_more_than_five_in_an_hour(
        self, door: Door, school: SchoolInTest, head: dict[str, Any]
    ) -> None:
        """Each mails an address that nobody has confirmed."""
        for n in range(5):
            assert (await ask(door, head, new_address(school, f"n{n}"))).status_code == 201
        answer = await ask(door, head, new_address(school, "n5"))
        assert problem_of(answer) == (429, "too-many-tries")
        assert (
            await door.rows("SELECT 1 FROM mails WHERE recipient = $1", new_address(school, "n5"))
            == []
        )


class TestCancelling:
    @pytest.mark.parametrize("who", ["the admin", "the head", "a deputy", "the old address"])
    async def test_is_done_by_whom_it_concerns(
        self, door: Door, school: SchoolInTest, head: dict[str, Any], asked: str, who: str
    ) -> None:
        """A deputy who was flagged just now may: it is asking that is refused for a week."""
        waiting = (await seen(door, head))["waiting"]["id"]
        if who == "the old address":
            token = await token_to(door, school.admin_email, "cancel")
            assert (await by_link(door, "cancel", token)).json()["email"] == asked
            assert problem_of(await by_link(door, "cancel", token))[0] == 409
        else:
            session = {
                "the admin": (await school.admin())["session"],
                "the head": head,
                "a deputy": await lead(door, school, "deputy", "Deane"),
            }[who]
            assert (await cancel(door, session, waiting)).status_code == 204
        answer = await by_link(door, "confirm", await token_to(door, asked, "confirm"))
        assert problem_of(answer) == (409, "address-link-over")
        assert (await seen(door, head))["waiting"] is None
        for recipient in (school.admin_email, asked, head["account"]["email"]):
            assert "was cancelled" in (await texts_to(door, recipient))[-1]
        [entry] = await entries(door, school, "admin_email.cancelled")
        assert entry["before"] == {"asked_for": asked}

    @pytest.mark.usefixtures("asked")
    async def test_takes_the_request_that_was_looked_at(
        self, door: Door, school: SchoolInTest, head: dict[str, Any]
    ) -> None:
        former = (await seen(door, head))["waiting"]["id"]
        await ask(door, head, new_address(school, "other"))
        assert problem_of(await cancel(door, head, former)) == (404, "not-found")
        assert (await seen(door, head))["waiting"] is not None

    async def test_and_confirming_at_once_is_one_of_the_two(
        self, door: Door, head: dict[str, Any], asked: str
    ) -> None:
        waiting = (await seen(door, head))["waiting"]["id"]
        token = await token_to(door, asked, "confirm")
        cancelled, confirmed = await asyncio.gather(
            cancel(door, head, waiting), by_link(door, "confirm", token)
        )
        assert (cancelled.status_code, confirmed.status_code) in ((204, 409), (404, 200))
        email = (await seen(door, head))["email"]
        assert (email == asked) is (confirmed.status_code == 200)

    async def test_after_it_counts_is_too_late(
        self, door: Door, school: SchoolInTest, head: dict[str, Any], asked: str
    ) -> None:
        waiting = (await seen(door, head))["waiting"]["id"]
        await by_link(door, "confirm", await token_to(door, asked, "confirm"))
        assert (await cancel(door, head, waiting)).status_code == 404
        token = await token_to(door, school.admin_email, "cancel")
        assert problem_of(await by_link(door, "cancel", token))[0] == 409


class TestTwoStep:
    async def test_a_code_is_asked_of_who_has_an_authenticator(
        self, door: Door, school: SchoolInTest, head: dict[str, Any]
    ) -> None:
        """As for adding an authenticator; and a code that was refused here is not spent."""
        phone, done = await set_up(door, head)
        with door.clock.moved_by(days=7):
            email = new_address(school)
            without = await ask(door, done["session"], email)
            assert problem_of(without) == (422, "code-refused")
            wrong = await ask(door, done["session"], email, code="000000")
            assert problem_of(wrong) == (422, "code-refused")
            code = phone.code()
            taken = await ask(door, done["session"], head["account"]["email"], code=code)
            assert problem_of(taken) == (409, "email-taken")
            answer = await ask(door, done["session"], email, code=code)
            assert answer.status_code == 201, answer.text
            again = await ask(door, done["session"], new_address(school, "b"), code=code)
            assert problem_of(again) == (422, "code-refused")
