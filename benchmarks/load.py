"""Clients that ask as fast as they are answered, or at a steady pace, and how long each waited."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp

__all__ = ["Answers", "at_a_pace", "connected_to", "flat_out", "percentile", "while_it_lasts"]

Ask = Callable[[int], Awaitable[int]]
"""Asks for the n-th time; the status of the answer."""
_KEPT_SECONDS = 2.0
"""Less than the servers' five, or a connection might be used as it is being closed."""


@dataclass
class Answers:
    """`seconds` are how long each that was answered as wanted took."""

    wanted: int
    seconds: list[float] = field(default_factory=list)
    others: Counter[int] = field(default_factory=Counter)
    lasted: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.lasted

    async def time(self, ask: Ask, number: int) -> None:
        began = time.perf_counter()
        status = await ask(number)
        if status == self.wanted:
            self.seconds.append(time.perf_counter() - began)
        else:
            self.others[status] += 1

    def all_as_wanted(self) -> Answers:
        """Raises where anything was answered otherwise: such a run measures something else."""
        if self.others or not self.seconds:
            raise RuntimeError(f"answers other than {self.wanted}: {dict(self.others)}")
        return self


def connected_to(address: str) -> aiohttp.ClientSession:
    """As many connections as are asked for at once. To be used in `async with`."""
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEPT_SECONDS)
    return aiohttp.ClientSession(address, connector=connector)


async def flat_out(ask: Ask, *, wanted: int, clients: int, seconds: float) -> Answers:
    """So many clients, each asking again once it was answered."""
    answers = Answers(wanted)
    began = time.perf_counter()

    async def client(first: int) -> None:
        number = first
        while time.perf_counter() - began < seconds:
            await answers.time(ask, number)
            number += clients

    await asyncio.gather(*(client(first) for first in range(clients)))
    answers.lasted = time.perf_counter() - began
    return answers.all_as_wanted()


async def at_a_pace(ask: Ask, *, wanted: int, per_second: float, seconds: float) -> Answers:
    """Asks come when they are due, answered or not: who waits longer keeps nobody from asking."""
    answers = Answers(wanted)
    began = time.perf_counter()
    asked = []
    for number in range(max(1, int(seconds * per_second))):
        await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
        asked.append(asyncio.create_task(answers.time(ask, number)))
    await asyncio.gather(*asked)
    answers.lasted = time.perf_counter() - began
    return answers.all_as_wanted()


async def while_it_lasts(
    ask: Ask, work: Awaitable[object], *, wanted: int, per_second: float
) -> Answers:
    """As `at_a_pace`, for as long as `work` takes."""
    answers = Answers(wanted)
    began = time.perf_counter()
    working = asyncio.ensure_future(work)
    asked: list[asyncio.Task[None]] = []
    while not working.done():
        asked.append(asyncio.create_task(answers.time(ask, len(asked))))
        due = began + len(asked) / per_second - time.perf_counter()
        await asyncio.wait([working], timeout=max(0.0, due))
    await asyncio.gather(working, *asked)
    answers.lasted = time.perf_counter() - began
    return answers.all_as_wanted()


def percentile(values: list[float], part: float) -> float:
    """The value that `part` of them (0–1) do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
