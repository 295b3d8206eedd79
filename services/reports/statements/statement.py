"""A statement of the bank: a sentence with places for the pupil's words. Rules, no database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID, uuid5

from services.reports.scale.band import Band

__all__ = [
    "PLACEHOLDERS",
    "STATEMENT_CHARACTERS",
    "Statement",
    "StatementKind",
    "default_statements",
    "unknown_placeholders",
]

StatementKind = Literal["subject", "general"]
STATEMENT_CHARACTERS = 400
PLACEHOLDERS = ("forename", "he_she", "him_her", "his_her", "He_she", "Him_her", "His_her")
"""What is filled in when a statement is put into a comment."""

_PLACE = re.compile(r"\{([^{}]*)\}|[{}]")


@dataclass(frozen=True)
class Statement:
    """`subject_id` and `band_id` say for which it is meant; null: for all."""

    id: UUID
    kind: StatementKind
    subject_id: UUID | None
    band_id: UUID | None
    text: str
    active: bool = True
    version: int = 1

    def logged(self) -> dict[str, Any]:
        return {"statement": self.text, "active": self.active}


def unknown_placeholders(text: str) -> list[str]:
    """What stands in braces and is none, as it was written; and braces that stand alone."""
    return [found[0] for found in _PLACE.finditer(text) if found[1] not in PLACEHOLDERS]


_EXPECTED, _BELOW, _ABOVE = "expected", "below", "above"
_DEFAULTS: tuple[tuple[StatementKind, str | None, str], ...] = (
    ("subject", _BELOW, "{forename} finds some of this work hard, and does better with support."),
    ("subject", _BELOW, "With more practice at home, {forename} will become more confident."),
    ("subject", _EXPECTED, "{forename} works well and understands what we have learned this term."),
    ("subject", _EXPECTED, "{His_her} next step is to explain {his_her} thinking in more detail."),
    ("subject", _ABOVE, "{forename} uses what has been learned with confidence in new ways."),
    ("subject", None, "{forename} listens carefully and takes an active part in lessons."),
    ("subject", None, "{forename} takes pride in the presentation of {his_her} work."),
    ("general", None, "{forename} is a kind and helpful member of our class."),
    ("general", None, "{forename} has made a good start to the year and should be proud."),
    ("general", None, "It has been a pleasure to teach {him_her} this year."),
)


def default_statements(school_id: UUID, bands: Sequence[Band]) -> list[Statement]:
    """What a school begins with. The ids are the same each time, so that they are made once."""
    places = {
        _BELOW: next((band.id for band in bands if band.active), None),
        _EXPECTED: next((band.id for band in bands if band.expectation), None),
        _ABOVE: next((band.id for band in reversed(bands) if band.active), None),
        None: None,
    }
    return [
        Statement(uuid5(school_id, f"statement {number}"), kind, None, places[where], text)
        for number, (kind, where, text) in enumerate(_DEFAULTS)
    ]
