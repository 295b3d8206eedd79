"""What an own password must be (R3): long enough, not known, not a name; nothing else.

The list of common passwords, and the estimate of what is guessed easily, are zxcvbn's, offline.
"""

from __future__ import annotations

from collections.abc import Sequence

from zxcvbn import zxcvbn

from services.identity.passwords.hashing import MAX_LENGTH
from shared.school.names import search_key
from shared.web.problems import Unprocessable

__all__ = ["MIN_LENGTH", "PasswordRefused", "check_length", "check_strength"]

MIN_LENGTH = 12
_EASY_TO_GUESS = 3
"""Scores below it: fewer than 10^8 guesses."""
_JUDGED = 20
"""Characters that are judged at once: a password is hard to guess if a piece of it is. Where signs
stand for letters (`4`, `$`), the time that zxcvbn takes grows to half a minute with the length."""
_LEAST_BESIDE_A_NAME = 8
_SHORTEST_NAME = 3


class PasswordRefused(Unprocessable):
    """`detail` says what to do instead."""

    slug, title = "password-refused", "This password cannot be used"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, errors=[{"pointer": "#/new_password", "detail": detail}])


def check_length(password: str) -> None:
    """Raises `PasswordRefused`. Done first, before anything that takes time."""
    if len(password) < MIN_LENGTH:
        raise PasswordRefused(f"Please use {MIN_LENGTH} characters or more.")
    if len(password) > MAX_LENGTH:
        raise PasswordRefused(f"Please use {MAX_LENGTH} characters or fewer.")


def check_strength(password: str, names: Sequence[str]) -> None:
    """Raises `PasswordRefused`. `names` are the school's and the person's; may take 0.2 s."""
    folded = _squeezed(password)
    for name in names:
        squeezed = _squeezed(name)
        if len(squeezed) >= _SHORTEST_NAME and squeezed in folded:
            rest = folded.replace(squeezed, "")
            if len(rest) < _LEAST_BESIDE_A_NAME:
                raise PasswordRefused(
                    "Please use a password that is not the school's name or your own."
                )
    parts = [part for name in names for part in (_squeezed(name), *search_key(name).split())]
    pieces = [password[at : at + _JUDGED] for at in range(0, len(password), _JUDGED)]
    if not any(_is_hard_to_guess(piece, parts) for piece in pieces):
        raise PasswordRefused(
            "This password is easy to guess or in common use. Three or four unrelated words make "
            "a good one."
        )


def _is_hard_to_guess(piece: str, parts: Sequence[str]) -> bool:
    found = zxcvbn(piece, user_inputs=parts)
    return bool(found["score"] >= _EASY_TO_GUESS)


def _squeezed(text: str) -> str:
    return search_key(text).replace(" ", "")
