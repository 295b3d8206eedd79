"""Figures as files; who takes one is in the activity log, as of marks (R9, R26)."""

from __future__ import annotations

from uuid import UUID

from services.reports.activity import about_school, person
from services.reports.announcements import Announcements
from services.reports.attainment.export import attainment_csv, progress_csv, pupils_csv
from services.reports.attainment.repository import TermOfSchool
from services.reports.attainment.roll import Scope
from services.reports.attainment.schemas import AttainmentView, ProgressView, PupilsView
from services.reports.attainment.service import Attainment
from services.reports.clock import Clock
from shared.database.pool import Database
from shared.security.principals import Principal

__all__ = ["AttainmentFiles"]


class AttainmentFiles:
    """Each raises as `Attainment` does. The log has what the file is of, and no figure."""

    def __init__(
        self, database: Database, attainment: Attainment, announcements: Announcements, now: Clock
    ) -> None:
        self._database = database
        self._attainment = attainment
        self._announcements = announcements
        self._now = now

    async def attainment(self, principal: Principal, scope: Scope, term_id: UUID) -> str:
        table = await self._attainment.attainment(principal, scope, term_id)
        await self._log(principal, f"attainment of {table.of}, {_named(table.term)}")
        return attainment_csv(AttainmentView.made(table))

    async def progress(
        self, principal: Principal, scope: Scope, one_term: UUID, other_term: UUID
    ) -> str:
        table = await self._attainment.progress(principal, scope, one_term, other_term)
        between = f"{_named(table.earlier)} to {_named(table.later)}"
        await self._log(principal, f"progress of {table.of}, {between}")
        return progress_csv(ProgressView.made(table))

    async def pupils(
        self,
        principal: Principal,
        group_id: UUID,
        subject_id: UUID,
        one_term: UUID,
        other_term: UUID,
    ) -> str:
        table = await self._attainment.pupils(principal, group_id, subject_id, one_term, other_term)
        between = f"{_named(table.terms[0])} to {_named(table.terms[-1])}"
        what = f"each pupil of {table.of} in {table.subject.name}, {between}"
        await self._log(principal, what, pupils=len(table.rows))
        return pupils_csv(PupilsView.made(table))

    async def _log(self, principal: Principal, label: str, **more: int) -> None:
        """Before a line of it is given out."""
        entry = about_school(
            self._now(), person(principal), "figures.exported", principal.tenant, label, after=more
        )
        async with self._database.transaction(principal.tenant) as connection:
            await self._announcements.activity(connection, principal.tenant, [entry])


def _named(term: TermOfSchool) -> str:
    return f"{term.name} {term.academic_year}"
