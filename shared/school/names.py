"""Names of people and groups as keys: what two spellings of the same name have in common.

For searching and for suggestions only; what is stored and shown is always the name as given.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["search_key", "username_part"]

_APOSTROPHES = re.compile(r"['’‘ʼ`´′]")
_NOT_WORD = re.compile(r"[\W_]+")
_NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
_LETTERS_WITHOUT_ACCENT = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)


def search_key(name: str) -> str:
    """Without case, accents and apostrophes, other punctuation as one space.

    `Zoë O’Neill-Smith` becomes `zoe oneill smith`.
    """
    plain = _without_accents(_APOSTROPHES.sub("", name))
    return plain if plain.isalnum() else _NOT_WORD.sub(" ", plain).strip()


def username_part(name: str) -> str:
    """The name as it stands in a username: ASCII letters and digits only; may be empty (R7)."""
    return _NOT_ASCII_WORD.sub("", _without_accents(name))


def _without_accents(name: str) -> str:
    if name.isascii():
        return name.lower()
    lower = name.casefold().translate(_LETTERS_WITHOUT_ACCENT)
    decomposed = unicodedata.normalize("NFKD", lower)
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return letters.casefold().translate(_LETTERS_WITHOUT_ACCENT)
