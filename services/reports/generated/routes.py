"""Generated reports over HTTP, for users: teachers and senior leaders (R27)."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from services.reports.generated.choices import choices_for
from services.reports.generated.downloads import Downloads
from services.reports.generated.job import Job
from services.reports.generated.schemas import (
    GenerateBody,
    JobView,
    LookBody,
    LookView,
    PupilLook,
    ReportChoicesView,
    ReportPreviewBody,
)
from services.reports.generated.service import GeneratedReports
from services.reports.templates.schemas import PreviewPages
from services.reports.templates.service import Templates
from shared.database.pool import Database
from shared.security.dependencies import AnyUser
from shared.web.paging import Page, Paging

__all__ = ["generated_routes"]

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": _BINARY}}}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": _BINARY, "application/zip": _BINARY}}
}
_NEVER_KEPT = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


def generated_routes(
    database: Database, templates: Templates, reports: GeneratedReports, downloads: Downloads
) -> APIRouter:
    """Whoever is no user is refused by the rules, which ask how far they see (R14)."""
    router = APIRouter(prefix="/generated", tags=["generated reports"])

    def shown(job: Job) -> JobView:
        return JobView.of(job, job.shown(reports.now()))

    @router.get("/choices")
    async def read_report_choices(principal: AnyUser) -> ReportChoicesView:
        """What they can choose from: templates, terms, groups, year groups."""
        async with database.transaction(principal.tenant) as connection:
            return await choices_for(connection, principal, templates, reports.now())

    @router.post("/look")
    async def look_at_reports(principal: AnyUser, body: LookBody) -> LookView:
        """Whose reports they would be, and what is missing in each. Makes nothing."""
        async with database.snapshot(principal.tenant) as connection:
            them, made = await reports.look(connection, principal, body.wanted())
        return LookView(scope_name=them.name, pupils=[PupilLook.of(one) for one in made])

    @router.post("/preview", response_class=Response, responses=_PDF)
    async def preview_report(principal: AnyUser, body: ReportPreviewBody) -> Response:
        """One pupil's report as it would be now."""
        made = await downloads.preview(principal, body.wanted())
        return Response(made, media_type="application/pdf", headers=_NEVER_KEPT)

    @router.post("/preview/pages")
    async def preview_report_pages(principal: AnyUser, body: ReportPreviewBody) -> PreviewPages:
        """The same as pictures, for looking at it on the page."""
        pages = await downloads.preview_pages(principal, body.wanted())
        return PreviewPages(pages=[base64.b64encode(page) for page in pages])

    @router.post("", status_code=201)
    async def generate_reports(principal: AnyUser, body: GenerateBody) -> JobView:
        """As everything stands this moment; they are made in the background."""
        async with database.transaction(principal.tenant) as connection:
            job = await reports.ask(connection, principal, body.id, body.wanted(), body.form)
        return shown(job)

    @router.get("")
    async def list_generated_reports(principal: AnyUser, paging: Paging) -> Page[JobView]:
        """The newest first: a teacher's own, for a senior leader the school's."""
        async with database.snapshot(principal.tenant) as connection:
            found = await reports.newest(connection, principal, paging)
        items = [shown(job) for job in found.jobs]
        return Page(items=items, next_cursor=found.next_cursor, total=found.total)

    @router.get("/{job_id}")
    async def read_generated_reports(principal: AnyUser, job_id: UUID) -> JobView:
        async with database.transaction(principal.tenant) as connection:
            return shown(await reports.find(connection, principal, job_id))

    @router.post("/{job_id}/cancellation")
    async def cancel_reports(principal: AnyUser, job_id: UUID) -> JobView:
        async with database.transaction(principal.tenant) as connection:
            return shown(await reports.cancel(connection, principal, job_id))

    @router.post("/{job_id}/again")
    async def make_reports_again(principal: AnyUser, job_id: UUID) -> JobView:
        """As it was, if its file is gone; of what is recorded by now, if it never had one."""
        async with database.transaction(principal.tenant) as connection:
            return shown(await reports.again(connection, principal, job_id))

    @router.get("/{job_id}/file", response_class=StreamingResponse, responses=_FILE)
    async def download_reports(principal: AnyUser, job_id: UUID) -> StreamingResponse:
        """410 `reports-gone` once it is no longer kept."""
        job, pieces = await downloads.file(principal, job_id)
        length = {"Content-Length": str(job.bytes)}
        return StreamingResponse(
            pieces, media_type=f"application/{job.form}", headers=_NEVER_KEPT | length
        )

    return router
