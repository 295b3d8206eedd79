"""Argon2id with a pepper, in a bounded pool of threads, off the event loop.

Each hash holds 19 MiB and a core for some 26 ms, so only as many run as there are cores and only so
many wait; whoever comes then is told to come back. Parameters: OWASP ASVS 5.0, appendix C.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

from services.identity.passwords.peppers import Pepper, Peppers, PepperSet, Renewed, parted
from shared.web.problems import Unavailable

__all__ = ["MAX_LENGTH", "Busy", "PasswordHashing"]

MAX_LENGTH = 128
"""Characters. What is longer is refused before anything is computed."""

_MEMORY_KIB = 19_456
_PASSES = 2
_LANES = 1
_RETRY_AFTER_SECONDS = 2

T = TypeVar("T")


class Busy(Unavailable):
    """More people are signing in than the machine can check at once."""

    slug, title = "busy", "Too many people are signing in at once"

    def __init__(self) -> None:
        super().__init__(
            "Many people are signing in at this moment. Please try again in a few seconds.",
            headers={"Retry-After": str(_RETRY_AFTER_SECONDS)},
        )


@dataclass
class _Held:
    """A place that was taken ahead. Once used, it is given back by what was computed."""

    places: threading.BoundedSemaphore
    used: bool = False


_held: ContextVar[_Held | None] = ContextVar("held_place", default=None)


class PasswordHashing:
    """Makes and checks the stored form of passwords.

    `pepper` is a key that is kept outside the database, or what gives those of the moment, the
    newest first; `waiting` counts those who may queue.
    """

    def __init__(
        self,
        pepper: bytes | Peppers,
        *,
        workers: int | None = None,
        waiting: int = 128,
        memory_kib: int = _MEMORY_KIB,
        passes: int = _PASSES,
    ) -> None:
        self._peppers = Renewed(pepper, PepperSet)
        self._hasher = PasswordHasher(
            time_cost=passes, memory_cost=memory_kib, parallelism=_LANES, type=Type.ID
        )
        count = workers or os.cpu_count() or 1
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="passwords")
        self._places = threading.BoundedSemaphore(count + waiting)
        self._nobodys = self._hasher.hash(secrets.token_urlsafe(32))

    async def hash(self, password: str) -> str:
        """The form to be stored. Raises `Busy`."""
        return await self.work(lambda: self._hash(password))

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether `password` is the one that was stored. Raises `Busy`.

        Without a stored one the same work is done for nothing, so that the time tells nothing.
        """
        return await self.work(lambda: self._verify(password, stored))

    def is_outdated(self, stored: str) -> bool:
        """Whether it was made with other parameters than today's, or another pepper."""
        peppers = self._peppers()
        name, hashed = parted(stored)
        return self._hasher.check_needs_rehash(hashed) or peppers.of(name) is not peppers.newest

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place for what is computed first in the block, taken before anything else is done.

        Whoever counts a guess takes one before, so that nobody is sent away with a guess less.
        Raises `Busy`.
        """
        self._take_a_place()
        held = _Held(self._places)
        token = _held.set(held)
        try:
            yield
        finally:
            _held.reset(token)
            if not held.used:
                self._places.release()

    async def work(self, job: Callable[[], T]) -> T:
        """Run `job` in the pool. Raises `Busy` where no place is left to wait in."""
        held = _held.get()
        if held is not None and held.places is self._places and not held.used:
            held.used = True
        else:
            self._take_a_place()
        try:
            future = self._threads.submit(job)
        except BaseException:
            self._places.release()
            raise
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Let the threads finish what they are at."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _take_a_place(self) -> None:
        if not self._places.acquire(blocking=False):
            raise Busy

    def _hash(self, password: str) -> str:
        peppers = self._peppers()
        return peppers.stored(self._hasher.hash(_peppered(password, peppers.newest)))

    def _verify(self, password: str, stored: str | None) -> bool:
        """The same work whatever is stored, even if its pepper is there no more."""
        peppers = self._peppers()
        name, hashed = parted(stored) if stored else (None, self._nobodys)
        pepper = peppers.of(name)
        try:
            self._hasher.verify(hashed, _peppered(password, pepper or peppers.newest))
        except VerifyMismatchError:
            return False
        return stored is not None and pepper is not None


def _peppered(password: str, pepper: Pepper) -> bytes:
    return base64.b64encode(hmac.new(pepper.key, password.encode(), hashlib.sha256).digest())
