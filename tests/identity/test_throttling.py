"""The brakes on guessing: what they slow down, and whom they never keep out (R2, R3)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.identity.context import Identity
from services.identity.passwords.hashing import PasswordHashing
from services.identity.settings import Settings
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.test_forgotten_password import NEW_PASSWORD, ask, links_to, open_link

WRONG = "not the password at all"

pytestmark = pytest.mark.usefixtures("standing_clock")


async def guess(
    door: Door, identifier: str, password: str = WRONG, address: str | None = None
) -> httpx.Response:
    body = {"identifier": identifier, "password": password, "address": address}
    return await door.client.post("/sessions", json=body)


async def wait_told(door: Door, identifier: str, guesses: int) -> int:
    """The pause that follows so many wrong guesses, in seconds."""
    for _ in range(guesses):
        assert problem_of(await guess(door, identifier)) == (401, "sign-in-refused")
    answer = await guess(door, identifier)
    assert problem_of(answer) == (429, "too-many-tries")
    return int(answer.headers["Retry-After"])


@asynccontextmanager
async def no_place_left(door: Door, settings: Settings) -> AsyncIterator[None]:
    """As many passwords are being computed, and wait to be, as can."""
    wired: Identity = door.app.state.identity
    full = PasswordHashing(settings.peppers, workers=1, waiting=0)
    gate = threading.Event()
    running = asyncio.create_task(full.work(gate.wait))
    await asyncio.sleep(0)
    door.app.state.identity = replace(wired, hashing=full)
    try:
        yield
    finally:
        door.app.state.identity = wired
        gate.set()
        await running
        full.close()


@pytest.fixture
async def teacher(school: SchoolInTest) -> dict[str, Any]:
    user = await school.add_user(surname="Okafor", email=f"okafor@{school.postcode}.example")
    await school.claim(user["username"])
    return user


async def test_the_pause_grows_and_ends(door: Door, teacher: dict[str, Any]) -> None:
    """Five guesses at once, ten in five minutes, twenty in a quarter of an hour; then no longer."""
    name = teacher["username"]
    assert 50 <= await wait_told(door, name, 5) <= 60
    with door.clock.moved_by(seconds=61):
        assert 200 <= await wait_told(door, name, 5) <= 240
    with door.clock.moved_by(seconds=301):
        await wait_told(door, name, 5)
    with door.clock.moved_by(seconds=362):
        assert 500 <= await wait_told(door, name, 5) <= 540
        right = await guess(door, name, OWN_PASSWORD)
        assert problem_of(right) == (429, "too-many-tries"), "the right one has to wait too"
    with door.clock.moved_by(minutes=15, seconds=1):
        assert (await guess(door, name, OWN_PASSWORD)).status_code == 201


async def test_what_is_tried_during_a_pause_makes_it_no_longer(
    door: Door, teacher: dict[str, Any]
) -> None:
    await wait_told(door, teacher["username"], 5)
    with door.clock.moved_by(seconds=40):
        for _ in range(30):
            assert (await guess(door, teacher["username"])).status_code == 429
    with door.clock.moved_by(seconds=61):
        assert (await guess(door, teacher["username"], OWN_PASSWORD)).status_code == 201


async def test_an_account_and_none_are_slowed_down_alike(
    door: Door, teacher: dict[str, Any]
) -> None:
    """R3: the 429 tells nothing of accounts."""
    await wait_told(door, teacher["username"], 5)
    nobody = f"nobody_{uuid4().hex}"
    await wait_told(door, nobody, 5)
    answers = [await guess(door, name) for name in (teacher["username"], nobody)]
    assert answers[0].json() == answers[1].json()
    # Nor does its other name tell whose it is.
    assert problem_of(await guess(door, teacher["email"])) == (401, "sign-in-refused")


async def test_two_names_of_an_account_give_no_more_guesses_than_one(
    door: Door, teacher: dict[str, Any]
) -> None:
    """And no answer tells that both are of one account (R3): the one too many is plainly wrong."""
    username, email = teacher["username"], teacher["email"]
    for name in (username, email, username, email, username):
        assert problem_of(await guess(door, name)) == (401, "sign-in-refused")
    nobodys = await guess(door, f"nobody_{uuid4().hex}")
    for name in (email, username):
        held = await guess(door, name, OWN_PASSWORD)
        assert (held.status_code, held.json()) == (401, nobodys.json())
    with door.clock.moved_by(seconds=61):
        assert (await guess(door, email, OWN_PASSWORD)).status_code == 201
        assert (await guess(door, username, OWN_PASSWORD)).status_code == 201


async def test_the_pause_of_an_account_grows_as_that_of_a_name_does(
    door: Door, teacher: dict[str, Any]
) -> None:
    """Five at once, ten in five minutes; what is tried during a pause makes none longer."""
    username, email = teacher["username"], teacher["email"]
    await wait_told(door, username, 5)
    await wait_told(door, email, 5)
    with door.clock.moved_by(seconds=61):
        for name in (username, email, username, email, username):
            assert (await guess(door, name)).status_code == 401
    with door.clock.moved_by(seconds=130):
        held = await guess(door, email, OWN_PASSWORD)
        assert problem_of(held) == (401, "sign-in-refused"), "ten in five minutes"
    with door.clock.moved_by(seconds=301):
        assert (await guess(door, email, OWN_PASSWORD)).status_code == 201


async def test_who_has_stopped_guessing_keeps_nobody_out_for_over_a_quarter_of_an_hour(
    door: Door, teacher: dict[str, Any]
) -> None:
    """However long they went on at every name; even during it the mailed link works."""
    minutes = 16
    for minute in range(minutes):
        with door.clock.moved_by(minutes=minute):
            for name in (teacher["username"], teacher["email"]) * 3:
                await guess(door, name)
    with door.clock.moved_by(minutes=minutes + 15):
        assert (await guess(door, teacher["username"], OWN_PASSWORD)).status_code == 201
        assert (await guess(door, teacher["email"], OWN_PASSWORD)).status_code == 201


async def test_who_is_sent_away_because_many_wait_has_guessed_nothing(
    door: Door, teacher: dict[str, Any], settings: Settings
) -> None:
    for _ in range(4):
        assert (await guess(door, teacher["username"])).status_code == 401
    async with no_place_left(door, settings):
        for _ in range(10):
            assert problem_of(await guess(door, teacher["username"])) == (503, "busy")
    assert (await guess(door, teacher["username"])).status_code == 401
    assert (await guess(door, teacher["username"])).status_code == 429


async def test_who_changes_a_password_while_many_wait_has_guessed_nothing(
    door: Door, teacher: dict[str, Any], settings: Settings
) -> None:
    opened = (await guess(door, teacher["username"], OWN_PASSWORD)).json()
    async with no_place_left(door, settings):
        for _ in range(10):
            answer = await door.set_password(opened, NEW_PASSWORD, OWN_PASSWORD)
            assert problem_of(answer) == (503, "busy")
    assert (await door.set_password(opened, NEW_PASSWORD, OWN_PASSWORD)).status_code == 201


async def test_the_right_password_starts_anew(door: Door, teacher: dict[str, Any]) -> None:
    for _ in range(3):
        for _ in range(4):
            assert (await guess(door, teacher["username"])).status_code == 401
        assert (await guess(door, teacher["username"], OWN_PASSWORD)).status_code == 201


async def test_who_is_locked_out_comes_in_by_the_mailed_link(
    door: Door, teacher: dict[str, Any]
) -> None:
    await wait_told(door, teacher["username"], 5)
    await wait_told(door, teacher["email"], 5)
    await ask(door, teacher["username"])
    [token] = await links_to(door, teacher["email"])
    opened = (await open_link(door, token)).json()
    assert (await door.set_password(opened, NEW_PASSWORD)).status_code == 201
    for name in (teacher["username"], teacher["email"]):
        assert (await guess(door, name, NEW_PASSWORD)).status_code == 201


async def test_one_address_is_stopped_and_others_are_not(
    door: Door, teacher: dict[str, Any]
) -> None:
    for n in range(100):
        answer = await guess(door, f"nobody_{n}_{teacher['id']}", address="192.0.2.7")
        assert answer.status_code == 401
    stopped = await guess(door, teacher["username"], OWN_PASSWORD, "192.0.2.7")
    assert problem_of(stopped) == (429, "too-many-tries")
    assert int(stopped.headers["Retry-After"]) <= 900
    assert (await guess(door, teacher["username"], OWN_PASSWORD, "192.0.2.8")).status_code == 201


async def test_the_present_password_is_not_guessed_either(
    door: Door, teacher: dict[str, Any]
) -> None:
    """By who found a browser that was left open."""
    opened = (await guess(door, teacher["username"], OWN_PASSWORD)).json()
    for _ in range(5):
        answer = await door.set_password(opened, NEW_PASSWORD, WRONG)
        assert problem_of(answer) == (422, "current-password-wrong")
    answer = await door.set_password(opened, NEW_PASSWORD, OWN_PASSWORD)
    assert problem_of(answer) == (429, "too-many-tries")


async def test_nobody_uses_up_the_tries_of_a_present_password_at_the_sign_in_page(
    door: Door, teacher: dict[str, Any]
) -> None:
    """An account's id is no secret: it stands in the address of its page."""
    opened = (await guess(door, teacher["username"], OWN_PASSWORD)).json()
    for _ in range(5):
        assert problem_of(await guess(door, teacher["id"], WRONG)) == (401, "sign-in-refused")
    answer = await door.set_password(opened, NEW_PASSWORD, OWN_PASSWORD)
    assert answer.status_code == 201


async def test_spraying_the_default_pauses_it_for_that_school_and_nothing_else(
    door: Door, school: SchoolInTest
) -> None:
    """R2."""
    teacher = await school.add_user(surname="Own")
    await school.claim(teacher["username"])
    waiting = [(await school.add_user(surname="Wait"))["username"] for _ in range(5)]
    for name in waiting:
        for _ in range(4):
            assert (await guess(door, name)).status_code == 401
    paused = await guess(door, waiting[0], school.default_password)
    assert problem_of(paused) == (401, "sign-in-refused")
    assert (await guess(door, teacher["username"], OWN_PASSWORD)).status_code == 201
    other = await door.new_school()
    theirs = await other.add_user()
    assert (await guess(door, theirs["username"], other.default_password)).status_code == 201
    with door.clock.moved_by(minutes=5, seconds=1):
        assert (await guess(door, waiting[1], school.default_password)).status_code == 201
