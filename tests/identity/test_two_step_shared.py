"""Several people with authenticators of their own on the one admin account (R1, R9)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cryptography.fernet import Fernet

from services.identity.settings import Settings
from services.identity.two_step.sealing import Sealing
from tests.eventually import eventually
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.second_step import STEP, Phone, begin, confirm, enter, later, set_up, sign_in


@pytest.fixture
async def smith(door: Door, school: SchoolInTest) -> tuple[Phone, dict[str, Any]]:
    """Mrs Smith's phone, and her session."""
    phone, done = await set_up(door, (await school.admin())["session"], "Mrs Smith's phone")
    return phone, done["session"]


class TestAddingAColleague:
    async def test_it_takes_a_code_of_one_that_is_there(
        self, door: Door, school: SchoolInTest, smith: tuple[Phone, dict[str, Any]]
    ) -> None:
        phone, session = smith
        with door.clock.moved_by(seconds=STEP):
            alone = await begin(door, session, "Mr Jones", current_password=OWN_PASSWORD)
            assert problem_of(alone) == (422, "code-refused")
            jones, done = await set_up(door, session, "Mr Jones", code=phone.code())
            assert done["recovery_codes"] is None
            assert done["session"]["authenticator"] == "Mrs Smith's phone"
        with door.clock.moved_by(minutes=5):
            opened = await sign_in(door, school.admin_email)
            entered = (await enter(door, opened, code=jones.code())).json()
        assert entered["session"]["authenticator"] == "Mr Jones"

    async def test_a_session_from_before_adds_none_with_the_password_alone(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """A thief of the password who was signed in first stays no longer than their session."""
        first = (await school.admin())["session"]
        second = (await sign_in(door, school.admin_email))["session"]
        begun = (await begin(door, second, "A thief's", current_password=OWN_PASSWORD)).json()
        await set_up(door, first, "Mrs Smith's phone")
        assert (await begin(door, second, current_password=OWN_PASSWORD)).status_code == 422
        thief = Phone.of(door, begun)
        assert (await confirm(door, second, thief, thief.code())).status_code == 404

    async def test_two_of_one_name_cannot_be_told_apart(
        self, door: Door, smith: tuple[Phone, dict[str, Any]]
    ) -> None:
        phone, session = smith
        with door.clock.moved_by(seconds=STEP):
            proof = {"current_password": OWN_PASSWORD, "code": phone.code()}
            refused = await begin(door, session, "mrs smith's PHONE", **proof)
        assert problem_of(refused) == (409, "authenticator-name-taken")

    async def test_another_account_is_not_reached(
        self, door: Door, school: SchoolInTest, smith: tuple[Phone, dict[str, Any]]
    ) -> None:
        phone, _ = smith
        user = await school.add_user()
        mine = (await school.claim(user["username"]))["session"]
        base = f"/two-step/authenticators/{phone.id}"
        headers = door.as_session(mine)
        rename = await door.client.patch(
            base, json={"name": "Mine", "expected_version": 1}, headers=headers
        )
        assert rename.status_code == 404
        _, done = await set_up(door, mine)
        code = done["recovery_codes"][0]
        removal = await door.client.post(
            f"{base}/removal",
            json={"current_password": OWN_PASSWORD, "recovery_code": code},
            headers=door.as_session(done["session"]),
        )
        assert removal.status_code == 404


class TestTheLog:
    async def test_it_says_which_persons_it_was(
        self, door: Door, smith: tuple[Phone, dict[str, Any]]
    ) -> None:
        _, session = smith
        body = {"forename": "Jo", "surname": "Logged", "role": "teacher"}
        headers = door.as_session(session)
        await door.client.post("/users", json=body, headers=headers)

        async def line() -> dict[str, Any] | None:
            found = await door.client.get(
                "/activity?action=user.created&search=logged", headers=headers
            )
            return next(iter(found.json()["items"]), None)

        one = await eventually(line, lambda found: found is not None)
        assert one is not None
        assert (one["actor"]["name"], one["actor"]["authenticator"]) == (
            "Administrator",
            "Mrs Smith's phone",
        )
        exported = await door.client.get("/activity/export", headers=headers)
        assert "Administrator (Mrs Smith's phone)" in exported.text

    async def test_the_name_is_the_one_of_then(
        self, door: Door, smith: tuple[Phone, dict[str, Any]]
    ) -> None:
        phone, session = smith
        renamed = await door.client.patch(
            f"/two-step/authenticators/{phone.id}",
            json={"name": "Mrs Brown's phone", "expected_version": 1},
            headers=door.as_session(session),
        )
        assert (renamed.json()["name"], renamed.json()["version"]) == ("Mrs Brown's phone", 2)
        late = await door.client.patch(
            f"/two-step/authenticators/{phone.id}",
            json={"name": "Another", "expected_version": 1},
            headers=door.as_session(session),
        )
        assert problem_of(late) == (409, "changed-meanwhile")

    async def test_ones_own_sessions_say_it_too(
        self, door: Door, smith: tuple[Phone, dict[str, Any]]
    ) -> None:
        _, session = smith
        listed = await door.client.get("/sessions", headers=door.as_session(session))
        assert [one["authenticator"] for one in listed.json()["items"]] == ["Mrs Smith's phone"]


class TestRemoving:
    async def remove(self, door: Door, session: dict[str, Any], phone: Phone, **proof: str) -> Any:
        return await door.client.post(
            f"/two-step/authenticators/{phone.id}/removal",
            json={"current_password": OWN_PASSWORD, **proof},
            headers=door.as_session(session),
        )

    async def test_it_ends_what_it_opened_and_nothing_else(
        self, door: Door, school: SchoolInTest, smith: tuple[Phone, dict[str, Any]]
    ) -> None:
        phone, session = smith
        with door.clock.moved_by(seconds=STEP):
            proof = {"current_password": OWN_PASSWORD, "code": phone.code()}
            jones = Phone.of(door, (await begin(door, session, "Mr Jones", **proof)).json())
            after = (await confirm(door, session, jones, jones.code())).json()
        with door.clock.moved_by(minutes=5):
            opened = await sign_in(door, school.admin_email)
            of_jones = (await enter(door, opened, code=jones.code())).json()
            removed = await self.remove(door, after["session"], jones, code=phone.code())
            assert removed.status_code == 204, removed.text
            assert (await door.look_up(of_jones["token"])).status_code == 401
            assert (await door.look_up(after["token"])).status_code == 200
            opened = await sign_in(door, school.admin_email)
            assert (await enter(door, opened, code=jones.code(1))).status_code == 422

    async def test_with_the_last_one_goes_the_second_step(
        self, door: Door, school: SchoolInTest
    ) -> None:
        phone, done = await set_up(door, (await school.admin())["session"])
        with door.clock.moved_by(minutes=5):
            assert (await self.remove(door, done["session"], phone)).status_code == 422
            removed = await self.remove(door, done["session"], phone, code=phone.code())
            assert removed.status_code == 204, removed.text
            assert (await sign_in(door, school.admin_email))["session"]["scope"] == "full"
        assert not await door.rows("SELECT 1 FROM recovery_codes WHERE school_id = $1", school.id)


async def test_a_new_key_seals_what_is_used_from_then_on(
    door: Door, school: SchoolInTest, settings: Settings
) -> None:
    """The old key opens it once more; afterwards it can be taken away."""
    phone, _ = await set_up(door, (await school.admin())["session"])
    identity = door.app.state.identity
    old, new = settings.two_step_keys()[0], Fernet.generate_key().decode()
    try:
        for keys, steps in (([new, old], 10), ([new], 20)):
            door.app.state.identity = replace(identity, sealing=Sealing(keys))
            with later(door, steps=steps):
                opened = await sign_in(door, school.admin_email)
                assert (await enter(door, opened, code=phone.code())).status_code == 201
    finally:
        door.app.state.identity = identity
