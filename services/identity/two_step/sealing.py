"""Secrets that must be read again are kept sealed, with keys that lie outside the database.

The first key seals; each opens what it has sealed, so that a new key can take the place of an old
one: put it first, and what is used is sealed with it from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from shared.kept import Lines

__all__ = ["Sealing", "UnknownSeal"]


class UnknownSeal(Exception):
    """No key here opens it, or it was sealed for another row."""


class Sealing:
    """`keys` are Fernet keys (AES-128-CBC with HMAC-SHA-256), the newest first, or give them."""

    def __init__(self, keys: Sequence[str] | Lines) -> None:
        self._keys = keys if callable(keys) else lambda: keys
        self._made: tuple[Sequence[str], list[Fernet]] | None = None
        self._fernets()

    def seal(self, secret: str, whose: UUID) -> bytes:
        """Sealed for one row; put into another it opens nothing."""
        return self._fernets()[0].encrypt(f"{whose} {secret}".encode())

    def open(self, sealed: bytes, whose: UUID) -> str:
        """Raises `UnknownSeal`."""
        try:
            owner, _, secret = MultiFernet(self._fernets()).decrypt(sealed).decode().partition(" ")
        except InvalidToken:
            raise UnknownSeal("no key opens this secret") from None
        if owner != str(whose):
            raise UnknownSeal("this secret is of another row")
        return secret

    def is_old(self, sealed: bytes) -> bool:
        """Whether a key that is not the newest has sealed it."""
        try:
            self._fernets()[0].decrypt(sealed)
        except InvalidToken:
            return True
        return False

    def _fernets(self) -> list[Fernet]:
        keys = self._keys()
        if self._made is None or self._made[0] is not keys:
            self._made = (keys, [Fernet(key) for key in keys])
        return self._made[1]
