"""The markbook: what there is to choose from, marks, general comments and statements (R26)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from gateway.schemas.parts import Shape, Written
from shared.contracts.vocabulary import GroupKind, Sex, YearGroup

__all__ = [
    "CommentChange",
    "CommentKind",
    "GeneralComment",
    "GeneralCommentRow",
    "GeneralComments",
    "Mark",
    "MarkChange",
    "MarkRow",
    "Markbook",
    "MarkbookBand",
    "MarkbookGroup",
    "MarkbookPupil",
    "MarkbookSubject",
    "MarkbookTerm",
    "Marks",
    "NewStatement",
    "Statement",
    "StatementChange",
    "Statements",
]

Effort: TypeAlias = Literal["excellent", "good", "inconsistent", "concern"]
TermState: TypeAlias = Literal["open", "not_begun", "earlier_year", "inactive"]
CommentKind: TypeAlias = Literal["class_teacher", "head_teacher"]
StatementKind: TypeAlias = Literal["subject", "general"]
Text = Annotated[str, StringConstraints(max_length=5_000)]
"""Reports says how long each may be."""


class MarkbookGroup(Shape):
    id: UUID
    name: str
    kind: GroupKind
    year_group: YearGroup | None
    pupils: int
    subject_ids: list[UUID] = Field(description="Taught to any of its pupils, in school order.")


class MarkbookSubject(Shape):
    id: UUID
    name: str


class MarkbookTerm(Shape):
    id: UUID
    name: str
    academic_year: str
    first_day: date
    last_day: date
    state: TermState = Field(description="Only marks of an `open` one can be changed.")


class MarkbookBand(Shape):
    """From the lowest to the highest."""

    id: UUID
    code: str
    name: str
    meaning: str
    expectation: bool
    below: bool = Field(description="Below the band that is the year’s expectation.")
    active: bool


class Markbook(Shape):
    """What somebody may choose from, and the school's scale."""

    academic_year: str
    groups: list[MarkbookGroup]
    subjects: list[MarkbookSubject]
    terms: list[MarkbookTerm]
    bands: list[MarkbookBand]
    whole_school: bool = Field(description="Senior leaders, who write the head teacher’s comment.")
    comment_characters: int
    general_characters: int


class MarkbookPupil(Shape):
    """As they are called; `sex` is for the words of statements."""

    id: UUID
    forename: str
    surname: str
    sex: Sex | None
    year_group: YearGroup | None


class Mark(Shape):
    """`version` is 0 where nothing was recorded yet."""

    version: int
    band_id: UUID | None
    effort: Effort | None
    comment: str
    recorded_at: AwareDatetime | None
    recorded_by: str | None


class MarkRow(Shape):
    pupil: MarkbookPupil
    taught: bool = Field(description="Whether the subject is taught in the pupil’s year group.")
    mark: Mark


class Marks(Shape):
    state: TermState
    rows: list[MarkRow]


class MarkChange(Written):
    """What is given is changed, and null takes it away; what is left out stays."""

    term_id: UUID
    subject_id: UUID
    expected_version: int
    band_id: UUID | None = None
    effort: Effort | None = None
    comment: Text = ""


class GeneralComment(Shape):
    version: int
    comment: str
    recorded_at: AwareDatetime | None
    recorded_by: str | None


class GeneralCommentRow(Shape):
    pupil: MarkbookPupil
    class_teacher: GeneralComment
    head_teacher: GeneralComment


class GeneralComments(Shape):
    state: TermState
    rows: list[GeneralCommentRow]


class CommentChange(Written):
    term_id: UUID
    expected_version: int
    comment: Text


class Statement(Shape):
    id: UUID
    version: int
    kind: StatementKind
    subject_id: UUID | None = Field(description="Null: for all subjects.")
    band_id: UUID | None = Field(description="Null: for all bands.")
    text: str
    active: bool


class Statements(Shape):
    statements: list[Statement]
    placeholders: list[str]


class NewStatement(Written):
    kind: StatementKind
    subject_id: UUID | None = None
    band_id: UUID | None = None
    text: Text


class StatementChange(Written):
    """What is given is changed; what is left out stays."""

    expected_version: int
    kind: StatementKind = "subject"
    subject_id: UUID | None = None
    band_id: UUID | None = None
    text: Text = ""
    active: bool = True
