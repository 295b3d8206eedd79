"""No way of setting a password goes round the second step (R2, R3), nor is it undone by one."""

from __future__ import annotations

from typing import Any

import pytest

from services.identity.forgotten.service import settle_all
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.second_step import Phone, enter, mails_to, set_up, sign_in, text_of

NEW_PASSWORD = "marmalade on the piano"


@pytest.fixture
async def user(school: SchoolInTest) -> dict[str, Any]:
    return await school.add_user(surname="Careful", email=f"careful@{school.postcode}.example")


@pytest.fixture
async def phone(door: Door, school: SchoolInTest, user: dict[str, Any]) -> Phone:
    return (await set_up(door, (await school.claim(user["username"]))["session"]))[0]


async def test_a_forgotten_password_set_by_link_does_not_skip_it(
    door: Door, user: dict[str, Any], phone: Phone
) -> None:
    await door.client.post("/password/forgotten", json={"identifier": user["email"]})
    await settle_all(door.app.state.identity)
    (mail,) = await mails_to(door, user["email"], "A new password for Classroom Monitor")
    token = text_of(mail).partition("/link#")[2].split()[0]
    form = (await door.client.post("/sessions/link", json={"token": token})).json()
    assert form["session"]["scope"] == "set_password"
    after = (await door.set_password(form, NEW_PASSWORD)).json()
    assert after["session"]["scope"] == "two_step"
    with door.clock.moved_by(minutes=5):
        opened = await sign_in(door, user["username"], NEW_PASSWORD)
        entered = await enter(door, opened, code=phone.code())
    assert entered.json()["session"]["scope"] == "full"


async def test_a_password_that_was_reset_does_not_skip_it(
    door: Door, school: SchoolInTest, user: dict[str, Any], phone: Phone
) -> None:
    reset = await door.client.post(
        f"/users/{user['id']}/password-reset", headers=await school.as_admin()
    )
    assert reset.status_code == 200, reset.text
    form = (await door.sign_in(user["username"], school.default_password)).json()
    after = (await door.set_password(form, NEW_PASSWORD)).json()
    assert after["session"]["scope"] == "two_step"
    assert (await enter(door, after, code=phone.code(1))).status_code == 201


async def test_the_password_alone_sets_no_other(
    door: Door, user: dict[str, Any], phone: Phone
) -> None:
    opened = await sign_in(door, user["username"])
    refused = await door.set_password(opened, NEW_PASSWORD, current=OWN_PASSWORD)
    assert problem_of(refused) == (403, "step-not-done")


async def test_who_did_it_changes_their_password_and_goes_on(
    door: Door, user: dict[str, Any], phone: Phone
) -> None:
    with door.clock.moved_by(minutes=5):
        opened = await sign_in(door, user["username"])
        full = (await enter(door, opened, code=phone.code())).json()
        changed = await door.set_password(full, NEW_PASSWORD, current=OWN_PASSWORD)
    session = changed.json()["session"]
    assert (session["scope"], session["authenticator"]) == ("full", "My phone")


async def test_who_did_not_is_asked_after_changing_it(
    door: Door, school: SchoolInTest, user: dict[str, Any]
) -> None:
    before = await school.claim(user["username"])
    await set_up(door, (await sign_in(door, user["username"]))["session"])
    changed = await door.set_password(before, NEW_PASSWORD, current=OWN_PASSWORD)
    assert changed.json()["session"]["scope"] == "two_step"


async def test_making_inactive_ends_a_sign_in_half_way(
    door: Door, school: SchoolInTest, user: dict[str, Any], phone: Phone
) -> None:
    opened = await sign_in(door, user["username"])
    inactive = await door.client.put(
        f"/users/{user['id']}/active", json={"active": False}, headers=await school.as_admin()
    )
    assert inactive.status_code == 200
    refused = await enter(door, opened, code=phone.code(1))
    assert problem_of(refused) == (401, "session-over")
