"""Attainment in a term and progress between two, of a group, a year group or the school (R26).

A teacher asks for their groups, senior leaders for all (R14). Totals are never hidden, however few
pupils there are: whoever may ask may see each of these pupils' marks. Comparisons are, where they
would tell of a few (`hiding.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from services.reports.attainment import repository
from services.reports.attainment.characteristics import Comparison
from services.reports.attainment.figures import (
    NOT_RECORDED,
    Outcomes,
    Step,
    attained,
    moved,
    step_between,
)
from services.reports.attainment.problems import (
    OneScopeOnly,
    SubjectNotFound,
    TermNotFound,
    TwoTermsNeeded,
    WholeSchoolOnly,
)
from services.reports.attainment.repository import School, TermOfSchool
from services.reports.attainment.roll import Roll, Scope
from services.reports.attainment.tables import NO_MARKS, Hiding, Row, row_of
from services.reports.scale.band import Band
from services.reports.scale.repository import bands_of_school
from services.reports.school_settings.repository import academic_year
from services.reports.subjects.repository import subjects_of_school
from services.reports.subjects.subject import Subject
from services.reports.visible.reach import reach_of
from services.reports.visible.repository import SeenGroup, SeenPupil
from services.reports.visible.service import group_for, groups_for, pupils_of_group_for
from shared.contracts.vocabulary import YearGroup
from shared.database.pool import Connection, Database
from shared.school.year_groups import YEAR_GROUP_ORDER, year_group_label, year_groups_between
from shared.security.principals import Principal

__all__ = ["Attainment", "AttainmentTable", "Choices", "ProgressTable", "PupilRow", "PupilTable"]


@dataclass(frozen=True)
class Choices:
    """What somebody can ask for. `year_groups` is empty for whom the school is not to see."""

    whole_school: bool
    year_groups: tuple[YearGroup, ...]
    groups: tuple[SeenGroup, ...]
    terms: tuple[TermOfSchool, ...]
    subjects: tuple[Subject, ...]
    comparisons: tuple[Comparison, ...]
    academic_year: str | None


@dataclass(frozen=True)
class AttainmentTable:
    """`bands` are those in use, and those that anybody here was given."""

    of: str
    term: TermOfSchool
    bands: tuple[Band, ...]
    at_or_above: frozenset[str]
    comparisons: tuple[Comparison, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class ProgressTable:
    of: str
    earlier: TermOfSchool
    later: TermOfSchool
    comparisons: tuple[Comparison, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class PupilRow:
    """`bands` are those of each term of the table; `step` is from its first term to its last."""

    pupil: SeenPupil
    bands: tuple[Band | None, ...]
    step: Step | None


@dataclass(frozen=True)
class PupilTable:
    of: str
    subject: Subject
    at_or_above: frozenset[str]
    terms: tuple[TermOfSchool, ...]
    rows: tuple[PupilRow, ...]


@dataclass(frozen=True)
class _Whole:
    """Everything that figures of a school are made of, but its marks."""

    school: School
    terms: Sequence[TermOfSchool]
    subjects: Sequence[Subject]
    bands: Sequence[Band]

    @property
    def roll(self) -> Roll:
        return self.school.roll

    @cached_property
    def hiding(self) -> Hiding:
        return Hiding(
            self.school.roll,
            self.school.comparisons,
            years=[term.academic_year for term in self.terms],
            taught=[subject.year_groups for subject in self.subjects],
            groups=self.school.groups,
        )


class Attainment:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def choices(self, principal: Principal) -> Choices:
        async with self._database.snapshot(principal.tenant) as connection:
            groups = await groups_for(connection, principal)
            year = await academic_year(connection)
            terms = await repository.read_terms(connection, year) if year else []
            subjects = await subjects_of_school(connection)
            school = await repository.read_school(connection, year) if year else None
        whole = reach_of(principal).whole_school
        years = _year_groups(school) if school and whole else ()
        comparisons = school.comparisons if school else ()
        return Choices(
            whole, years, tuple(groups), tuple(terms), tuple(subjects), comparisons, year
        )

    async def attainment(
        self, principal: Principal, scope: Scope, term_id: UUID
    ) -> AttainmentTable:
        async with self._database.snapshot(principal.tenant) as connection:
            of = await _name_of(connection, principal, scope)
            (term,) = terms = await _terms(connection, term_id)
            whole = await _whole(connection)
            marks = await repository.marks_of_terms(connection, [one.id for one in terms])
        rows = []
        for subject in whole.subjects:
            given = marks.get((term.id, subject.id), NO_MARKS)
            taught = subject.year_groups
            outcomes = attained(whole.roll, scope, term.academic_year, taught, given)
            beside = whole.hiding.beside(term.academic_year, taught, marks=given)
            rows += _row(whole, subject, outcomes, beside)
        bands = tuple(band for band in whole.bands if band.active or _given(rows, str(band.id)))
        return AttainmentTable(
            of, term, bands, _at_or_above(whole.bands), whole.school.comparisons, tuple(rows)
        )

    async def progress(
        self, principal: Principal, scope: Scope, one_term: UUID, other_term: UUID
    ) -> ProgressTable:
        """Each mark of the later term beside the one of the earlier; whose mark counts where is
        told by the later."""
        async with self._database.snapshot(principal.tenant) as connection:
            of = await _name_of(connection, principal, scope)
            earlier, later = await _terms(connection, one_term, other_term)
            whole = await _whole(connection)
            marks = await repository.marks_of_terms(connection, [earlier.id, later.id])
        ranks = {str(band.id): place for place, band in enumerate(whole.bands)}
        rows = []
        for subject in whole.subjects:
            taught = subject.year_groups
            given = marks.get((later.id, subject.id), NO_MARKS)
            now = attained(whole.roll, scope, later.academic_year, taught, given)
            before = marks.get((earlier.id, subject.id), NO_MARKS)
            outcomes = moved(whole.roll, now, before, earlier.academic_year, ranks)
            beside = whole.hiding.beside(
                later.academic_year, taught, earlier.academic_year, marks=given, earlier=before
            )
            rows += _row(whole, subject, outcomes, beside)
        return ProgressTable(of, earlier, later, whole.school.comparisons, tuple(rows))

    async def pupils(
        self,
        principal: Principal,
        group_id: UUID,
        subject_id: UUID,
        one_term: UUID,
        other_term: UUID,
    ) -> PupilTable:
        """The pupils of a group, who may be seen one by one, with their bands side by side."""
        async with self._database.snapshot(principal.tenant) as connection:
            pupils = await pupils_of_group_for(connection, principal, group_id)
            of = await _name_of(connection, principal, Scope(group_id=group_id))
            first, last = await _terms(connection, one_term, other_term)
            terms = await _all_terms(connection)
            between = terms[terms.index(first) : terms.index(last) + 1]
            subjects = await subjects_of_school(connection)
            subject = next((one for one in subjects if one.id == subject_id), None)
            if subject is None:
                raise SubjectNotFound
            bands = {band.id: band for band in await bands_of_school(connection)}
            marks = await repository.marks_of_pupils(
                connection, [pupil.id for pupil in pupils], subject_id, [one.id for one in between]
            )
        places = {band_id: place for place, band_id in enumerate(bands)}
        rows = []
        for pupil in pupils:
            given = [marks.get((pupil.id, term.id)) for term in between]
            then, now = given[0], given[-1]
            step = step_between(places[then], places[now]) if then and now else None
            rows.append(PupilRow(pupil, tuple(bands[one] if one else None for one in given), step))
        met = _at_or_above(list(bands.values()))
        return PupilTable(of, subject, met, tuple(between), tuple(rows))


async def _name_of(connection: Connection, principal: Principal, scope: Scope) -> str:
    """What the scope is called. Raises what `group_for` raises, and `WholeSchoolOnly` (R14)."""
    if scope.group_id is not None:
        if scope.year_group is not None:
            raise OneScopeOnly
        return (await group_for(connection, principal, scope.group_id)).name
    if not reach_of(principal).whole_school:
        raise WholeSchoolOnly
    return year_group_label(scope.year_group) if scope.year_group else "Whole school"


async def _all_terms(connection: Connection) -> list[TermOfSchool]:
    year = await academic_year(connection)
    return await repository.read_terms(connection, year) if year else []


async def _terms(connection: Connection, *wanted: UUID) -> list[TermOfSchool]:
    """In the order of the calendar, whatever the order they were asked for in."""
    if len(set(wanted)) < len(wanted):
        raise TwoTermsNeeded
    found = [term for term in await _all_terms(connection) if term.id in wanted]
    if len(found) < len(wanted):
        raise TermNotFound
    return found


async def _whole(connection: Connection) -> _Whole:
    """Raises `TermNotFound` for a school of which roster has not told yet."""
    year = await academic_year(connection)
    if year is None:
        raise TermNotFound
    return _Whole(
        await repository.read_school(connection, year),
        await repository.read_terms(connection, year),
        await subjects_of_school(connection),
        await bands_of_school(connection),
    )


def _row(whole: _Whole, subject: Subject, outcomes: Outcomes, beside: Sequence[int]) -> list[Row]:
    """Nothing for a subject that nobody here has; for an inactive one only where it has marks."""
    row = row_of(subject, outcomes, whole.hiding, beside, whole.roll.everyone)
    marked = row.total.pupils - row.total.counts[NOT_RECORDED]
    return [row] if marked or (subject.active and row.total.pupils) else []


def _given(rows: Sequence[Row], band: str) -> bool:
    return any(row.total.counts.get(band) for row in rows)


def _at_or_above(bands: Sequence[Band]) -> frozenset[str]:
    expected = next((place for place, band in enumerate(bands) if band.expectation), len(bands))
    return frozenset(str(band.id) for band in bands[expected:])


def _year_groups(school: School) -> tuple[YearGroup, ...]:
    """Those from the school's first to its last, and any other with pupils; the youngest first."""
    first, last = school.roll.first_year_group, school.last_year_group
    years = set(year_groups_between(first, last)) if first and last else set()
    years |= {year for year, pupils in school.roll.years.items() if pupils}
    return tuple(YearGroup(year) for year in YEAR_GROUP_ORDER if year in years)
