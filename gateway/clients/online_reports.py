"""What the gateway asks of reports about publishing to parents, for users and for parents."""

from __future__ import annotations

from uuid import UUID

from gateway.clients.service import Caller
from gateway.schemas.child_reports import ChildReport, ChildReportList
from gateway.schemas.online_reports import Publication, PupilsToPublish, PupilsToWithdraw

__all__ = ["ChildrensReports", "OnlineReports"]

_PUBLISHING_SECONDS = 10.0
"""Of a whole year group."""
_PRINTING_SECONDS = 40.0
"""One report, after others that are being printed."""


class OnlineReports(Caller):
    """For users who publish."""

    async def publication(self, job_id: UUID) -> Publication:
        return await self.ask(Publication, "GET", f"/online-reports/{job_id}")

    async def publish(self, job_id: UUID, whose: PupilsToPublish) -> Publication:
        path, seconds = f"/online-reports/{job_id}/publication", _PUBLISHING_SECONDS
        return await self.ask(Publication, "POST", path, body=whose, seconds=seconds)

    async def withdraw(self, job_id: UUID, whose: PupilsToWithdraw) -> Publication:
        path, seconds = f"/online-reports/{job_id}/withdrawal", _PUBLISHING_SECONDS
        return await self.ask(Publication, "POST", path, body=whose, seconds=seconds)


class ChildrensReports(Caller):
    """For a parent, whose children are signed (`Visit.childrens_reports`)."""

    async def of_child(self, child_id: UUID) -> ChildReportList:
        return await self.ask(ChildReportList, "GET", f"/children/{child_id}/reports")

    async def report(self, child_id: UUID, report_id: UUID) -> ChildReport:
        return await self.ask(ChildReport, "GET", f"/children/{child_id}/reports/{report_id}")

    async def logo(self, child_id: UUID, report_id: UUID) -> bytes:
        return await self._file(f"/children/{child_id}/reports/{report_id}/school-logo.png")

    async def pdf(self, child_id: UUID, report_id: UUID) -> bytes:
        return await self._file(f"/children/{child_id}/reports/{report_id}/file")

    async def _file(self, path: str) -> bytes:
        answer = await self._answer("GET", path, params=None, body=None, seconds=_PRINTING_SECONDS)
        return answer.content
