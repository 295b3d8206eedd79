"""Recovery codes: ten at a time, each stands in for an authenticator once.

A code is three groups of four characters. The first group finds it among the ten; all of it is
hashed as passwords are, and shown to nobody again.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field

from services.identity.passwords.hashing import PasswordHashing

__all__ = ["HOW_MANY", "NAME", "RecoveryCode", "as_kept", "label_of", "new_codes", "typed"]

HOW_MANY = 10
NAME = "recovery code"
"""What the activity log calls it in place of an authenticator."""
_CHARACTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""None of them is taken for another. Twelve have 59 bits."""
_GROUP, _GROUPS = 4, 3


@dataclass(frozen=True)
class RecoveryCode:
    """As it is kept."""

    label: str
    code_hash: str = field(repr=False)


def new_codes() -> list[str]:
    """Such as `7kmq-x2pd-9fhw`, no two with the same first group."""
    codes: dict[str, str] = {}
    while len(codes) < HOW_MANY:
        code = "-".join(_group() for _ in range(_GROUPS))
        codes[label_of(code)] = code
    return list(codes.values())


async def as_kept(hashing: PasswordHashing, codes: list[str]) -> list[RecoveryCode]:
    """Hashed side by side. Raises `Busy`."""
    hashes = await asyncio.gather(*(hashing.hash(typed(code)) for code in codes))
    pairs = zip(codes, hashes, strict=True)
    return [RecoveryCode(label_of(code), hashed) for code, hashed in pairs]


def _group() -> str:
    return "".join(secrets.choice(_CHARACTERS) for _ in range(_GROUP))


def typed(code: str) -> str:
    """Spaces, dashes and capitals make no difference."""
    return "".join(sign for sign in code.casefold() if sign.isalnum())


def label_of(code: str) -> str:
    return typed(code)[:_GROUP]
