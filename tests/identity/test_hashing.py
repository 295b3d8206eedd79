"""Hashing in its bounded pool: it sheds what it cannot do in time and lets the rest go on."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace

import pytest

from services.identity.context import Identity
from services.identity.passwords.hashing import Busy, PasswordHashing
from services.identity.passwords.strength import check_strength
from services.identity.settings import Settings
from tests.identity.door import Door, SchoolInTest, problem_of

PEPPER = b"p" * 32


async def test_no_more_wait_than_there_are_places() -> None:
    hashing = PasswordHashing(PEPPER, workers=1, waiting=2)
    gate = threading.Event()
    jobs = [asyncio.create_task(hashing.work(gate.wait)) for _ in range(5)]
    await asyncio.sleep(0)
    done, _ = await asyncio.wait(jobs, timeout=5, return_when=asyncio.FIRST_EXCEPTION)
    assert [type(job.exception()) for job in done] == [Busy, Busy]
    gate.set()
    assert await asyncio.gather(*(set(jobs) - done)) == [True, True, True]
    assert await hashing.verify("once more", await hashing.hash("once more"))
    hashing.close()


async def test_whoever_gives_up_waiting_leaves_their_place() -> None:
    hashing = PasswordHashing(PEPPER, workers=1, waiting=1)
    gate = threading.Event()
    running = asyncio.create_task(hashing.work(gate.wait))
    waiting = asyncio.create_task(hashing.work(lambda: None))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    next_one = asyncio.create_task(hashing.work(lambda: "came in"))
    await asyncio.sleep(0)
    gate.set()
    assert await next_one == "came in"
    assert await running
    hashing.close()


async def test_who_finds_no_place_is_asked_to_come_back(
    door: Door, school: SchoolInTest, settings: Settings
) -> None:
    wired: Identity = door.app.state.identity
    full = PasswordHashing(settings.peppers, workers=1, waiting=0)
    gate = threading.Event()
    running = asyncio.create_task(full.work(gate.wait))
    await asyncio.sleep(0)
    door.app.state.identity = replace(wired, hashing=full)
    try:
        answer = await door.sign_in(school.admin_email, "whatever it is")
    finally:
        door.app.state.identity = wired
        gate.set()
        await running
        full.close()
    assert problem_of(answer) == (503, "busy")
    assert int(answer.headers["Retry-After"]) > 0


async def test_a_password_is_told_from_another_and_from_none() -> None:
    hashing = PasswordHashing(PEPPER, workers=1)
    stored = await hashing.hash("marmalade")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await hashing.verify("marmalade", stored)
    assert not await hashing.verify("Marmalade", stored)
    assert not await hashing.verify("marmalade", None)
    hashing.close()


async def test_without_the_pepper_a_stored_hash_is_of_no_use() -> None:
    hashing, other = PasswordHashing(PEPPER), PasswordHashing(b"q" * 32)
    assert not await other.verify("marmalade", await hashing.hash("marmalade"))
    hashing.close()
    other.close()


@pytest.mark.parametrize("beginning", ["", "a" * 64, "p@ssw0rd" * 8])
def test_the_longest_password_of_signs_is_judged_in_a_moment(beginning: str) -> None:
    """The library alone takes up to half a minute for these."""
    signs = "4@8({[<369&#!1/|0$5+7%2" * 6
    began = time.thread_time()
    check_strength((beginning + signs)[:128], ["Heron Park Primary School"])
    assert time.thread_time() - began < 5


def test_a_short_pepper_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        PasswordHashing(b"short")
