"""The shapes of the markbook over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from services.reports.markbook.mark import (
    COMMENT_CHARACTERS,
    GENERAL_CHARACTERS,
    CommentKind,
    Effort,
    GeneralComment,
    Mark,
    TermAt,
    TermState,
    is_taught,
    prose,
)
from services.reports.markbook.service import Choices
from services.reports.markbook.sheet import Sheet, SubjectSheet
from services.reports.scale.band import Band
from services.reports.subjects.subject import Subject
from services.reports.visible.repository import SeenGroup, SeenPupil
from shared.contracts.vocabulary import GroupKind, Sex, YearGroup

__all__ = [
    "CommentBody",
    "CommentView",
    "CommentsView",
    "MarkBody",
    "MarkView",
    "MarkbookView",
    "MarksView",
]

_WRITTEN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""Lines and tabs are part of a text, other control characters of none."""
SubjectComment = Annotated[
    str,
    StringConstraints(max_length=COMMENT_CHARACTERS, pattern=_WRITTEN),
    AfterValidator(prose),
]
WholeComment = Annotated[
    str,
    StringConstraints(max_length=GENERAL_CHARACTERS, pattern=_WRITTEN),
    AfterValidator(prose),
]
Version = Annotated[
    int, Field(ge=0, lt=2**31, description="The version that was looked at; 0 where there is none.")
]


class MarkbookGroupView(BaseModel):
    id: UUID
    name: str
    kind: GroupKind
    year_group: YearGroup | None
    pupils: int
    subject_ids: list[UUID] = Field(description="Taught to any of its pupils, in school order.")

    @classmethod
    def of(cls, group: SeenGroup, subjects: list[Subject]) -> MarkbookGroupView:
        years = group.year_groups or (group.year_group,)
        return cls(
            id=group.id,
            name=group.name,
            kind=group.kind,
            year_group=group.year_group,
            pupils=group.pupils,
            subject_ids=[one.id for one in subjects if any(is_taught(one, year) for year in years)],
        )


class MarkbookSubjectView(BaseModel):
    id: UUID
    name: str


class MarkbookTermView(BaseModel):
    id: UUID
    name: str
    academic_year: str
    first_day: date
    last_day: date
    state: TermState

    @classmethod
    def of(cls, at: TermAt) -> MarkbookTermView:
        return cls(
            id=at.term.id,
            name=at.term.name,
            academic_year=at.academic_year,
            first_day=at.term.first_day,
            last_day=at.term.last_day,
            state=at.state,
        )


class MarkbookBandView(BaseModel):
    """From the lowest to the highest; `below` the one that is the year's expectation, or not."""

    id: UUID
    code: str
    name: str
    meaning: str
    expectation: bool
    below: bool
    active: bool

    @classmethod
    def all(cls, bands: list[Band]) -> list[MarkbookBandView]:
        expected = next(place for place, band in enumerate(bands) if band.expectation)
        return [
            cls(
                id=band.id,
                code=band.code,
                name=band.name,
                meaning=band.meaning,
                expectation=band.expectation,
                below=place < expected,
                active=band.active,
            )
            for place, band in enumerate(bands)
        ]


class MarkbookView(BaseModel):
    """What somebody may choose from, and the school's scale."""

    academic_year: str
    groups: list[MarkbookGroupView]
    subjects: list[MarkbookSubjectView]
    terms: list[MarkbookTermView]
    bands: list[MarkbookBandView]
    whole_school: bool = Field(description="Senior leaders, who write the head teacher’s comment.")
    comment_characters: int
    general_characters: int

    @classmethod
    def of(cls, found: Choices) -> MarkbookView:
        subjects = [one for one in found.settings.subjects if one.active]
        return cls(
            academic_year=found.settings.academic_year,
            groups=[MarkbookGroupView.of(group, subjects) for group in found.groups],
            subjects=[MarkbookSubjectView(id=one.id, name=one.name) for one in subjects],
            terms=[MarkbookTermView.of(term) for term in found.terms],
            bands=MarkbookBandView.all(list(found.settings.bands)),
            whole_school=found.whole_school,
            comment_characters=COMMENT_CHARACTERS,
            general_characters=GENERAL_CHARACTERS,
        )


class MarkbookPupilView(BaseModel):
    """As they are called; `sex` is for the words of statements."""

    id: UUID
    forename: str
    surname: str
    sex: Sex | None
    year_group: YearGroup | None

    @classmethod
    def of(cls, pupil: SeenPupil, year_group: YearGroup | None) -> MarkbookPupilView:
        return cls(
            id=pupil.id,
            forename=pupil.forename,
            surname=pupil.surname,
            sex=pupil.sex,
            year_group=year_group,
        )


class MarkView(BaseModel):
    version: int
    band_id: UUID | None
    effort: Effort | None
    comment: str
    recorded_at: AwareDatetime | None
    recorded_by: str | None

    @classmethod
    def of(cls, mark: Mark) -> MarkView:
        return cls(
            version=mark.version,
            band_id=mark.values.band_id,
            effort=mark.values.effort,
            comment=mark.values.comment,
            recorded_at=mark.recorded_at,
            recorded_by=mark.recorded_by,
        )


class MarkRowView(BaseModel):
    pupil: MarkbookPupilView
    taught: bool = Field(description="Whether the subject is taught in the pupil’s year group.")
    mark: MarkView


class MarksView(BaseModel):
    """One group’s marks of one subject and term, by the pupils’ names."""

    state: TermState
    rows: list[MarkRowView]

    @classmethod
    def of(cls, sheet: SubjectSheet) -> MarksView:
        return cls(
            state=sheet.term.state,
            rows=[
                MarkRowView(
                    pupil=MarkbookPupilView.of(pupil, sheet.year_group_of(pupil)),
                    taught=sheet.taught_to(pupil),
                    mark=MarkView.of(sheet.mark(pupil.id)),
                )
                for pupil in sheet.pupils
            ],
        )


class CommentView(BaseModel):
    version: int
    comment: str
    recorded_at: AwareDatetime | None
    recorded_by: str | None

    @classmethod
    def of(cls, comment: GeneralComment) -> CommentView:
        return cls(
            version=comment.version,
            comment=comment.comment,
            recorded_at=comment.recorded_at,
            recorded_by=comment.recorded_by,
        )


class CommentRowView(BaseModel):
    pupil: MarkbookPupilView
    class_teacher: CommentView
    head_teacher: CommentView


class CommentsView(BaseModel):
    """What is said of each pupil of a group as a whole, in one term."""

    state: TermState
    rows: list[CommentRowView]

    @classmethod
    def of(
        cls, sheet: Sheet, comments: dict[tuple[UUID, CommentKind], GeneralComment]
    ) -> CommentsView:
        def comment(pupil_id: UUID, kind: CommentKind) -> CommentView:
            return CommentView.of(comments.get((pupil_id, kind)) or GeneralComment(pupil_id, kind))

        return cls(
            state=sheet.term.state,
            rows=[
                CommentRowView(
                    pupil=MarkbookPupilView.of(pupil, sheet.year_group_of(pupil)),
                    class_teacher=comment(pupil.id, CommentKind.CLASS_TEACHER),
                    head_teacher=comment(pupil.id, CommentKind.HEAD_TEACHER),
                )
                for pupil in sheet.pupils
            ],
        )


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")

    term_id: UUID
    expected_version: Version


class MarkBody(_Said):
    """What is given is changed, and null takes it away; what is left out stays."""

    subject_id: UUID
    band_id: UUID | None = None
    effort: Effort | None = None
    comment: SubjectComment = ""

    def said(self) -> dict[str, Any]:
        return {
            name: getattr(self, name)
            for name in ("band_id", "effort", "comment")
            if name in self.model_fields_set
        }


class CommentBody(_Said):
    comment: WholeComment
