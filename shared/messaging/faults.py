"""Which faults pass by themselves: these are waited out and never count as a try."""

from __future__ import annotations

import asyncpg

__all__ = ["is_passing"]

_PASSING_CLASSES = (
    "08",  # connection
    "40",  # rollback: deadlock, serialization
    "53",  # out of resources
    "57",  # operator intervention: shutdown, cancel
    "58",  # system error
)
_LOCK_NOT_AVAILABLE = "55P03"
_OF_THE_CLIENT = (asyncpg.InterfaceError, asyncpg.InternalClientError)
"""A connection that is gone; the second where it was cut off and is asked before it knows."""


def is_passing(error: BaseException) -> bool:
    """Whether trying again later, with nothing changed, can be expected to help."""
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return state.startswith(_PASSING_CLASSES) or state == _LOCK_NOT_AVAILABLE
    return isinstance(error, (OSError, TimeoutError, *_OF_THE_CLIENT))
