"""The school's default password: four random words (R2).

The words are the EFF's long list (CC BY 3.0), as `xkcdpass` carries it: 51 bits for four of them.
"""

from __future__ import annotations

import secrets
from functools import cache

from xkcdpass import xkcd_password

__all__ = ["as_default", "new_default_password"]

_WORDS = 4
_LONGEST = 20


def new_default_password() -> str:
    """Such as `walnut-copper-lantern-meadow`."""
    return "-".join(secrets.choice(_words()) for _ in range(_WORDS))


def as_default(password: str) -> str:
    """How a default password would have been written that differs in case and spaces only."""
    return "-".join(password.lower().replace("-", " ").split())


@cache
def _words() -> tuple[str, ...]:
    path = xkcd_password.locate_wordfile("eff-long")
    found = xkcd_password.generate_wordlist(path, min_length=1, max_length=_LONGEST)
    return tuple(sorted(word for word in found if word.isascii() and word.isalpha()))
