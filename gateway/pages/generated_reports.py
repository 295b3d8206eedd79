"""Reports › Generate Reports: asked for, watched, downloaded (R27). For teachers and leaders."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from gateway.downloads import PDF, ZIP, download, file_answer
from gateway.rights import Staff
from gateway.schemas.generated import (
    GeneratedReports,
    GeneratedReportsList,
    ReportChoices,
    ReportPreviewWanted,
    ReportsLook,
    ReportsLookWanted,
    ReportsWanted,
)
from gateway.schemas.templates import PreviewPages
from shared.web.paging import Paging

__all__ = ["router"]

router = APIRouter(prefix="/api/generated-reports", tags=["generated reports"])


@router.get("/choices")
async def read_report_choices(visit: Staff) -> ReportChoices:
    """What can be chosen: a teacher's own groups, for senior leaders the school.

    403 for the admin account, which sees no assessments.
    """
    return await visit.reports.choices_of_reports()


@router.post("/look")
async def look_at_reports(wanted: ReportsLookWanted, visit: Staff) -> ReportsLook:
    """Whose reports they would be, and what is missing in each. Makes nothing."""
    return await visit.reports.look_at_reports(wanted)


@router.post("/preview", response_class=Response, responses=file_answer(PDF))
async def preview_report(wanted: ReportPreviewWanted, visit: Staff) -> Response:
    """One pupil's report as it would be now, as a PDF."""
    made = await visit.reports.preview_of_report(wanted)
    return Response(made, media_type=PDF, headers={"Cache-Control": "no-store"})


@router.post("/preview/pages")
async def preview_report_pages(wanted: ReportPreviewWanted, visit: Staff) -> PreviewPages:
    """The same as pictures, for looking at it on the page."""
    return await visit.reports.preview_pages_of_report(wanted)


@router.post("", status_code=201)
async def generate_reports(wanted: ReportsWanted, visit: Staff) -> GeneratedReports:
    """As everything stands this moment; they are made in the background."""
    return await visit.reports.generate(wanted)


@router.get("")
async def list_generated_reports(visit: Staff, paging: Paging) -> GeneratedReportsList:
    """A teacher's own, for a senior leader the school's."""
    return await visit.reports.generated(asdict(paging))


@router.get("/{job_id}")
async def read_generated_reports(job_id: UUID, visit: Staff) -> GeneratedReports:
    """With how far they are."""
    return await visit.reports.generated_one(job_id)


@router.post("/{job_id}/cancellation")
async def cancel_generated_reports(job_id: UUID, visit: Staff) -> GeneratedReports:
    """Also while they are being made."""
    return await visit.reports.cancel_generated(job_id)


@router.post("/{job_id}/again")
async def make_reports_again(job_id: UUID, visit: Staff) -> GeneratedReports:
    """As they were, if the file is gone; of what is recorded by now, if there never was one."""
    return await visit.reports.make_again(job_id)


@router.get("/{job_id}/file", response_class=StreamingResponse, responses=file_answer(PDF, ZIP))
async def download_generated_reports(job_id: UUID, visit: Staff) -> StreamingResponse:
    """410 `reports-gone` once it is no longer kept. Who had it is in the activity log."""
    job = await visit.reports.generated_one(job_id)
    file = await visit.reports.generated_file(job_id)
    return download(file, job.file_name, PDF if job.form == "pdf" else ZIP)
