"""The typefaces that everything printed is set in, and which texts they can set.

Atkinson Hyperlegible for what schools write, DejaVu Sans for more scripts (Greek, Cyrillic, Arabic,
Hebrew …), Noto Emoji for emoji. An accessible PDF may hold no character that none of them has.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

__all__ = ["FAMILIES", "fonts", "not_printable", "printable"]

FAMILIES = ("Atkinson Hyperlegible Next", "DejaVu Sans", "Noto Emoji")
_FOLDER = Path(__file__).parent / "fonts"
_NOT_THERE = "□"
_JOINERS = {"\u200b", "\u200c", "\u200d", "\u00ad"}
"""Invisible, and of use: where a word may be broken, and how letters join."""


@cache
def fonts() -> typst.Fonts:
    """Read once in a process; nothing of the machine's own is used."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FOLDER]
    )


def printable(text: str) -> str:
    """The text with a box for each character that no typeface here has.

    What is invisible and could turn lines round or end them (controls, marks of direction) is left
    out; a letter in fancy dress is its plain one.
    """
    known = _characters()
    if known.issuperset(text):
        return text
    return "".join(character if character in known else _instead(character) for character in text)


def not_printable(text: str) -> str:
    """The characters of the text for which `printable` puts a box, each once, in their order."""
    unknown = dict.fromkeys(one for one in text if one not in _characters())
    return "".join(one for one in unknown if _instead(one) == _NOT_THERE)


@cache
def _instead(character: str) -> str:
    if character in _JOINERS:
        return character
    if character in "\t\n\r\u2028\u2029":
        return " "
    # Variation selectors and skin tones only say how the one before them looks.
    if unicodedata.category(character) in ("Cc", "Cf", "Mn", "Me", "Sk", "Cs"):
        return ""
    plain = unicodedata.normalize("NFKC", character)
    return plain if _characters().issuperset(plain) else _NOT_THERE


@cache
def _characters() -> frozenset[str]:
    found: set[str] = set()
    for path in sorted(_FOLDER.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            if (
                font["name"].getDebugName(1) in FAMILIES
                or font["name"].getDebugName(16) in FAMILIES
            ):
                found.update(map(chr, font.getBestCmap()))
    # Marks of direction are in some typeface too, and do in a report what they do in any text.
    return frozenset(
        character for character in found if unicodedata.category(character) not in ("Cc", "Cf")
    )
