"""Chance that comes out the same for the same seed on every machine and Python version.

Only `random.Random.random` promises that, so everything here is made from it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import TypeVar

__all__ = ["Chance"]

T = TypeVar("T")


class Chance:
    """A stream of choices; `purpose` gives streams that do not disturb one another."""

    def __init__(self, seed: int, purpose: str) -> None:
        self._random = random.Random(f"{seed} {purpose}")  # noqa: S311 - a made-up school

    def below(self, limit: int) -> int:
        """A whole number from 0 up to and without the limit."""
        return int(self._random.random() * limit)

    def happens(self, share: float) -> bool:
        return self._random.random() < share

    def one_of(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def shuffled(self, items: Iterable[T]) -> list[T]:
        keyed = [(self._random.random(), item) for item in items]
        return [item for _, item in sorted(keyed, key=lambda pair: pair[0])]
