"""Signing in and being signed in: every path to a session, and every one that leads to none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from services.identity.context import Identity
from services.identity.passwords.hashing import PasswordHashing, T
from services.identity.settings import Settings
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of

Attempt = Callable[[SchoolInTest], Awaitable[tuple[str, str]]]


class CountingHashing(PasswordHashing):
    """Counts what is computed."""

    computed = 0

    async def work(self, job: Callable[[], T]) -> T:
        self.computed += 1
        return await super().work(job)


@contextmanager
def counted(door: Door, settings: Settings) -> Iterator[CountingHashing]:
    """The service computes with a hashing that counts, for as long as the block lasts."""
    wired: Identity = door.app.state.identity
    counting = CountingHashing(settings.pepper)
    door.app.state.identity = replace(wired, hashing=counting)
    try:
        yield counting
    finally:
        door.app.state.identity = wired
        counting.close()


@pytest.fixture
async def teacher(school: SchoolInTest) -> dict[str, Any]:
    """A teacher with a password of their own."""
    user = await school.add_user(surname="Okafor", email=f"okafor@{school.postcode}.example")
    await school.claim(user["username"])
    return user


async def test_nobody_reaches_anything_without_a_principal(door: Door) -> None:
    for path in ("/users", "/school", "/default-password"):
        assert problem_of(await door.client.get(path)) == (401, "unauthenticated")
    assert problem_of(await door.client.post("/password", json={"new_password": "x"})) == (
        401,
        "unauthenticated",
    )


@pytest.mark.parametrize("spelling", ["{0}", "  {0} ", "{1}"], ids=["as is", "spaced", "shouted"])
@pytest.mark.parametrize("field", ["username", "email"])
async def test_a_user_signs_in_by_username_or_address_case_and_spaces_aside(
    door: Door, teacher: dict[str, Any], field: str, spelling: str
) -> None:
    """R7."""
    identifier = spelling.format(teacher[field], teacher[field].upper())
    answer = await door.sign_in(identifier, OWN_PASSWORD)
    assert answer.status_code == 201, answer.text
    session = answer.json()["session"]
    assert session["scope"] == "full"
    assert session["account"]["id"] == teacher["id"]
    assert session["account"]["name"] == "Jo Okafor"


async def unknown(school: SchoolInTest) -> tuple[str, str]:
    return f"{school.postcode}_nobody", OWN_PASSWORD


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


async def _make_inactive(school: SchoolInTest, user: dict[str, Any]) -> None:
    # Making someone inactive has no door yet.
    await school.door.rows("UPDATE accounts SET active = false WHERE account_id = $1", user["id"])


REFUSED: list[Attempt] = [
    unknown,
    wrong_password,
    password_with_a_space_more,
    inactive,
    inactive_with_the_default,
    default_of_another_school,
    default_of_a_claimed_account,
    default_of_a_head,
    default_of_a_deputy,
    default_for_the_admin,
    default_that_was_replaced,
    nothing_at_all,
]


@pytest.mark.parametrize("attempt", REFUSED, ids=lambda attempt: attempt.__name__)
async def test_whatever_is_wrong_the_answer_and_the_work_are_the_same(
    door: Door, school: SchoolInTest, settings: Settings, attempt: Attempt
) -> None:
    """R2, R3."""
    identifier, password = await attempt(school)
    with counted(door, settings) as hashing:
        answer = await door.sign_in(identifier, password)
    assert problem_of(answer) == (401, "sign-in-refused")
    assert answer.json() == (await door.sign_in(f"nobody {uuid4()}", "whatever it is")).json()
    assert hashing.computed == 1


async def test_a_lapsed_default_is_refused_like_a_wrong_one(
    door: Door, school: SchoolInTest
) -> None:
    """R2: fourteen days from when the account was made, and not a minute more."""
    user = await school.add_user()
    with door.clock.moved_by(days=14, minutes=-1):
        assert (await door.sign_in(user["username"], school.default_password)).status_code == 201
    with door.clock.moved_by(days=14, minutes=1):
        lapsed = await door.sign_in(user["username"], school.default_password)
    wrong = await door.sign_in(user["username"], "not the default at all")
    assert (lapsed.status_code, lapsed.json()) == (wrong.status_code, wrong.json())


async def test_an_overlong_password_is_refused_before_anything_is_computed(
    door: Door, teacher: dict[str, Any], settings: Settings
) -> None:
    with counted(door, settings) as hashing:
        answer = await door.sign_in(teacher["username"], "x" * 129)
    assert problem_of(answer) == (401, "sign-in-refused")
    assert hashing.computed == 0


async def test_a_hash_with_older_parameters_is_made_anew_at_sign_in(
    door: Door, teacher: dict[str, Any], settings: Settings
) -> None:
    weaker = PasswordHashing(settings.pepper, memory_kib=8192, passes=1)
    await door.rows(
        "UPDATE accounts SET password_hash = $2 WHERE account_id = $1",
        teacher["id"],
        await weaker.hash(OWN_PASSWORD),
    )
    weaker.close()
    assert (await door.sign_in(teacher["username"], OWN_PASSWORD)).status_code == 201
    [row] = await door.rows(
        "SELECT password_hash, version FROM accounts WHERE account_id = $1", teacher["id"]
    )
    assert "m=19456,t=2,p=1" in row["password_hash"]
    assert row["version"] == 2, "nobody else is told of it"
    assert (await door.sign_in(teacher["username"], OWN_PASSWORD)).status_code == 201
