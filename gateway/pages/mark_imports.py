"""Markbook › Import marks: upload, columns, preview and confirmation (R10, R26)."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from gateway.downloads import CSV, download, file_answer
from gateway.rights import User
from gateway.schemas.mark_imports import (
    MarkImport,
    MarkImportConfirmation,
    MarkImportOutcome,
    MarkImportRowList,
    MarkImportWanted,
)
from shared.web.paging import Paging
from shared.web.uploads import FILE_BODY, UPLOAD_BYTES, FileName, pieces

__all__ = ["UPLOADS", "router"]

router = APIRouter(prefix="/api/mark-imports", tags=["mark imports"])

UPLOADS = {"/api/mark-imports": UPLOAD_BYTES}


@router.post("", status_code=201, openapi_extra=FILE_BODY)
async def upload_marks(
    visit: User,
    request: Request,
    file_name: FileName,
    group_id: UUID,
    subject_id: UUID,
    term_id: UUID,
) -> MarkImport:
    """The file itself is the body: CSV or XLSX, at most 20 MB. No mark is changed by it."""
    params = {
        "file_name": file_name,
        "group_id": group_id,
        "subject_id": subject_id,
        "term_id": term_id,
    }
    return await visit.reports.upload_marks(pieces(request), params)


@router.get("/{import_id}")
async def read_mark_import(import_id: UUID, visit: User) -> MarkImport:
    """One's own."""
    return await visit.reports.mark_import(import_id)


@router.put("/{import_id}/preview")
async def preview_mark_import(import_id: UUID, wanted: MarkImportWanted, visit: User) -> MarkImport:
    """What the import would do. The columns are kept for the school's next file."""
    return await visit.reports.preview_mark_import(import_id, wanted)


@router.get("/{import_id}/rows")
async def list_mark_import_rows(
    import_id: UUID, visit: User, paging: Paging, outcome: MarkImportOutcome | None = None
) -> MarkImportRowList:
    """In the order of the file, each with what becomes of it."""
    query = asdict(paging) | {"outcome": outcome}
    page = await visit.reports.mark_import_rows(import_id, query)
    return MarkImportRowList(items=page.items, next_cursor=page.next_cursor, total=page.total)


@router.post("/{import_id}/confirmation")
async def confirm_mark_import(
    import_id: UUID, confirmation: MarkImportConfirmation, visit: User
) -> MarkImport:
    """Does what the preview said, once. 409 where that has changed: the preview is anew then."""
    return await visit.reports.confirm_mark_import(import_id, confirmation)


@router.get("/{import_id}/rejected", response_class=StreamingResponse, responses=file_answer(CSV))
async def export_rejected_mark_rows(import_id: UUID, visit: User) -> StreamingResponse:
    """The rejected rows as CSV, to be mended and uploaded again."""
    file = await visit.reports.rejected_mark_rows(import_id)
    return download(file, "rows-to-mend.csv")


@router.delete("/{import_id}", status_code=204)
async def cancel_mark_import(import_id: UUID, visit: User) -> None:
    """Forgets what was uploaded."""
    await visit.reports.cancel_mark_import(import_id)
