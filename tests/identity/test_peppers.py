"""The pepper is changed while people sign in: each hash is checked with the one it was made by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from services.identity.passwords.hashing import PasswordHashing
from services.identity.passwords.peppers import parted

OLD, NEW = b"o" * 32, b"n" * 32


class _Given:
    """What the file has at the moment."""

    def __init__(self, *peppers: bytes) -> None:
        self._peppers: Sequence[bytes] = peppers

    def __call__(self) -> Sequence[bytes]:
        return self._peppers

    def becomes(self, *peppers: bytes) -> None:
        self._peppers = peppers


@pytest.fixture
def given() -> _Given:
    return _Given(OLD)


@pytest.fixture
def hashing(given: _Given) -> Iterator[PasswordHashing]:
    hashing = PasswordHashing(given, memory_kib=8, passes=1)
    yield hashing
    hashing.close()


async def test_both_are_good_while_there_are_two(given: _Given, hashing: PasswordHashing) -> None:
    before = await hashing.hash("marmalade")
    given.becomes(NEW, OLD)
    between = await hashing.hash("marmalade")
    assert await hashing.verify("marmalade", before)
    assert await hashing.verify("marmalade", between)
    assert not await hashing.verify("jam", before)
    assert (hashing.is_outdated(before), hashing.is_outdated(between)) == (True, False)


async def test_the_old_one_opens_nothing_once_it_is_gone(
    given: _Given, hashing: PasswordHashing
) -> None:
    before = await hashing.hash("marmalade")
    given.becomes(NEW, OLD)
    between = await hashing.hash("marmalade")
    given.becomes(NEW)
    after = await hashing.hash("marmalade")
    assert not await hashing.verify("marmalade", before)
    assert await hashing.verify("marmalade", between)
    assert await hashing.verify("marmalade", after)
    given.becomes(b"x" * 32, NEW)
    assert await hashing.verify("marmalade", between), "and so it is the next time"
    assert await hashing.verify("marmalade", after)


async def test_a_hash_of_a_pepper_that_is_gone_matches_nothing(
    given: _Given, hashing: PasswordHashing
) -> None:
    given.becomes(OLD, NEW)
    stored = await hashing.hash("marmalade")
    given.becomes(NEW)
    assert not await hashing.verify("marmalade", stored)


async def test_where_there_is_one_it_stands_in_no_hash(hashing: PasswordHashing) -> None:
    """So that the version before, which knows of no names, reads what this one writes."""
    stored = await hashing.hash("marmalade")
    assert parted(stored) == (None, stored)
    assert stored.startswith("$argon2id$")
