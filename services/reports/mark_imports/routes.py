"""Imports of marks over HTTP, for teachers and senior leaders (R10, R26)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.reports.mark_imports.confirming import Confirming
from services.reports.mark_imports.files import rejected_rows
from services.reports.mark_imports.schemas import (
    MarkImportConfirmBody,
    MarkImportPreviewBody,
    MarkImportRowView,
    MarkImportView,
)
from services.reports.mark_imports.service import MarkImports, Place
from shared.imports.uploads import Outcome
from shared.security.dependencies import User
from shared.web.paging import Page, Paging
from shared.web.uploads import FILE_BODY, UPLOAD_BYTES, FileName, kept_upload

__all__ = ["UPLOADS", "mark_import_routes"]

UPLOADS = {"/mark-imports": UPLOAD_BYTES}


def mark_import_routes(imports: MarkImports, confirming: Confirming) -> APIRouter:
    router = APIRouter(prefix="/mark-imports", tags=["mark imports"])

    @router.post("", status_code=201, openapi_extra=FILE_BODY)
    async def upload_marks(
        request: Request,
        principal: User,
        file_name: FileName,
        group_id: UUID,
        subject_id: UUID,
        term_id: UUID,
    ) -> MarkImportView:
        """The file itself is the body: CSV or XLSX, at most 20 MB. No mark is changed by it."""
        place = Place(group_id, subject_id, term_id)
        async with kept_upload(request) as path:
            new = await imports.upload(principal, path, file_name, place)
        return MarkImportView.of(await imports.get(principal, new))

    @router.get("/{import_id}")
    async def read_mark_import(principal: User, import_id: UUID) -> MarkImportView:
        """One's own."""
        return MarkImportView.of(await imports.get(principal, import_id))

    @router.put("/{import_id}/preview")
    async def preview_mark_import(
        principal: User, import_id: UUID, body: MarkImportPreviewBody
    ) -> MarkImportView:
        """What the import would do. The columns are kept for the school's next file."""
        columns = {one.column: one.field for one in body.columns}
        await imports.preview(principal, import_id, dict(columns))
        return MarkImportView.of(await imports.get(principal, import_id))

    @router.get("/{import_id}/rows")
    async def list_mark_import_rows(
        principal: User,
        import_id: UUID,
        page: Paging,
        outcome: Annotated[Outcome | None, Query()] = None,
    ) -> Page[MarkImportRowView]:
        """In the order of the file, each with what becomes of it."""
        found, rows = await imports.rows(principal, import_id, outcome, page)
        return Page(
            items=[MarkImportRowView.of(row, found) for row in rows.rows],
            next_cursor=rows.next_cursor,
            total=rows.total,
        )

    @router.post("/{import_id}/confirmation")
    async def confirm_mark_import(
        principal: User, import_id: UUID, body: MarkImportConfirmBody
    ) -> MarkImportView:
        """Does what the preview said, once, all of it or nothing.

        409 `changed-meanwhile` where it would do something else by now: the preview is anew then.
        """
        await confirming.confirm(principal, import_id, body.expected_version)
        return MarkImportView.of(await imports.get(principal, import_id))

    @router.get("/{import_id}/rejected", response_class=Response)
    async def export_rejected_mark_rows(principal: User, import_id: UUID) -> Response:
        """The rejected rows as CSV, to be mended and uploaded again."""
        text = await rejected_rows(imports, principal, import_id)
        return Response(text, media_type="text/csv; charset=utf-8")

    @router.delete("/{import_id}", status_code=204)
    async def cancel_mark_import(principal: User, import_id: UUID) -> None:
        """Forgets what was uploaded."""
        await imports.cancel(principal, import_id)

    return router
