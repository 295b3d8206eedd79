"""Gives out the file of a job to whoever may still see it, and tells the log (R9, R27)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import structlog

from services.reports.activity import person
from services.reports.announcements import Announcements
from services.reports.documents.document import Report
from services.reports.documents.presses import Presses, PrintingFailed
from services.reports.documents.turns import Turns
from services.reports.files.store import FileGone, FileStore
from services.reports.generated.history import entry_of
from services.reports.generated.job import Job, file_of
from services.reports.generated.problems import FileIsGone, NotMadeYet, NotPrinted
from services.reports.generated.service import GeneratedReports, Wanted
from services.reports.logo.service import Logos
from shared.database.pool import Database
from shared.security.principals import Principal

__all__ = ["Downloads"]

log = structlog.get_logger(__name__)


class Downloads:
    def __init__(
        self,
        database: Database,
        files: FileStore,
        logos: Logos,
        presses: Presses,
        turns: Turns,
        reports: GeneratedReports,
        announcements: Announcements,
    ) -> None:
        self._database = database
        self._files = files
        self._logos = logos
        self._presses = presses
        self._turns = turns
        self._reports = reports
        self._announcements = announcements

    async def file(self, principal: Principal, job_id: UUID) -> tuple[Job, Iterator[bytes]]:
        """Its pieces, to be read in a thread.

        Raises `NoSuchJob`, `NotMadeYet`, `FileIsGone` or `FilesAway`. It is in the log before a
        piece of it is given out.
        """
        async with self._database.transaction(principal.tenant) as connection:
            job = await self._reports.find(connection, principal, job_id)
        shown = job.shown(self._reports.now())
        if shown == "gone":
            raise FileIsGone(job.expires_at)
        if shown != "done":
            raise NotMadeYet
        try:
            pieces = await self._files.opened(principal.tenant, file_of(job))
        except FileGone:
            log.exception("file of reports missing", job=str(job.id))
            raise FileIsGone(None) from None
        async with self._database.transaction(principal.tenant) as connection:
            entry = entry_of(
                job, self._reports.now(), person(principal), "report.downloaded", principal.tenant
            )
            await self._announcements.activity(connection, principal.tenant, [entry])
        return job, pieces

    async def preview(self, principal: Principal, wanted: Wanted) -> bytes:
        """One pupil's report, as a PDF, from what is recorded now; it is kept nowhere.

        Raises as `GeneratedReports.look`, `TooManyAtOnce` and `NotPrinted`.
        """
        report = await self._report(principal, wanted)
        try:
            with self._turns.of(principal.account_id):
                return await self._presses.one(report, await self._logo(principal, report))
        except PrintingFailed as failed:
            log.exception("preview not printed")
            raise NotPrinted from failed

    async def preview_pages(self, principal: Principal, wanted: Wanted) -> list[bytes]:
        """As `preview`, a PNG of each page."""
        report = await self._report(principal, wanted)
        try:
            with self._turns.of(principal.account_id):
                return await self._presses.pages(report, await self._logo(principal, report))
        except PrintingFailed as failed:
            log.exception("preview not printed")
            raise NotPrinted from failed

    async def _report(self, principal: Principal, wanted: Wanted) -> Report:
        async with self._database.snapshot(principal.tenant) as connection:
            _, [made] = await self._reports.look(connection, principal, wanted)
        return made.report

    async def _logo(self, principal: Principal, report: Report) -> dict[str, bytes]:
        return await self._logos.pictures(principal.tenant, [report.logo])
