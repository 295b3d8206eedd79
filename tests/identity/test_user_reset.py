"""The admin resets a user's password: when they may, and what it ends (R2, R4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.eventually import eventually
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.user_management import (
    last_entry,
    link_mailed_to,
    read,
    reset,
    set_active,
)


@pytest.fixture
async def user(school: SchoolInTest) -> dict[str, Any]:
    return await school.add_user(title="Ms", email=f"jo@{school.postcode}.example")


class TestReset:
    async def test_is_not_there_while_the_default_works(
        self, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        """R4: the page greys it out with the reason that the API answers."""
        assert user["can_reset_password"] is False
        answer = await reset(school, user)
        assert problem_of(answer) == (409, "cannot-reset-password")
        assert answer.json()["detail"] == user["cannot_reset_reason"]
        assert "still the default password" in user["cannot_reset_reason"]

    async def test_starts_the_fourteen_days_anew_once_they_have_lapsed(
        self, door: Door, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        """R4."""
        await school.admin()
        with door.clock.moved_by(days=14, minutes=1):
            assert (await read(school, user))["can_reset_password"] is True
            answer = await reset(school, user)
            assert (answer.status_code, answer.json()["to"]) == (200, "default")
            assert answer.json()["user"]["can_reset_password"] is False
        with door.clock.moved_by(days=28):
            opened = await door.sign_in(user["username"], school.default_password)
            assert opened.status_code == 201
        with door.clock.moved_by(days=28, minutes=2):
            late = await door.sign_in(user["username"], school.default_password)
            assert late.status_code == 401

    async def test_takes_the_own_password_and_signs_out(
        self, door: Door, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        """R4."""
        session = await school.claim(user["username"])
        answer = await reset(school, user)
        assert answer.json()["user"]["claimed"] is False
        assert (await door.look_up(session["token"])).status_code == 401
        ended = (await door.told(school.id, "identity.session.ended.v1"))[-1]
        assert session["session"]["id"] in ended["data"]["session_ids"]
        assert (await door.sign_in(user["username"], OWN_PASSWORD)).status_code == 401
        opened = await door.sign_in(user["username"], school.default_password)
        assert opened.json()["session"]["scope"] == "set_password"
        event = (await door.told(school.id, "identity.users.changed.v1"))[-1]["data"]["users"][0]
        assert (event["claimed"], event["version"]) == (False, answer.json()["user"]["version"])

    async def test_is_in_the_log_without_a_secret_and_told_by_mail(
        self, door: Door, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        """R9."""
        await school.claim(user["username"])
        await reset(school, user)
        entry = await last_entry(school)
        assert entry["action"] == "user.password_reset"
        assert (entry["before"], entry["after"]) == ({"password": "own"}, {"password": "default"})

        async def mail() -> Any:
            sent = door.mailbox.sent_to(user["email"])
            return [one for one in sent if one["Subject"] == "Your password was reset"]

        [told] = await eventually(mail)
        assert school.default_password not in told.as_string()
        assert school.default_password not in str(await door.told(school.id))

    async def test_of_a_head_is_a_link_by_mail(self, door: Door, school: SchoolInTest) -> None:
        """R2."""
        email = f"head@{school.postcode}.example"
        head = await school.add_user(role="slt", leadership="head", email=email)
        token = await link_mailed_to(door, email)
        form = (await door.client.post("/sessions/link", json={"token": token})).json()
        await door.set_password(form, OWN_PASSWORD)
        answer = await reset(school, head)
        assert (answer.status_code, answer.json()["to"]) == (200, "link")
        assert answer.json()["user"]["default_until"] is None
        for password in (school.default_password, OWN_PASSWORD):
            assert (await door.sign_in(head["username"], password)).status_code == 401
        fresh = await link_mailed_to(door, email, nth=2)
        opened = await door.client.post("/sessions/link", json={"token": fresh})
        assert opened.status_code == 201

    async def test_of_a_head_without_an_address_says_what_is_missing(
        self, door: Door, school: SchoolInTest
    ) -> None:
        email = f"h@{school.postcode}.example"
        head = await school.add_user(role="slt", leadership="head", email=email)
        await door.rows("UPDATE accounts SET email = NULL WHERE account_id = $1", head["id"])
        answer = await reset(school, head)
        assert problem_of(answer) == (409, "cannot-reset-password")
        assert "e-mail address first" in answer.json()["detail"]

    async def test_of_someone_inactive_is_refused(
        self, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        """R6."""
        await school.claim(user["username"])
        await set_active(school, user, False)
        answer = await reset(school, user)
        assert problem_of(answer) == (409, "cannot-reset-password")
        assert answer.json()["detail"] == (await read(school, user))["cannot_reset_reason"]
