"""The keys that passwords are hashed with besides their salt: one, or several while it is changed.

A hash that was made while there was one is stored as it is, and is of the oldest there is now. One
that was made while there were several begins with the name of its own, so that each is checked with
one pepper and the time of it tells nothing (R3).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Pepper", "PepperSet", "Peppers", "Renewed", "parted"]

Peppers = Callable[[], Sequence[bytes]]
"""Those of this moment, the newest first; the same object while they are the same."""

T = TypeVar("T")

_NAMED = re.compile(r"([0-9a-f]{8})(\$.*)", re.DOTALL)
_SHORTEST = hashlib.sha256().digest_size


class Renewed(Generic[T]):
    """What is made of peppers, and made anew once they are others."""

    def __init__(self, given: bytes | Peppers, make: Callable[[Sequence[bytes]], T]) -> None:
        always = (given,) if isinstance(given, bytes) else None
        self._given: Peppers = (lambda: always) if always else given  # type: ignore[assignment]
        self._make = make
        self._made: tuple[Sequence[bytes], T] | None = None
        self()

    def __call__(self) -> T:
        given = self._given()
        if self._made is None or self._made[0] is not given:
            self._made = (given, self._make(given))
        return self._made[1]


@dataclass(frozen=True)
class Pepper:
    key: bytes

    @property
    def name(self) -> str:
        """What a hash begins with; it tells nothing of the key."""
        return hashlib.sha256(b"the name of a pepper" + self.key).hexdigest()[:8]


class PepperSet:
    """Raises `ValueError` where one is too short."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) < _SHORTEST for key in keys):
            raise ValueError("the pepper must have 32 bytes or more")
        peppers = [Pepper(key) for key in keys]
        self._by_name = {pepper.name: pepper for pepper in peppers}
        self.newest, self.oldest = peppers[0], peppers[-1]
        self._several = len(peppers) > 1

    def of(self, name: str | None) -> Pepper | None:
        """The one that a hash was made with; `None` where it is there no more."""
        return self._by_name.get(name) if name else self.oldest

    def stored(self, hashed: str) -> str:
        """The form to be kept of what was hashed with the newest.

        Without a name while there is one, as versions that know of no names keep and read it.
        """
        return f"{self.newest.name}{hashed}" if self._several else hashed


def parted(stored: str) -> tuple[str | None, str]:
    """The name of its pepper, if it has one, and the hash."""
    named = _NAMED.fullmatch(stored)
    return (named.group(1), named.group(2)) if named else (None, stored)
