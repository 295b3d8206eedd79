"""A mark and a general comment as the rules see them: no database.

A mark stands at a place: a pupil, a subject, a term. One that was emptied is a mark without values.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.reports.subjects.subject import Subject
from services.reports.terms.term import Term
from shared.contracts.vocabulary import YearGroup

__all__ = [
    "COMMENT_CHARACTERS",
    "EFFORT_WORDS",
    "GENERAL_CHARACTERS",
    "CommentKind",
    "Effort",
    "GeneralComment",
    "Mark",
    "MarkValues",
    "TermAt",
    "TermState",
    "is_taught",
    "prose",
    "state_of_term",
]

COMMENT_CHARACTERS = 1_000
"""The longest comment on a subject: some 160 words, a third of a page."""
GENERAL_CHARACTERS = 2_000


class Effort(StrEnum):
    EXCELLENT = "excellent"
    GOOD = "good"
    INCONSISTENT = "inconsistent"
    CONCERN = "concern"


EFFORT_WORDS = {
    Effort.EXCELLENT: "Excellent",
    Effort.GOOD: "Good",
    Effort.INCONSISTENT: "Inconsistent",
    Effort.CONCERN: "Cause for concern",
}


class CommentKind(StrEnum):
    """Who says it of a pupil as a whole."""

    CLASS_TEACHER = "class_teacher"
    HEAD_TEACHER = "head_teacher"


class TermState(StrEnum):
    """Whether marks of a term can be recorded, and if not, why."""

    OPEN = "open"
    NOT_BEGUN = "not_begun"
    EARLIER_YEAR = "earlier_year"
    INACTIVE = "inactive"


@dataclass(frozen=True)
class TermAt:
    term: Term
    academic_year: str
    state: TermState

    @property
    def name(self) -> str:
        """As the activity log and messages call it: `Autumn 2026/27`."""
        return f"{self.term.name} {self.academic_year}"


def state_of_term(term: Term, academic_year: str, current_year: str, today: date) -> TermState:
    """All terms of the school's year that have begun are open: marks are put right afterwards too.

    One that has not begun is closed, so that nobody records this term's marks in the next; and
    those of other years, since the pupils have moved on.
    """
    if academic_year != current_year:
        return TermState.EARLIER_YEAR
    if not term.active:
        return TermState.INACTIVE
    return TermState.OPEN if term.first_day <= today else TermState.NOT_BEGUN


@dataclass(frozen=True)
class MarkValues:
    band_id: UUID | None = None
    effort: Effort | None = None
    comment: str = ""

    def with_(self, **changed: Any) -> MarkValues:
        return replace(self, **changed)

    @property
    def empty(self) -> bool:
        return self == MarkValues()


@dataclass(frozen=True)
class Mark:
    """`version` is 0 where nothing was ever recorded; `recorded_by` is the user's name."""

    pupil_id: UUID
    version: int = 0
    values: MarkValues = MarkValues()
    recorded_at: datetime | None = None
    recorded_by: str | None = None


@dataclass(frozen=True)
class GeneralComment:
    pupil_id: UUID
    kind: CommentKind
    version: int = 0
    comment: str = ""
    recorded_at: datetime | None = None
    recorded_by: str | None = None


def is_taught(subject: Subject, year_group: YearGroup | None) -> bool:
    """To a pupil of that year group. Where none is known, nothing can be said against it."""
    return not subject.year_groups or year_group is None or year_group in subject.year_groups


def prose(text: str) -> str:
    """What was typed, in one spelling: lines end in a line feed, none in spaces."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()
