"""What a template looks like, saved or not: a real pupil's details, invented marks (R1, R25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.reports.clock import Clock
from services.reports.documents.document import Report
from services.reports.documents.gathering import PupilFacts, SchoolFacts
from services.reports.documents.presses import Presses, PrintingFailed
from services.reports.documents.repository import gather_details, gather_school
from services.reports.documents.resolving import report_of
from services.reports.documents.turns import Turns
from services.reports.logo.service import Logos
from services.reports.school_settings.service import SchoolSettings
from services.reports.templates.invented import IN_FOOTER, SOMEBODY, invented
from services.reports.templates.problems import NoSuchPupil, PreviewFailed, TemplateRefused
from services.reports.templates.rules import faults_of_layout
from services.reports.templates.template import (
    Attainment,
    Layout,
    TemplateKind,
    TemplateVersion,
)
from services.reports.terms.term import Term
from shared.database.pool import Connection, Database
from shared.school.academic_year import school_day
from shared.security.principals import Principal

__all__ = ["Preview", "Previews"]

_UNSAVED = UUID(int=0)


@dataclass(frozen=True)
class Preview:
    """What is to be looked at. Without a pupil it is somebody's who is invented as well."""

    kind: TemplateKind
    layout: Layout
    pupil_id: UUID | None


class Previews:
    def __init__(
        self,
        database: Database,
        settings: SchoolSettings,
        logos: Logos,
        presses: Presses,
        turns: Turns,
        now: Clock,
    ) -> None:
        self._database = database
        self._settings = settings
        self._logos = logos
        self._presses = presses
        self._turns = turns
        self._now = now

    async def pdf(self, principal: Principal, preview: Preview) -> bytes:
        """Raises `TemplateRefused`, `NoSuchPupil`, `TooManyAtOnce`, `PreviewFailed`."""
        report = await self._report(principal, preview)
        logos = await self._logos.pictures(principal.tenant, [report.logo])
        try:
            with self._turns.of(principal.account_id):
                return await self._presses.one(report, logos)
        except PrintingFailed as failed:
            raise PreviewFailed from failed

    async def pages(self, principal: Principal, preview: Preview) -> list[bytes]:
        """A PNG of each page. Raises as `pdf`."""
        report = await self._report(principal, preview)
        logos = await self._logos.pictures(principal.tenant, [report.logo])
        try:
            with self._turns.of(principal.account_id):
                return await self._presses.pages(report, logos)
        except PrintingFailed as failed:
            raise PreviewFailed from failed

    async def _report(self, principal: Principal, preview: Preview) -> Report:
        async with self._database.transaction(principal.tenant) as connection:
            school, pupil = await self._gathered(connection, principal.tenant, preview)
        school, pupil = invented(school, pupil, _most_earlier_terms(preview.layout))
        said = TemplateVersion(_UNSAVED, 0, preview.kind, "", preview.layout)
        report = report_of(said, school, pupil)
        return replace(report, footer=" · ".join(filter(None, [IN_FOOTER, report.footer])))

    async def _gathered(
        self, connection: Connection, school_id: UUID, preview: Preview
    ) -> tuple[SchoolFacts, PupilFacts]:
        settings = await self._settings.read(connection, school_id)
        if faults := faults_of_layout(preview.layout, {one.id for one in settings.subjects}):
            raise TemplateRefused(faults)
        term = _term_at(settings.terms, school_day(self._now()))
        school = await gather_school(connection, term.id)
        if school is None:
            raise LookupError("the school's own term cannot be seen: wrong tenant?")
        if preview.pupil_id is None:
            return school, SOMEBODY
        found = await gather_details(connection, [preview.pupil_id])
        if not found:
            raise NoSuchPupil
        return school, found[0]


def _term_at(terms: Sequence[Term], day: date) -> Term:
    """The one that the day is in, else the last that has begun, else the first."""
    active = [term for term in terms if term.active] or list(terms)
    begun = [term for term in active if term.first_day <= day]
    return begun[-1] if begun else active[0]


def _most_earlier_terms(layout: Layout) -> int:
    tables = (one.earlier_terms for one in layout.sections if isinstance(one, Attainment))
    return max(tables, default=0)
