"""Whoever is meant, the answer and the work are the same, so that neither tells of accounts (R3).

The work is every statement, transaction and computed password between a request and its answer;
that the times are alike is measured in `benchmarks/answer_times`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.identity.accounts.repository import find_accounts
from services.identity.devices.devices import Devices
from services.identity.settings import Settings
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest
from tests.identity.starting_codes import code_for, use, use_codes
from tests.identity.test_throttling import wait_told
from tests.identity.user_management import link_mailed_to
from tests.identity.work import Work, watched

Attempt = Callable[[SchoolInTest], Awaitable[tuple[str, str]]]
"""What is typed: an identifier and a password."""
Asker = Callable[[SchoolInTest], Awaitable[str]]
WRONG = "whatever it is"


async def wrong_password(school: SchoolInTest) -> tuple[str, str]:
    user = await school.add_user()
    await school.claim(user["username"])
    return user["username"], OWN_PASSWORD.upper()


async def password_with_a_space_more(school: SchoolInTest) -> tuple[str, str]:
    user = await school.add_user()
    await school.claim(user["username"])
    return user["username"], OWN_PASSWORD + " "


async def inactive(school: SchoolInTest) -> tuple[str, str]:
    user = await school.add_user()
    await school.claim(user["username"])
    await _make_inactive(school, user)
    return user["username"], OWN_PASSWORD


async def inactive_with_the_default(school: SchoolInTest) -> tuple[str, str]:
    user = await school.add_user()
    await _make_inactive(school, user)
    return user["username"], school.default_password


async def default_of_another_school(school: SchoolInTest) -> tuple[str, str]:
    other = await school.door.new_school()
    return (await school.add_user())["username"], other.default_password


async def default_of_a_claimed_account(school: SchoolInTest) -> tuple[str, str]:
    user = await school.add_user()
    await school.claim(user["username"])
    return user["username"], school.default_password


async def default_of_a_head(school: SchoolInTest) -> tuple[str, str]:
    email = f"head@{school.postcode}.example"
    user = await school.add_user(role="slt", leadership="head", email=email)
    return user["username"], school.default_password


async def default_of_a_deputy(school: SchoolInTest) -> tuple[str, str]:
    email = f"deputy@{school.postcode}.example"
    user = await school.add_user(role="slt", leadership="deputy", email=email)
    return user["username"], school.default_password


async def default_for_the_admin(school: SchoolInTest) -> tuple[str, str]:
    return school.made["admin"]["username"], school.default_password


async def default_that_was_replaced(school: SchoolInTest) -> tuple[str, str]:
    user = await school.add_user()
    await school.door.client.post("/default-password", headers=await school.as_admin())
    return user["username"], school.default_password


async def nothing_at_all(_: SchoolInTest) -> tuple[str, str]:
    return "", ""


async def default_that_lapsed(school: SchoolInTest) -> tuple[str, str]:
    with school.door.clock.moved_by(days=-15):
        user = await school.add_user()
    return user["username"], school.default_password


async def default_of_who_waits_for_a_code(school: SchoolInTest) -> tuple[str, str]:
    return (await _with_code(school))[0]["username"], school.default_password


async def wrong_code(school: SchoolInTest) -> tuple[str, str]:
    return (await _with_code(school))[0]["username"], "CDFH-JKMP-2346"


async def code_of_somebody_else(school: SchoolInTest) -> tuple[str, str]:
    _, code = await _with_code(school)
    return (await _with_code(school))[0]["username"], code


async def wrong_code_of_who_has_no_slip(school: SchoolInTest) -> tuple[str, str]:
    await use_codes(school)
    return (await school.add_user())["username"], "CDFH-JKMP-2346"


async def code_that_was_replaced(school: SchoolInTest) -> tuple[str, str]:
    user, code = await _with_code(school)
    await code_for(school, user)
    return user["username"], code


async def code_that_lapsed(school: SchoolInTest) -> tuple[str, str]:
    await school.admin()
    with school.door.clock.moved_by(days=-15):
        user, code = await _with_code(school)
    return user["username"], code


async def code_that_was_used(school: SchoolInTest) -> tuple[str, str]:
    user, code = await _with_code(school)
    opened = await school.door.sign_in(user["username"], code)
    await school.door.set_password(opened.json(), OWN_PASSWORD)
    return user["username"], code


async def code_of_who_is_inactive(school: SchoolInTest) -> tuple[str, str]:
    user, code = await _with_code(school)
    await _make_inactive(school, user)
    return user["username"], code


async def code_in_a_school_that_uses_the_default_again(school: SchoolInTest) -> tuple[str, str]:
    user, code = await _with_code(school)
    await use(school, "default")
    return user["username"], code


async def _with_code(school: SchoolInTest) -> tuple[dict[str, Any], str]:
    await use_codes(school)
    user = await school.add_user()
    return user, await code_for(school, user)


async def wrong_password_of_who_waits(school: SchoolInTest) -> tuple[str, str]:
    return (await school.add_user())["username"], WRONG


async def wrong_password_of_the_admin(school: SchoolInTest) -> tuple[str, str]:
    await school.admin()
    return school.admin_email, WRONG


async def default_while_it_is_paused(school: SchoolInTest) -> tuple[str, str]:
    """The right one, after others have sprayed it."""
    return (await _spray(school)), school.default_password


async def wrong_default_while_it_is_paused(school: SchoolInTest) -> tuple[str, str]:
    return (await _spray(school)), WRONG


async def wrong_password_by_the_other_name(school: SchoolInTest) -> tuple[str, str]:
    return (await _held(school)), WRONG


async def right_password_by_the_other_name(school: SchoolInTest) -> tuple[str, str]:
    """Of an account that was guessed at too often by its username."""
    return (await _held(school)), OWN_PASSWORD


async def _held(school: SchoolInTest) -> str:
    email = f"held@{school.postcode}.example"
    user = await school.add_user(email=email)
    await school.claim(user["username"])
    await wait_told(school.door, user["username"], 5)
    return email


async def _spray(school: SchoolInTest) -> str:
    """Misses the default often enough for a pause; the name of somebody else who waits."""
    for _ in range(5):
        username = (await school.add_user(surname="Wait"))["username"]
        for _ in range(4):
            await school.door.sign_in(username, WRONG)
    return str((await school.add_user(surname="Last"))["username"])


async def _parent(school: SchoolInTest) -> str:
    """The address of a parent who was invited just now."""
    email = f"parent-{uuid4().hex[:12]}@home.example"
    body = {"forename": "Anna", "surname": "Patel", "email": email}
    answer = await school.door.client.post("/parents", json=body, headers=await school.as_admin())
    assert answer.status_code == 201, answer.text
    return email


async def _claimed_parent(school: SchoolInTest) -> str:
    email = await _parent(school)
    token = await link_mailed_to(school.door, email)
    opened = await school.door.client.post("/sessions/link", json={"token": token})
    assert (await school.door.set_password(opened.json(), OWN_PASSWORD)).status_code == 201
    return email


async def wrong_password_of_a_parent(school: SchoolInTest) -> tuple[str, str]:
    return await _claimed_parent(school), WRONG


async def default_for_an_invited_parent(school: SchoolInTest) -> tuple[str, str]:
    return await _parent(school), school.default_password


async def default_for_a_parent(school: SchoolInTest) -> tuple[str, str]:
    return await _claimed_parent(school), school.default_password


async def inactive_parent(school: SchoolInTest) -> tuple[str, str]:
    email = await _claimed_parent(school)
    headers = await school.as_admin()
    found = await school.door.client.get("/parents", params={"search": email}, headers=headers)
    body = {"ids": [found.json()["items"][0]["id"]], "active": False}
    done = await school.door.client.post("/parents/active", json=body, headers=headers)
    assert done.json() == {"changed": 1}
    return email, OWN_PASSWORD


async def _make_inactive(school: SchoolInTest, user: dict[str, Any]) -> None:
    answer = await school.door.client.put(
        f"/users/{user['id']}/active", json={"active": False}, headers=await school.as_admin()
    )
    assert answer.status_code == 200, answer.text


async def a_claimed_user(school: SchoolInTest) -> str:
    user = await school.add_user(email=f"jo@{school.postcode}.example")
    await school.claim(user["username"])
    return str(user["username"])


async def the_admin(school: SchoolInTest) -> str:
    await school.admin()
    return school.admin_email


async def a_user_who_waits(school: SchoolInTest) -> str:
    return str((await school.add_user(email=f"new@{school.postcode}.example"))["username"])


async def a_user_without_an_address(school: SchoolInTest) -> str:
    user = await school.add_user()
    await school.claim(user["username"])
    return str(user["username"])


async def an_inactive_user(school: SchoolInTest) -> str:
    user = await school.add_user(email=f"gone@{school.postcode}.example")
    await _make_inactive(school, user)
    return str(user["email"])


async def a_parent(school: SchoolInTest) -> str:
    return await _claimed_parent(school)


async def an_invited_parent(school: SchoolInTest) -> str:
    return await _parent(school)


REFUSED: list[Attempt] = [
    wrong_password,
    password_with_a_space_more,
    wrong_password_of_who_waits,
    wrong_password_of_the_admin,
    inactive,
    inactive_with_the_default,
    default_of_another_school,
    default_of_a_claimed_account,
    default_of_a_head,
    default_of_a_deputy,
    default_for_the_admin,
    default_that_was_replaced,
    default_that_lapsed,
    default_of_who_waits_for_a_code,
    wrong_code,
    wrong_code_of_who_has_no_slip,
    code_of_somebody_else,
    code_that_was_replaced,
    code_that_lapsed,
    code_that_was_used,
    code_of_who_is_inactive,
    code_in_a_school_that_uses_the_default_again,
    default_while_it_is_paused,
    wrong_default_while_it_is_paused,
    wrong_password_by_the_other_name,
    right_password_by_the_other_name,
    nothing_at_all,
    wrong_password_of_a_parent,
    default_for_an_invited_parent,
    default_for_a_parent,
    inactive_parent,
]
ASKERS: list[Asker] = [
    a_claimed_user,
    the_admin,
    a_user_who_waits,
    a_user_without_an_address,
    an_inactive_user,
    a_parent,
    an_invited_parent,
]


def name_of(case: Callable[..., object]) -> str:
    return case.__name__


async def _sign_in(
    door: Door, settings: Settings, identifier: str, password: str, device: str | None = None
) -> tuple[dict[str, Any], Work]:
    with watched(door, settings) as work:
        body = {"identifier": identifier, "password": password, "device": device}
        answer = await door.client.post("/sessions", json=body)
    return answer.json(), work


async def _device(school: SchoolInTest) -> str:
    """Of a colleague's browser."""
    user = await school.add_user(surname="Colleague")
    return str((await school.claim(user["username"]))["device"])


async def of_somebody_else(school: SchoolInTest) -> str:
    return await _device(school)


async def of_another_school(school: SchoolInTest) -> str:
    return await _device(await school.door.new_school())


async def forged(school: SchoolInTest) -> str:
    admin = UUID((await school.admin())["session"]["account"]["id"])
    async with school.door.app.state.identity.database.transaction(school.id) as connection:
        account = (await find_accounts(connection, [admin]))[admin]
    return Devices(b"a key that is not the service's, of course", school.door.clock).renewed(
        None, account
    )


async def too_long(school: SchoolInTest) -> str:
    return await _device(school) * 100


async def with_what_is_not_seen(school: SchoolInTest) -> str:
    return f"\n{await _device(school)}\x01"


async def no_ascii(_: SchoolInTest) -> str:
    return "ключ"


DEVICES = [of_somebody_else, of_another_school, forged, too_long, with_what_is_not_seen, no_ascii]
"""None is of the account that is meant."""


@pytest.mark.parametrize("attempt", REFUSED, ids=name_of)
async def test_a_refused_sign_in_is_that_of_an_unknown_name(
    door: Door, school: SchoolInTest, settings: Settings, attempt: Attempt
) -> None:
    """R2, R3."""
    nobodys, for_nobody = await _sign_in(door, settings, f"nobody {uuid4()}", WRONG)
    answer, work = await _sign_in(door, settings, *await attempt(school))
    assert answer["type"] == "urn:classroom:problem:sign-in-refused"
    assert answer == nobodys
    assert work == for_nobody
    assert work.computed == 1


async def test_a_name_that_has_to_wait_is_any_other(
    door: Door, school: SchoolInTest, settings: Settings
) -> None:
    """R3: told to wait, the same is read of whoever it is, and nothing is computed."""
    user = await school.add_user()
    await school.claim(user["username"])
    nobody = f"nobody {uuid4()}"
    works = []
    for name in (user["username"], nobody):
        await wait_told(door, name, 5)
        answer, work = await _sign_in(door, settings, name, OWN_PASSWORD)
        assert answer["type"] == "urn:classroom:problem:too-many-tries"
        works.append(work)
    assert works[0] == works[1]
    assert works[0].computed == 0


@pytest.mark.parametrize("device", DEVICES, ids=name_of)
async def test_a_device_that_is_not_of_the_account_is_as_none(
    door: Door, school: SchoolInTest, settings: Settings, device: Asker
) -> None:
    """R3: it tells nothing of whom it is not of, and spares nobody a pause."""
    await school.admin()
    kept = await device(school)
    nobodys, for_nobody = await _sign_in(door, settings, f"nobody {uuid4()}", WRONG)
    for name in (school.admin_email, f"nobody {uuid4()}"):
        for _ in range(5):
            answer, work = await _sign_in(door, settings, name, WRONG, kept)
            assert answer == nobodys
            assert work == for_nobody
        answer, work = await _sign_in(door, settings, name, OWN_PASSWORD, kept)
        assert answer["type"] == "urn:classroom:problem:too-many-tries"
        assert work.computed == 0


@pytest.mark.parametrize("device", DEVICES, ids=name_of)
async def test_asking_for_a_link_with_such_a_device_is_that_of_an_unknown_name(
    door: Door, school: SchoolInTest, settings: Settings, device: Asker
) -> None:
    """R3: with one of our making, whoever is meant is looked up, and nobody is too."""
    await school.admin()
    kept = await device(school)
    works = []
    for name in (school.admin_email, f"nobody {uuid4()}"):
        body = {"identifier": name, "device": kept}
        with watched(door, settings) as work:
            answer = await door.client.post("/password/forgotten", json=body)
        assert (answer.status_code, answer.content) == (202, b"")
        works.append(work)
    assert works[0] == works[1]
    if device not in (of_somebody_else, of_another_school):
        assert works[0].transactions == 1, "it is asked of nobody whose it is"


@pytest.mark.parametrize("asker", ASKERS, ids=name_of)
@pytest.mark.parametrize("page", ["staff", "parent"])
async def test_asking_for_a_link_is_that_of_an_unknown_name(
    door: Door, school: SchoolInTest, settings: Settings, asker: Asker, page: str
) -> None:
    """R3: one row is written, and nothing is looked up before the answer."""
    identifier = await asker(school)
    body = {"identifier": identifier, "door": page, "address": None}
    with watched(door, settings) as work:
        answer = await door.client.post("/password/forgotten", json=body)
    assert (answer.status_code, answer.content) == (202, b"")
    assert work == Work(["SELECT forgotten_ask($1, $2, $3, $4)"], transactions=1)
