"""Whether this process has been told to end, for answers that take long by their nature.

The server waits for answers in hand before it ends; one that waits for something itself would keep
it until it is cut off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

__all__ = ["Ending", "begin_to_end", "is_ending", "until_ending"]

T = TypeVar("T")

_LOOK_SECONDS = 0.5
_told = False


class Ending(Exception):
    """The process ends; what was waited for is not waited for any more."""


def begin_to_end() -> None:
    """For the server's signal handler."""
    global _told  # noqa: PLW0603 - of the process, as signals are
    _told = True


def is_ending() -> bool:
    return _told


async def until_ending(waited_for: Coroutine[Any, Any, T]) -> T:
    """What `waited_for` comes to. Raises `Ending` where the process is told to end before."""
    task = asyncio.ensure_future(waited_for)
    try:
        while not (await asyncio.wait({task}, timeout=_LOOK_SECONDS))[0]:
            if is_ending():
                raise Ending
        return task.result()
    finally:
        task.cancel()
