"""What parents see of their own children, and that they opened it (R27).

Whose child it is stands in the principal, which the gateway signs with identity's word of this
moment: a parent who has lost a child sees nothing of them from the next request on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from services.reports.clock import Clock
from services.reports.documents.document import Report, report_from_json
from services.reports.documents.presses import Presses, PrintingFailed
from services.reports.documents.turns import Turns
from services.reports.files.store import FileGone, FileStore
from services.reports.generated.job import copy_of
from services.reports.generated.problems import NotPrinted
from services.reports.logo.service import Logos, NoLogo
from services.reports.online import repository
from services.reports.online.problems import NoSuchReport, ReportReplaced, ReportWithdrawn
from services.reports.online.repository import Listed
from shared.database.pool import Database
from shared.security.principals import Principal

__all__ = ["ForParents", "ReportOfChild"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ReportOfChild:
    job_id: UUID
    published_at: datetime
    report: Report


class ForParents:
    """`pupil_id` is a child of the principal in all of these; the route has seen to it."""

    def __init__(
        self,
        database: Database,
        files: FileStore,
        presses: Presses,
        turns: Turns,
        logos: Logos,
        now: Clock,
    ) -> None:
        self._database = database
        self._files = files
        self._presses = presses
        self._turns = turns
        self._logos = logos
        self._now = now

    async def reports(self, principal: Principal, pupil_id: UUID) -> list[Listed]:
        async with self._database.transaction(principal.tenant) as connection:
            return await repository.list_of_child(connection, pupil_id, principal.account_id)

    async def open(self, principal: Principal, pupil_id: UUID, job_id: UUID) -> ReportOfChild:
        """From now on it is known that this parent opened it.

        Raises `NoSuchReport`, `ReportWithdrawn` or `ReportReplaced`.
        """
        async with self._database.transaction(principal.tenant) as connection:
            found = await repository.find_report(connection, job_id, pupil_id)
            if found is None:
                raise NoSuchReport
            state, published_at, report = found
            if state == "withdrawn":
                raise ReportWithdrawn
            if state == "replaced":
                raise ReportReplaced
            await repository.note_opened(
                connection,
                principal.tenant,
                job_id,
                pupil_id,
                principal.account_id,
                principal.name,
                self._now(),
            )
        return ReportOfChild(job_id, published_at, report_from_json(report))

    async def logo(self, principal: Principal, pupil_id: UUID, job_id: UUID) -> bytes:
        """The picture that the report was made with. Raises as `open`, and `NoLogo`."""
        report = (await self.open(principal, pupil_id, job_id)).report
        pictures = await self._logos.pictures(principal.tenant, [report.logo])
        if report.logo is None or report.logo not in pictures:
            raise NoLogo
        return pictures[report.logo]

    async def pdf(self, principal: Principal, pupil_id: UUID, job_id: UUID) -> bytes:
        """Printed once, and kept. Raises as `open`, `TooManyAtOnce`, `NotPrinted`, `FilesAway`."""
        opened = await self.open(principal, pupil_id, job_id)
        name = copy_of(job_id, pupil_id)
        try:
            return await self._files.get(principal.tenant, name)
        except FileGone:
            pass
        try:
            logos = await self._logos.pictures(principal.tenant, [opened.report.logo])
            with self._turns.of(principal.account_id):
                made = await self._presses.one(opened.report, logos)
        except PrintingFailed as failed:
            log.exception("online report not printed", job=str(job_id))
            raise NotPrinted from failed
        await self._files.put(principal.tenant, name, made)
        return made
