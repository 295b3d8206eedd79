"""Signing in and being signed in: every path to a session, and every one that leads to none."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from services.identity.passwords.hashing import PasswordHashing
from services.identity.settings import Settings
from tests.eventually import eventually
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.work import Work, watched


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
    with watched(door, settings) as work:
        answer = await door.sign_in(teacher["username"], "x" * 129)
    assert problem_of(answer) == (401, "sign-in-refused")
    assert work == Work()


async def test_a_hash_with_older_parameters_is_made_anew_at_sign_in(
    door: Door, teacher: dict[str, Any], settings: Settings
) -> None:
    weaker = PasswordHashing(settings.peppers, memory_kib=64, passes=1)
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
    assert "m=8,t=1,p=1" in row["password_hash"], "the parameters that the tests' service has"
    assert row["version"] == 2, "nobody else is told of it"
    assert (await door.sign_in(teacher["username"], OWN_PASSWORD)).status_code == 201


async def test_two_who_sign_in_while_it_is_made_anew_are_both_let_in(
    door: Door, teacher: dict[str, Any], settings: Settings
) -> None:
    weaker = PasswordHashing(settings.peppers, memory_kib=64, passes=1)
    hashed = await weaker.hash(OWN_PASSWORD)
    weaker.close()
    key = teacher["id"]
    await door.rows("UPDATE accounts SET password_hash = $2 WHERE account_id = $1", key, hashed)
    async with door.look.acquire() as holder, holder.transaction():
        await holder.execute("SELECT 1 FROM accounts WHERE account_id = $1 FOR UPDATE", key)
        both = [
            asyncio.create_task(door.sign_in(teacher["username"], OWN_PASSWORD)) for _ in range(2)
        ]
        waiting = (
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
            "AND datname = current_database() AND query LIKE '%accounts%'"
        )
        await eventually(lambda: door.rows(waiting), lambda found: len(found) == 2)
    answers = await asyncio.gather(*both)
    assert [answer.status_code for answer in answers] == [201, 201]
