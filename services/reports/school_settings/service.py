"""Subjects, terms and the attainment scale: read, changed, told and logged (R29).

A school gets its defaults when it is first heard of or asked about, whichever comes first, and from
then on they are its own: entries with ids that stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.reports.activity import THE_CALENDAR, about_school, person
from services.reports.announcements import Announcements
from services.reports.clock import Clock
from services.reports.scale.band import Band, default_bands, faults_of_bands
from services.reports.scale.repository import bands_of_school, keep_bands
from services.reports.school_settings import repository
from services.reports.school_settings.entries import E, Fault, merged
from services.reports.school_settings.history import lines_of_change
from services.reports.school_settings.problems import SettingsRefused
from services.reports.school_settings.repository import Versions
from services.reports.subjects.repository import keep_subjects, subjects_of_school
from services.reports.subjects.subject import Subject, default_subjects, faults_of_subjects
from services.reports.terms.repository import keep_terms, latest_year_before, terms_of_year
from services.reports.terms.term import (
    Term,
    default_terms,
    faults_of_terms,
    in_order,
    terms_after,
)
from shared.contracts.envelope import Payload
from shared.contracts.reports import ScaleChanged, SubjectsChanged, TermsChanged
from shared.database.pool import Connection
from shared.school.academic_year import academic_year_of, school_day
from shared.security.principals import Principal
from shared.web.settings_changed import SettingsChangedMeanwhile

__all__ = ["SchoolSettings", "Settings"]


@dataclass(frozen=True)
class Settings:
    """All of a school's, as they stand. `terms` are those of `academic_year`."""

    versions: Versions
    subjects: Sequence[Subject]
    academic_year: str
    terms: Sequence[Term]
    bands: Sequence[Band]

    def states(self) -> tuple[Payload, Payload, Payload]:
        """What others hear of each section."""
        return (
            SubjectsChanged(
                version=self.versions.subjects,
                subjects=tuple(subject.state() for subject in self.subjects),
            ),
            TermsChanged(
                version=self.versions.terms,
                academic_year=self.academic_year,
                terms=tuple(term.state() for term in self.terms),
            ),
            ScaleChanged(
                version=self.versions.scale, bands=tuple(band.state() for band in self.bands)
            ),
        )


class SchoolSettings:
    def __init__(self, announcements: Announcements, now: Clock) -> None:
        self._announcements = announcements
        self._now = now

    async def read(self, connection: Connection, school_id: UUID) -> Settings:
        """As they stand; with the defaults, where there is nothing yet."""
        year = await self._year(connection)
        found = await self._find(connection, year)
        if found is not None:
            return found
        await self.begin(connection, school_id)
        found = await self._find(connection, year)
        if found is None:
            raise LookupError("the settings that were begun cannot be seen: wrong tenant?")
        return found

    async def read_to_change(self, connection: Connection, school_id: UUID) -> Settings:
        """As `read`; no other transaction changes them until this one ends."""
        await self.begin(connection, school_id)
        return await self.read(connection, school_id)

    async def begin(self, connection: Connection, school_id: UUID) -> None:
        """Give the school its defaults, and its academic year terms, where they are missing."""
        is_new = await repository.begin(connection, school_id)
        await repository.lock(connection)
        year = await self._year(connection)
        if is_new:
            await keep_subjects(connection, school_id, default_subjects())
            await keep_bands(connection, school_id, default_bands())
            await keep_terms(connection, school_id, year, default_terms(year))
            begun = await self._find(connection, year)
            if begun is not None:
                await self._announcements.say(connection, school_id, *begun.states())
        elif not await terms_of_year(connection, year):
            await self._propose_terms(connection, school_id, year)

    async def begin_year(self, connection: Connection, school_id: UUID, former: str | None) -> None:
        """Roster has told of a year. A school that undid its roll-up has its former terms again."""
        year = await self._year(connection)
        known = await terms_of_year(connection, year)
        await self.begin(connection, school_id)
        if known and former not in (None, year):
            await self._say_terms(connection, school_id, year, known)

    async def set_subjects(
        self, connection: Connection, principal: Principal, said: list[Subject], expected: int
    ) -> Settings:
        """All of them, in their order. Raises `SettingsChangedMeanwhile`, `SettingsRefused`."""
        before = await self.read_to_change(connection, principal.tenant)
        _refuse_late("subjects", before.versions.subjects, expected, before.subjects, said)
        subjects, faults = merged(before.subjects, said)
        _refuse("subjects", faults or faults_of_subjects(subjects))
        if subjects == list(before.subjects):
            return before
        await keep_subjects(connection, principal.tenant, subjects)
        version = await repository.raise_version(connection, "subjects")
        after = replace(
            before, subjects=subjects, versions=replace(before.versions, subjects=version)
        )
        told, _, _ = after.states()
        await self._tell(connection, principal, told, "subject", before.subjects, subjects)
        return after

    async def set_terms(
        self, connection: Connection, principal: Principal, said: list[Term], expected: int
    ) -> Settings:
        """Those of the school's academic year; others stay. Raises as `set_subjects`."""
        before = await self.read_to_change(connection, principal.tenant)
        _refuse_late("terms", before.versions.terms, expected, before.terms, said)
        terms, faults = merged(before.terms, said)
        _refuse("terms", faults or faults_of_terms(terms, before.academic_year))
        terms = in_order(terms)
        if terms == list(before.terms):
            return before
        await keep_terms(connection, principal.tenant, before.academic_year, terms)
        version = await repository.raise_version(connection, "terms")
        after = replace(before, terms=terms, versions=replace(before.versions, terms=version))
        _, told, _ = after.states()
        was = sorted(before.terms, key=lambda term: [t.id for t in terms].index(term.id))
        await self._tell(connection, principal, told, "term", was, terms)
        return after

    async def set_scale(
        self, connection: Connection, principal: Principal, said: list[Band], expected: int
    ) -> Settings:
        """All bands, from the lowest to the highest. Raises as `set_subjects`."""
        before = await self.read_to_change(connection, principal.tenant)
        _refuse_late("bands", before.versions.scale, expected, before.bands, said)
        bands, faults = merged(before.bands, said)
        _refuse("bands", faults or faults_of_bands(bands))
        if bands == list(before.bands):
            return before
        await keep_bands(connection, principal.tenant, bands)
        version = await repository.raise_version(connection, "scale")
        after = replace(before, bands=bands, versions=replace(before.versions, scale=version))
        _, _, told = after.states()
        await self._tell(connection, principal, told, "band", before.bands, bands)
        return after

    async def _propose_terms(self, connection: Connection, school_id: UUID, year: str) -> None:
        """For a year that has just begun; a year that the school comes back to has its own."""
        former = await latest_year_before(connection, year)
        terms = terms_after(await terms_of_year(connection, former) if former else [], year)
        await keep_terms(connection, school_id, year, terms)
        await self._say_terms(connection, school_id, year, terms)
        line = about_school(
            self._now(),
            THE_CALENDAR,
            "terms.proposed",
            school_id,
            year,
            after={term.name: f"{term.first_day} – {term.last_day}" for term in terms},
        )
        await self._announcements.activity(connection, school_id, [line])

    async def _say_terms(
        self, connection: Connection, school_id: UUID, year: str, terms: Sequence[Term]
    ) -> None:
        """Other terms than before count from now on."""
        version = await repository.raise_version(connection, "terms")
        states = tuple(term.state() for term in terms)
        told = TermsChanged(version=version, academic_year=year, terms=states)
        await self._announcements.say(connection, school_id, told)

    async def _year(self, connection: Connection) -> str:
        """Roster's word; until it has come, the calendar's."""
        told = await repository.academic_year(connection)
        return told or academic_year_of(school_day(self._now()))

    async def _find(self, connection: Connection, year: str) -> Settings | None:
        versions = await repository.find(connection)
        terms = await terms_of_year(connection, year)
        if versions is None or not terms:
            return None
        subjects = await subjects_of_school(connection)
        return Settings(versions, subjects, year, terms, await bands_of_school(connection))

    async def _tell(
        self,
        connection: Connection,
        principal: Principal,
        told: Payload,
        kind: str,
        before: Sequence[E],
        after: Sequence[E],
    ) -> None:
        school_id = principal.tenant
        lines = lines_of_change(self._now(), person(principal), school_id, kind, before, after)
        await self._announcements.say(connection, school_id, told)
        await self._announcements.activity(connection, school_id, lines)


def _refuse_late(
    section: str, version: int, expected: int, before: Sequence[E], said: Sequence[E]
) -> None:
    if version != expected:
        current = {section: [entry.as_said() for entry in before]}
        wanted = {section: [entry.as_said() for entry in said]}
        raise SettingsChangedMeanwhile(current, wanted, version)


def _refuse(section: str, faults: Sequence[Fault]) -> None:
    if faults:
        raise SettingsRefused(section, faults)
