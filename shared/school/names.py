"""Names of people and groups as keys: what two spellings of the same name have in common.

For searching and for suggestions only; what is stored and shown is the name as given, without what
nobody sees in it (`tidied`).
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["CONTROLS", "search_key", "tidied", "username_part"]

CONTROLS = r"\x00-\x1f\x7f-\x9f"
"""For a class of a pattern: what no name has, once it is `tidied`."""
_UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""What comes along when names are pasted, and turns the text after it round; not the joiners, which
names in some scripts need."""
_APOSTROPHES = re.compile(r"['’‘ʼ`´′]")
_NOT_WORD = re.compile(r"[\W_]+")
_NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
_LETTERS_WITHOUT_ACCENT = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)


def tidied(name: str) -> str:
    """As it is typed, on one line, with single spaces, and without what nobody sees.

    Left in, a name that looks right is not found, and is not the same as that of a file.
    """
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", name)).split())


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
