"""Online reports over HTTP: for users who publish, and for parents (R27)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from services.reports.online.parents import ForParents
from services.reports.online.problems import NoSuchReport
from services.reports.online.schemas import (
    ChildReportList,
    ChildReportListed,
    ChildReportView,
    PublicationView,
    PublishBody,
    WithdrawBody,
)
from services.reports.online.service import OnlineReports
from shared.database.pool import Database
from shared.security.dependencies import Parent, User
from shared.security.principals import Principal

__all__ = ["children_routes", "online_routes"]

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": _BINARY}}}
_PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": _BINARY}}}
_NEVER_KEPT = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


def online_routes(database: Database, online: OnlineReports) -> APIRouter:
    """For who had the reports made, and for senior leaders; for pupils whom they see (R14)."""
    router = APIRouter(prefix="/online-reports", tags=["online reports"])

    @router.get("/{job_id}")
    async def read_publication(principal: User, job_id: UUID) -> PublicationView:
        """Of each pupil whether it is published, could be, and who opened it."""
        async with database.snapshot(principal.tenant) as connection:
            return PublicationView.of(await online.find(connection, principal, job_id))

    @router.post("/{job_id}/publication")
    async def publish_reports(principal: User, job_id: UUID, body: PublishBody) -> PublicationView:
        """All of these or none. Earlier ones of the same kind and term give way."""
        async with database.transaction(principal.tenant) as connection:
            return PublicationView.of(
                await online.publish(connection, principal, job_id, body.pupil_ids)
            )

    @router.post("/{job_id}/withdrawal")
    async def withdraw_reports(
        principal: User, job_id: UUID, body: WithdrawBody
    ) -> PublicationView:
        """Parents see nothing of them from this moment on."""
        async with database.transaction(principal.tenant) as connection:
            return PublicationView.of(
                await online.withdraw(connection, principal, job_id, body.pupil_ids)
            )

    return router


def _of_own_child(pupil_id: UUID, principal: Parent) -> Principal:
    """The gateway signs whose parent they are this moment; without its word they are nobody's."""
    if pupil_id not in principal.children:
        raise NoSuchReport
    return principal


ParentOfChild = Annotated[Principal, Depends(_of_own_child)]


def children_routes(for_parents: ForParents) -> APIRouter:
    router = APIRouter(prefix="/children/{pupil_id}/reports", tags=["online reports"])

    @router.get("")
    async def list_reports_of_child(principal: ParentOfChild, pupil_id: UUID) -> ChildReportList:
        """What the school has published, and not withdrawn."""
        found = await for_parents.reports(principal, pupil_id)
        return ChildReportList(items=[ChildReportListed.of(listed) for listed in found])

    @router.get("/{report_id}")
    async def read_report_of_child(
        principal: ParentOfChild, pupil_id: UUID, report_id: UUID
    ) -> ChildReportView:
        """That it was opened is noted. 410 `report-withdrawn`, `report-replaced`."""
        return ChildReportView.of(await for_parents.open(principal, pupil_id, report_id))

    @router.get("/{report_id}/school-logo.png", response_class=Response, responses=_PNG)
    async def read_logo_of_report(
        principal: ParentOfChild, pupil_id: UUID, report_id: UUID
    ) -> Response:
        """The one that it was made with."""
        png = await for_parents.logo(principal, pupil_id, report_id)
        return Response(png, media_type="image/png", headers=_NEVER_KEPT)

    @router.get("/{report_id}/file", response_class=Response, responses=_PDF)
    async def download_report_of_child(
        principal: ParentOfChild, pupil_id: UUID, report_id: UUID
    ) -> Response:
        """The same as a PDF."""
        pdf = await for_parents.pdf(principal, pupil_id, report_id)
        return Response(pdf, media_type="application/pdf", headers=_NEVER_KEPT)

    return router
