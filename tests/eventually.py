"""Waits for what other processes do, by looking again until it is so or a deadline has passed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

__all__ = ["eventually"]

T = TypeVar("T")


async def eventually(
    look: Callable[[], Awaitable[T]],
    satisfied: Callable[[T], object] = bool,
    *,
    seconds: float = 30.0,
) -> T:
    """What `look` returned once `satisfied` agrees; `AssertionError` if it never does.

    What has taken long is looked at less often: a look may be of several processes, and takes the
    time of what is waited for.
    """
    began = asyncio.get_running_loop().time()
    while True:
        seen = await look()
        if satisfied(seen):
            return seen
        waited = asyncio.get_running_loop().time() - began
        if waited > seconds:
            raise AssertionError(f"not so after {seconds} s; last seen: {seen!r}")
        await asyncio.sleep(min(max(waited / 10, 0.05), 0.2))
