"""What a logo may be, and what is wrong with a file that is none (R24). None is opened here."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "LOGO_BYTES",
    "LONGEST_SIDE",
    "MOST_PIXELS",
    "MOST_SIDES_APART",
    "SHORTEST_SIDE",
    "TAKES_TOO_MUCH",
    "LogoProblem",
    "MadeAnew",
]

LOGO_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 1200
"""To which it is made smaller: at the width of a page's head, 300 dots an inch."""
SHORTEST_SIDE = 16
MOST_SIDES_APART = 20


@dataclass(frozen=True)
class MadeAnew:
    """A PNG that we wrote ourselves, without anything that came with the upload but its pixels."""

    png: bytes
    width: int
    height: int


class LogoProblem(Exception):
    """`slug` for programs, `detail` a sentence that an office can act on."""

    def __init__(self, slug: str, detail: str) -> None:
        super().__init__(detail)
        self.slug = slug
        self.detail = detail


TAKES_TOO_MUCH = LogoProblem(
    "unreadable",
    "The picture takes too much to open. Save it again as PNG, with fewer pixels, and upload that.",
)
