"""My children › Reports: what the school has published of a parent's own children (R27)."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from gateway.downloads import PDF, disposition, file_answer
from gateway.rights import Parent
from gateway.schemas.child_reports import ChildReport, ChildReportList

__all__ = ["router"]

router = APIRouter(prefix="/api/children/{child_id}/reports", tags=["children"])

_NEVER_KEPT = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
_PNG = "image/png"


@router.get("")
async def list_child_reports(child_id: UUID, visit: Parent) -> ChildReportList:
    """404 for every child who is not theirs this moment."""
    return await (await visit.childrens_reports()).of_child(child_id)


@router.get("/{report_id}")
async def read_child_report(child_id: UUID, report_id: UUID, visit: Parent) -> ChildReport:
    """The school sees that they opened it. 410 for what was withdrawn or replaced."""
    return await (await visit.childrens_reports()).report(child_id, report_id)


@router.get("/{report_id}/school-logo.png", response_class=Response, responses=file_answer(_PNG))
async def read_child_report_logo(child_id: UUID, report_id: UUID, visit: Parent) -> Response:
    """The one that the report was made with."""
    png = await (await visit.childrens_reports()).logo(child_id, report_id)
    policy = "default-src 'none'; frame-ancestors 'none'; sandbox"
    headers = _NEVER_KEPT | {"Content-Security-Policy": policy}
    return Response(png, media_type=_PNG, headers=headers)


@router.get("/{report_id}/file", response_class=Response, responses=file_answer(PDF))
async def download_child_report(child_id: UUID, report_id: UUID, visit: Parent) -> Response:
    """The same as a PDF."""
    reports = await visit.childrens_reports()
    listed = {report.id: report for report in (await reports.of_child(child_id)).items}
    pdf = await reports.pdf(child_id, report_id)
    name = listed[report_id].file_name if report_id in listed else "Report.pdf"
    headers = _NEVER_KEPT | {"Content-Disposition": disposition(name)}
    return Response(pdf, media_type=PDF, headers=headers)
