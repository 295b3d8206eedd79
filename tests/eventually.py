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
    """What `look` returned once `satisfied` agrees; `AssertionError` if it never does."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        seen = await look()
        if satisfied(seen):
            return seen
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"not so after {seconds} s; last seen: {seen!r}")
        await asyncio.sleep(0.05)
