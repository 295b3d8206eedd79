"""Asks for reports, looks at how far they are, cancels them, has them made again (R27).

What is asked for is a job; `making.py` makes it, part by part, over the broker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.reports.activity import person
from services.reports.announcements import Announcements
from services.reports.clock import Clock
from services.reports.generated import due_files, repository, texts_repository
from services.reports.generated.choosing import Chosen, chosen
from services.reports.generated.history import entry_of
from services.reports.generated.job import MOST_AT_ONCE, STALLED_AFTER, Form, Job, JobPupil, Scope
from services.reports.generated.problems import (
    CannotBeCancelled,
    CannotBeMadeAgain,
    JobIdTaken,
    NoSuchJob,
    TooManyJobs,
)
from services.reports.generated.resolved import Made, Source, resolved, source_of
from services.reports.measures import figures
from services.reports.visible.reach import reach_of
from services.reports.visible.service import pupils_for
from shared.contracts.reports import ReportsDue
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.paging import InvalidCursor, PageRequest, cursor_time, decode_cursor, encode_cursor

__all__ = ["GeneratedReports", "JobPage", "Wanted"]


@dataclass(frozen=True)
class Wanted:
    template_id: UUID
    term_id: UUID
    scope: Scope


@dataclass(frozen=True)
class JobPage:
    jobs: list[Job]
    next_cursor: str | None
    total: int


class GeneratedReports:
    def __init__(self, announcements: Announcements, now: Clock) -> None:
        self._announcements = announcements
        self.now = now

    async def look(
        self, connection: Connection, principal: Principal, wanted: Wanted
    ) -> tuple[Chosen, list[Made]]:
        """The reports as they would be made now."""
        them = await chosen(connection, principal, wanted.scope)
        source = await source_of(connection, wanted.template_id, wanted.term_id)
        return them, await resolved(connection, source, them.pupils)

    async def ask(
        self, connection: Connection, principal: Principal, job_id: UUID, wanted: Wanted, form: Form
    ) -> Job:
        """The same id again is the same job. Raises `TooManyJobs`, `JobIdTaken` and as `chosen`."""
        await repository.lock_school(connection, principal.tenant)
        them = await chosen(connection, principal, wanted.scope)
        source = await source_of(connection, wanted.template_id, wanted.term_id)
        if before := await repository.find(connection, job_id):
            return _the_same(before, principal, wanted, form)
        await self._not_too_many(connection)
        made = await resolved(connection, source, them.pupils)
        job = self._job(principal, job_id, source, them, form)
        if not await repository.add(connection, principal.tenant, job):
            raise JobIdTaken
        await self._keep(connection, principal.tenant, job, made)
        await due_files.make_due(connection, job.id, "texts", job.texts_expire_at)
        await self._go(connection, principal.tenant, job)
        await self._log(connection, principal, job, "report.asked_for")
        figures.asked_for(job)
        return job

    async def find(self, connection: Connection, principal: Principal, job_id: UUID) -> Job:
        """Raises `NoSuchJob` also where it is not theirs to see."""
        job = await repository.find(connection, job_id, reach_of(principal))
        if job is None:
            raise NoSuchJob
        return job

    async def newest(
        self, connection: Connection, principal: Principal, page: PageRequest
    ) -> JobPage:
        reach = reach_of(principal)
        after = _place(page.cursor) if page.cursor else None
        found = await repository.newest(connection, reach, after, page.limit + 1)
        shown = found[: page.limit]
        cursor = None
        if len(found) > page.limit:
            cursor = encode_cursor([shown[-1].asked_at.isoformat(), str(shown[-1].id)])
        return JobPage(shown, cursor, await repository.total(connection, reach))

    async def cancel(self, connection: Connection, principal: Principal, job_id: UUID) -> Job:
        """What is being made this moment is left lying. Raises `CannotBeCancelled`."""
        job = await self.find(connection, principal, job_id)
        if not await repository.cancel(connection, job, self.now()):
            raise CannotBeCancelled
        await due_files.make_due(connection, job.id, "parts", self.now())
        await self._log(connection, principal, job, "report.cancelled")
        figures.ended(job, "cancelled", self.now())
        return await self.find(connection, principal, job_id)

    async def again(self, connection: Connection, principal: Principal, job_id: UUID) -> Job:
        """As it was, where there was a file and its texts are kept; else of what is recorded now.

        Raises `CannotBeMadeAgain`, `TooManyJobs`, and `PupilNotSeen` where somebody is gone by now.
        """
        await repository.lock_school(connection, principal.tenant)
        job = await self.find(connection, principal, job_id)
        if not job.may_be_made_again(self.now()):
            raise CannotBeMadeAgain
        await self._not_too_many(connection)
        await due_files.call_off(connection, job.id)
        if job.digest is None or not await texts_repository.are_there(connection, job.id):
            await self._look_anew(connection, principal, job)
        if not await repository.begin_again(connection, job, self.now()):
            raise CannotBeMadeAgain
        begun = await self.find(connection, principal, job_id)
        await due_files.make_due(connection, job.id, "texts", begun.texts_expire_at)
        await self._go(connection, principal.tenant, begun)
        await self._log(connection, principal, begun, "report.asked_for_again")
        figures.asked_for(begun)
        return begun

    async def _look_anew(self, connection: Connection, principal: Principal, job: Job) -> None:
        """Its pupils stay who they are, if whoever asks still sees each of them (R14); it never had
        a file that anybody could rely on. Raises `PupilNotSeen`."""
        pupils = await repository.reports_of(connection, job.id, range(job.pupils))
        await pupils_for(connection, principal, [pupil.pupil_id for pupil in pupils])
        source = await source_of(
            connection, job.template_id, job.term_id, version=job.template_version
        )
        named = [(pupil.pupil_id, pupil.name) for pupil in pupils]
        made = await resolved(connection, source, named)
        await self._keep(connection, principal.tenant, job, made)

    async def _not_too_many(self, connection: Connection) -> None:
        if await repository.unfinished(connection, self.now() - STALLED_AFTER) >= MOST_AT_ONCE:
            raise TooManyJobs

    def _job(
        self, principal: Principal, job_id: UUID, source: Source, them: Chosen, form: Form
    ) -> Job:
        return Job(
            id=job_id,
            kind=source.template.kind,
            template_id=source.template.template_id,
            template_version=source.template.version,
            template_name=source.template.name,
            term_id=source.school.term.id,
            term_name=source.school.term.name,
            academic_year=source.school.term.academic_year,
            scope=them.scope,
            scope_name=them.name,
            form=form,
            pupils=len(them.pupils),
            asked_at=self.now(),
            asked_by=principal.account_id,
            asked_by_name=principal.name,
            moved_at=self.now(),
        )

    async def _keep(
        self, connection: Connection, school_id: UUID, job: Job, made: Sequence[Made]
    ) -> None:
        pupils = [
            JobPupil(position, one.pupil_id, one.name, one.json())
            for position, one in enumerate(made)
        ]
        await repository.keep_reports(connection, school_id, job.id, pupils)

    async def _go(self, connection: Connection, school_id: UUID, job: Job) -> None:
        due = ReportsDue(job_id=job.id, attempt=job.attempt, part=job.part)
        await self._announcements.say(connection, school_id, due)

    async def _log(
        self, connection: Connection, principal: Principal, job: Job, action: str
    ) -> None:
        entry = entry_of(job, self.now(), person(principal), action, principal.tenant)
        await self._announcements.activity(connection, principal.tenant, [entry])


def _the_same(before: Job, principal: Principal, wanted: Wanted, form: Form) -> Job:
    asked = (before.template_id, before.term_id, before.scope, before.form, before.asked_by)
    if asked != (wanted.template_id, wanted.term_id, wanted.scope, form, principal.account_id):
        raise JobIdTaken
    return before


def _place(cursor: str) -> tuple[datetime, UUID]:
    at, job_id = decode_cursor(cursor, 2, [str, str])
    try:
        return cursor_time(at), UUID(str(job_id))
    except ValueError:
        raise InvalidCursor("The list has changed its form. Please start anew.") from None
