"""A starting code: twelve characters, read aloud and typed from paper without mistakes (R2).

No two look alike (no 0 O, 1 I L, 5 S, 8 B, U V, G), few sound alike, and without vowels none makes
a word. It is hashed as passwords are, with a key outside the database, and shown to nobody again.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence

from services.identity.passwords.hashing import PasswordHashing

__all__ = ["as_kept", "as_typed", "new_code"]

_CHARACTERS = "CDFHJKMPQRTWXY234679"
_GROUP, _GROUPS = 4, 3
"""20 to the power of 12: 51.8 bits."""
_AT_ONCE = 2
"""So that whoever signs in meanwhile waits for two hashes and not for a whole school's."""


def new_code() -> str:
    """Such as `KQ7M-3XHD-W9TP`."""
    groups = ("".join(secrets.choice(_CHARACTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def as_typed(code: str) -> str:
    """Case, spaces and dashes of any kind make no difference."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


async def as_kept(hashing: PasswordHashing, codes: Sequence[str]) -> list[str]:
    """The keyed hashes, in the order of the codes. Raises `Busy`."""
    kept: list[str] = []
    for start in range(0, len(codes), _AT_ONCE):
        some = codes[start : start + _AT_ONCE]
        kept += await asyncio.gather(*(hashing.hash(as_typed(code)) for code in some))
    return kept
