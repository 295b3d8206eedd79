"""Counts what a transaction did once it is committed, and nothing of one that was taken back.

A transaction that fails is tried again; what it counted must not be there twice. What stands within
a savepoint that is taken back counts all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

__all__ = ["Tally", "when_committed"]


def when_committed(count: Callable[[], object]) -> None:
    """Run `count` when the transaction around is committed; at once where there is none."""
    tally = _open.get()
    if tally is None:
        count()
    else:
        tally.add(count)


class Tally:
    """For whoever opens transactions: begun with one, and ended with it however it ends."""

    __slots__ = ("_before", "_counts", "_ended")

    def __init__(self) -> None:
        self._counts: list[Callable[[], object]] = []
        self._ended = False
        self._before = _open.get()
        _open.set(self)

    def add(self, count: Callable[[], object]) -> None:
        if self._ended:  # by a task that was begun within, and went on
            count()
        else:
            self._counts.append(count)

    def end(self, *, committed: bool) -> None:
        self._ended = True
        _open.set(self._before)
        if committed:
            for count in self._counts:
                count()


_open: ContextVar[Tally | None] = ContextVar("tally", default=None)
