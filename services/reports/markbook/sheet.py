"""What one works on: a group with its pupils, a term, a subject (R14, R26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.reports.markbook import repository
from services.reports.markbook.mark import (
    CommentKind,
    Mark,
    MarkValues,
    TermAt,
    TermState,
    is_taught,
    state_of_term,
)
from services.reports.markbook.problems import (
    BandNotInUse,
    HeadTeachersComment,
    NoSuchSubject,
    NoSuchTerm,
    NotAClass,
    PupilNotInGroup,
    SubjectNotTaught,
    TermClosed,
)
from services.reports.scale.band import Band
from services.reports.school_settings.service import Settings
from services.reports.subjects.subject import Subject
from services.reports.visible.reach import reach_of
from services.reports.visible.repository import SeenGroup, SeenPupil
from services.reports.visible.service import group_for, pupils_of_group_for
from shared.contracts.vocabulary import GroupKind, YearGroup
from shared.database.pool import Connection
from shared.school.year_groups import year_group_label
from shared.security.principals import Principal

__all__ = ["Sheet", "SubjectSheet", "open_sheet", "open_subject_sheet", "terms_at"]


@dataclass(frozen=True)
class Sheet:
    """A group in a term, as somebody sees it."""

    group: SeenGroup
    term: TermAt
    pupils: Sequence[SeenPupil]
    bands: Sequence[Band]
    whole_school: bool

    def pupil(self, pupil_id: UUID) -> SeenPupil:
        """Raises `PupilNotInGroup`."""
        found = next((one for one in self.pupils if one.id == pupil_id), None)
        if found is None:
            raise PupilNotInGroup
        return found

    def require_open(self) -> None:
        """Raises `TermClosed`."""
        why = {
            TermState.NOT_BEGUN: f"{self.term.name} begins on {_said(self.term.term.first_day)}. "
            "Its marks and comments can be written from that day on.",
            TermState.EARLIER_YEAR: f"{self.term.name} is of another academic year, whose marks "
            "and comments stay as they are.",
            TermState.INACTIVE: f"{self.term.name} is not in use any more, so its marks and "
            "comments stay as they are.",
        }.get(self.term.state)
        if why:
            raise TermClosed(why)

    def require_writer(self, kind: CommentKind) -> None:
        """Raises `HeadTeachersComment` or `NotAClass`."""
        if kind is CommentKind.HEAD_TEACHER and not self.whole_school:
            raise HeadTeachersComment
        if self.group.kind is not GroupKind.CLASS:
            raise NotAClass

    def year_group_of(self, pupil: SeenPupil) -> YearGroup | None:
        """The pupil's own, else the group's."""
        return pupil.year_group or self.group.year_group


@dataclass(frozen=True)
class SubjectSheet(Sheet):
    subject: Subject
    marks: dict[UUID, Mark]

    def mark(self, pupil_id: UUID) -> Mark:
        return self.marks.get(pupil_id) or Mark(pupil_id)

    def taught_to(self, pupil: SeenPupil) -> bool:
        return is_taught(self.subject, self.year_group_of(pupil))

    def require_taught(self, pupil: SeenPupil) -> None:
        """Raises `SubjectNotTaught`."""
        if not self.taught_to(pupil):
            year = self.year_group_of(pupil)
            raise SubjectNotTaught(
                self.subject.name, year_group_label(year) if year else "this year group"
            )

    def require_given(self, before: MarkValues, after: MarkValues) -> None:
        """A band that is not in use stays where it is and is given to nobody else.

        Raises `BandNotInUse`.
        """
        if after.band_id is None or after.band_id == before.band_id:
            return
        band = next((one for one in self.bands if one.id == after.band_id), None)
        if band is None or not band.active:
            raise BandNotInUse(band.code if band else None)


async def open_sheet(
    connection: Connection,
    principal: Principal,
    settings: Settings,
    today: date,
    group_id: UUID,
    term_id: UUID,
) -> Sheet:
    """Raises `GroupNotSeen` or `NoSuchTerm`."""
    group = await group_for(connection, principal, group_id)
    return Sheet(
        group=group,
        term=await _term(connection, settings, today, term_id),
        pupils=await pupils_of_group_for(connection, principal, group_id),
        bands=settings.bands,
        whole_school=reach_of(principal).whole_school,
    )


async def open_subject_sheet(
    connection: Connection,
    principal: Principal,
    settings: Settings,
    today: date,
    group_id: UUID,
    term_id: UUID,
    subject_id: UUID,
    *,
    to_change: Sequence[UUID] | None = None,
) -> SubjectSheet:
    """With the marks of all its pupils, or of those that are changed.

    Raises as `open_sheet`, and `NoSuchSubject`.
    """
    sheet = await open_sheet(connection, principal, settings, today, group_id, term_id)
    subject = next((one for one in settings.subjects if one.id == subject_id), None)
    if subject is None or not subject.active:
        raise NoSuchSubject
    pupils = [pupil.id for pupil in sheet.pupils] if to_change is None else to_change
    marks = await repository.find_marks(
        connection, subject_id, term_id, pupils, to_change=to_change is not None
    )
    return SubjectSheet(**vars(sheet), subject=subject, marks=marks)


async def terms_at(connection: Connection, settings: Settings, today: date) -> list[TermAt]:
    """Those of the school's year, in order; then those of other years that have marks."""
    current = [(term, settings.academic_year) for term in settings.terms if term.active]
    others = await repository.terms_with_marks(connection, settings.academic_year)
    return [
        TermAt(term, year, state_of_term(term, year, settings.academic_year, today))
        for term, year in [*current, *others]
    ]


async def _term(connection: Connection, settings: Settings, today: date, term_id: UUID) -> TermAt:
    found = await repository.find_term(connection, term_id)
    if found is None:
        raise NoSuchTerm
    term, year = found
    return TermAt(term, year, state_of_term(term, year, settings.academic_year, today))


def _said(day: date) -> str:
    return f"{day:%-d %B %Y}"
