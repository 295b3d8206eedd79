"""Secrets that change while a process runs: each is read again once its file has been replaced.

A file may hold several lines, the newest first: while one takes the place of another, both are
there, and whoever is not let in by the one tries the other.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

__all__ = ["Lines", "Reread", "first_let_in", "lines", "lines_if_any", "lines_of"]

T = TypeVar("T")

Lines = Callable[[], Sequence[str]]
"""What is valid at this moment, the newest first."""


class Reread(Generic[T]):
    """What `read` makes of a file. A call costs one look at the file's time, unless it is new.

    A new one that cannot be read, being half there, leaves what was; the first one is an error.
    """

    def __init__(self, path: Path, read: Callable[[str], T]) -> None:
        self._path = path
        self._read = read
        self._seen, self._value = self._look(), read(path.read_text(encoding="utf-8"))

    def __call__(self) -> T:
        try:
            found = self._look()
            if found != self._seen:
                value = self._read(self._path.read_text(encoding="utf-8"))
                self._seen, self._value = found, value
        except (OSError, ValueError):
            pass
        return self._value

    def _look(self) -> tuple[int, int, int]:
        found = os.stat(self._path)
        return found.st_mtime_ns, found.st_ino, found.st_size


def lines(text: str) -> tuple[str, ...]:
    """Raises `ValueError` where there is none."""
    found = tuple(line.strip() for line in text.splitlines() if line.strip())
    if not found:
        raise ValueError("there is nothing in it")
    return found


def lines_if_any(text: str) -> tuple[str, ...]:
    """Of a secret that one may do without."""
    return lines(text) if text.strip() else ()


def lines_of(given: str | Lines) -> Lines:
    """What was given as text stays as it is."""
    if not isinstance(given, str):
        return given
    always = lines(given)
    return lambda: always


async def first_let_in(
    given: str | Lines, enter: Callable[[str], Awaitable[T]], turned_away: type[Exception]
) -> T:
    """What `enter` gives for the first address that is not turned away; else raises the last."""
    refused: Exception | None = None
    for address in lines_of(given)():
        try:
            return await enter(address)
        except turned_away as error:
            refused = error
    raise refused or LookupError("no address was given")
