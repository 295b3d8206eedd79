"""Makes reports, part by part: each message asks for one part, and each part for the next (R27).

A part is put into the store and told in one transaction that ends the message. Whatever is killed
in between, the message comes again and the same bytes go to the same place: no page is there twice.
Nothing is locked while a press works, so that a job can be cancelled at any time.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from uuid import UUID

import structlog

from services.reports.announcements import Announcements
from services.reports.clock import Clock
from services.reports.documents.document import Report, report_from_json
from services.reports.documents.press import Logos as Pictures
from services.reports.documents.presses import Presses, PrintingFailed
from services.reports.files.store import FileGone, FilesAway, FileStore
from services.reports.generated import due_files, repository
from services.reports.generated.history import asker, entry_of
from services.reports.generated.job import KEPT_FOR, Job, JobPupil, file_of, part_of
from services.reports.generated.zipped import file_names, joined, zipped
from services.reports.logo.service import Logos
from services.reports.measures import figures
from shared.contracts.reports import ReportsDue
from shared.database.pool import Connection
from shared.messaging.subscription import Refused

__all__ = ["Making"]

_MANY = 100
"""Reports in one file, from which on it is set by the press for many."""
_log = structlog.get_logger(__name__)


class _CannotBeMade(Exception):
    """A sentence for whoever asked, which names the pupils whose reports are the reason."""


class Making:
    def __init__(
        self,
        files: FileStore,
        logos: Logos,
        presses: Presses,
        press_for_many: Presses,
        announcements: Announcements,
        now: Clock,
    ) -> None:
        self._files = files
        self._logos = logos
        self._presses = presses
        self._press_for_many = press_for_many
        self._announcements = announcements
        self._now = now

    async def hear_due(
        self, connection: Connection, school_id: UUID, asked: Sequence[ReportsDue]
    ) -> None:
        """Nothing where it was cancelled, or this part was made already. Raises `Refused`."""
        for due in asked:
            job = await repository.find(connection, due.job_id)
            if job is None:
                raise Refused(f"there is no job {due.job_id}")
            if job.unfinished and (job.attempt, job.part) == (due.attempt, due.part):
                await self._make(connection, school_id, job)

    async def _make(self, connection: Connection, school_id: UUID, job: Job) -> None:
        await repository.take_time(connection)
        try:
            if job.form == "pdf":
                await self._one_file(connection, school_id, job)
            elif job.part < job.parts:
                await self._part(connection, school_id, job)
            else:
                await self._put_together(connection, school_id, job)
        except _CannotBeMade as reason:
            await self._fail(connection, school_id, job, str(reason))
        except FilesAway as away:
            # A fault that passes: it is waited out, and is no try of the message.
            raise ConnectionError("the store of files does not answer") from away

    async def _one_file(self, connection: Connection, school_id: UUID, job: Job) -> None:
        pupils = await repository.reports_of(connection, job.id, range(job.pupils))
        reports = [report_from_json(pupil.report) for pupil in pupils]
        logos = await self._logos.pictures(school_id, [report.logo for report in reports])
        title = job.label if job.pupils > 1 else f"{reports[0].title}: {pupils[0].name}"
        try:
            press = self._press_for_many if len(reports) > _MANY else self._presses
            made = await press.together(title, reports, logos)
        except PrintingFailed as failed:
            _log.exception("reports not printed", job=str(job.id))
            raise await self._reason(pupils, reports, logos) from failed
        await self._finish(connection, school_id, job, made)

    async def _part(self, connection: Connection, school_id: UUID, job: Job) -> None:
        positions = job.positions(job.part)
        pupils = await repository.reports_of(connection, job.id, positions)
        reports = [report_from_json(pupil.report) for pupil in pupils]
        logos = await self._logos.pictures(school_id, [report.logo for report in reports])
        made = await asyncio.gather(
            *(self._presses.one(report, logos) for report in reports), return_exceptions=True
        )
        failed = [p.name for p, pdf in zip(pupils, made, strict=True) if not isinstance(pdf, bytes)]
        if failed:
            for error in made:
                if isinstance(error, BaseException) and not isinstance(error, PrintingFailed):
                    raise error
            raise _CannotBeMade(_named(failed))
        files = [(f"{p.position:05}.pdf", pdf) for p, pdf in zip(pupils, made, strict=True)]
        content = zipped((name, pdf) for name, pdf in files if isinstance(pdf, bytes))
        await self._files.put(school_id, part_of(job, job.part), content)
        if await repository.move_on(connection, job, positions.stop, self._now()):
            due = ReportsDue(job_id=job.id, attempt=job.attempt, part=job.part + 1)
            await self._announcements.say(connection, school_id, due)

    async def _put_together(self, connection: Connection, school_id: UUID, job: Job) -> None:
        pupils = await repository.names_of(connection, job.id)
        try:
            parts = [
                await self._files.get(school_id, part_of(job, part)) for part in range(job.parts)
            ]
        except FileGone as gone:
            _log.exception("part of reports gone", job=str(job.id))
            raise _CannotBeMade(
                "A part of the reports is not where it was kept. Please make them again."
            ) from gone
        made = await asyncio.to_thread(joined, parts, file_names(pupils))
        await self._finish(connection, school_id, job, made)
        await due_files.make_due(connection, job.id, "parts", self._now())

    async def _finish(self, connection: Connection, school_id: UUID, job: Job, made: bytes) -> None:
        await self._files.put(school_id, file_of(job), made)
        now = self._now()
        digest = hashlib.sha256(made).hexdigest()
        expires_at = now + KEPT_FOR
        if await repository.finish(connection, job, digest, len(made), now, expires_at):
            await due_files.make_due(connection, job.id, "file", expires_at)
            figures.ended(job, "done", now)
            entry = entry_of(job, now, asker(job), "report.made", school_id)
            await self._announcements.activity(connection, school_id, [entry])
        else:  # cancelled while it was being made
            await due_files.make_due(connection, job.id, "file", now)

    async def _fail(self, connection: Connection, school_id: UUID, job: Job, problem: str) -> None:
        now = self._now()
        if await repository.fail(connection, job, problem, now):
            await due_files.make_due(connection, job.id, "parts", now)
            figures.ended(job, "failed", now)
            entry = entry_of(job, now, asker(job), "report.failed", school_id, problem=problem)
            await self._announcements.activity(connection, school_id, [entry])

    async def _reason(
        self, pupils: Sequence[JobPupil], reports: Sequence[Report], logos: Pictures
    ) -> _CannotBeMade:
        """Whose report it is, found by making each by itself."""
        tried = await asyncio.gather(
            *(self._presses.one(report, logos) for report in reports), return_exceptions=True
        )
        failed = [
            p.name for p, pdf in zip(pupils, tried, strict=True) if not isinstance(pdf, bytes)
        ]
        if failed:
            return _CannotBeMade(_named(failed))
        return _CannotBeMade(
            "One file of so many reports could not be made. Make one file for each pupil, or one "
            "class after the other."
        )


_MOST_NAMED = 5


def _named(names: Sequence[str]) -> str:
    shown = "; ".join(names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return (
        f"The report of {shown}{more} could not be made. Look at the comments of this pupil in the "
        "markbook, shorten what is unusually long, and try again."
    )
