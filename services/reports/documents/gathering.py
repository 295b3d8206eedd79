"""What reports of pupils are made of, as it is known now: facts, not yet words (R27)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from services.reports.scale.band import Band
from services.reports.subjects.subject import Subject

__all__ = ["CommentKind", "Effort", "Facts", "Mark", "PupilFacts", "SchoolFacts", "TermFacts"]

Effort = Literal["excellent", "good", "inconsistent", "concern"]
CommentKind = Literal["class_teacher", "head_teacher"]


@dataclass(frozen=True)
class TermFacts:
    id: UUID
    name: str
    academic_year: str
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Mark:
    """`year_group` and `class_name` are the pupil's when it was recorded."""

    band_id: UUID | None
    effort: Effort | None
    comment: str
    year_group: str | None
    class_name: str | None = None

    @property
    def says(self) -> bool:
        """One that was emptied again says nothing."""
        return bool(self.band_id or self.effort or self.comment)


@dataclass(frozen=True)
class SchoolFacts:
    """What all reports of a term have in common.

    `earlier_terms` are those before the term, the newest first, of all academic years. `subjects`
    and `bands` are all of the school's, inactive ones too, in its order. `logo` is the digest of
    the one in use. `academic_year` is the school's own.
    """

    name: str
    logo: str | None
    academic_year: str
    term: TermFacts
    earlier_terms: Sequence[TermFacts]
    subjects: Sequence[Subject]
    bands: Sequence[Band]


@dataclass(frozen=True)
class PupilFacts:
    """A pupil as they are called at school. `marks`: by term, then by subject.

    `class_name` and `class_teachers` are those of today; a report of an earlier year has the class
    of its marks, and leaves its teachers out.
    """

    id: UUID
    forename: str
    surname: str
    legal_name: str
    date_of_birth: date | None
    sex: str | None
    year_group: str | None
    class_name: str | None
    class_teachers: tuple[str, ...] = ()
    marks: Mapping[UUID, Mapping[UUID, Mark]] = field(default_factory=dict)
    comments: Mapping[CommentKind, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.forename} {self.surname}"


@dataclass(frozen=True)
class Facts:
    """`pupils` in the order of their surnames, each once."""

    school: SchoolFacts
    pupils: Sequence[PupilFacts]
