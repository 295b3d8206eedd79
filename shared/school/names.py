"""Names of people and groups as keys: what two spellings of the same name have in common.

For searching and for suggestions only; what is stored and shown is the name as given, without what
nobody sees in it (`tidied`).
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["CONTROLS", "is_untidy", "search_key", "tidied", "username_part"]

CONTROLS = r"\x00-\x1f\x7f-\x9f"
"""For a class of a pattern: what no name has, once it is `tidied`."""
_NEVER_SEEN = (
    "\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_UNSEEN = re.compile(f"[{_NEVER_SEEN}]")
"""What comes along when names are pasted, and turns the text after it round; not the joiners, which
names in some scripts need."""
_ODD = (
    f"{_NEVER_SEEN}\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""The same, and spaces that are none of those that a keyboard types."""
_APOSTROPHES = re.compile(r"['’‘ʼ`´′]")
_NOT_WORD = re.compile(r"[\W_]+")
_NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
_LETTERS_WITHOUT_ACCENT = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
    | dict.fromkeys(_NEVER_SEEN, "")
)


def tidied(name: str) -> str:
    """As it is typed, on one line, with single spaces, and without what nobody sees.

    Left in, a name that looks right is not found, and is not the same as that of a file.
    """
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", name)).split())


def is_untidy(text: str) -> bool:
    """Whether there is anything in it that nobody sees, or a space that is none of a keyboard's. Of
    plain ASCII, as most texts are, that is known at once; looking for each character by itself is
    fifty times faster in a long text than a pattern of all of them."""
    return not text.isascii() and any(character in text for character in _ODD)


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
