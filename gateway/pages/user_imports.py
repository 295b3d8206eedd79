"""User Management › Import users: upload, columns, preview, confirmation, and files (R10)."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from gateway.downloads import CSV, download, file_answer
from gateway.rights import Admin
from gateway.schemas.user_imports import (
    ImportConfirmation,
    ImportOutcome,
    ImportRowList,
    ImportWanted,
    UserImport,
)
from shared.web.paging import Paging
from shared.web.uploads import FILE_BODY, UPLOAD_BYTES, FileName, pieces

__all__ = ["UPLOADS", "router"]

router = APIRouter(prefix="/api/user-imports", tags=["user imports"])

UPLOADS = {"/api/user-imports": UPLOAD_BYTES}


@router.post("", status_code=201, openapi_extra=FILE_BODY)
async def upload_users(visit: Admin, request: Request, file_name: FileName) -> UserImport:
    """The file itself is the body: CSV or XLSX, at most 20 MB. Nobody is made or changed by it."""
    return await visit.identity.upload_users(pieces(request), file_name)


@router.get("/template", response_class=StreamingResponse, responses=file_answer(CSV))
async def read_import_template(visit: Admin) -> StreamingResponse:
    """Headings that are recognised, and an example, as CSV."""
    file = await visit.identity.import_file("template")
    return download(file, "users-to-import.csv")


@router.get("/{import_id}")
async def read_user_import(import_id: UUID, visit: Admin) -> UserImport:
    return await visit.identity.user_import(import_id)


@router.put("/{import_id}/preview")
async def preview_user_import(import_id: UUID, wanted: ImportWanted, visit: Admin) -> UserImport:
    """What the import would do. The columns are kept for the school's next file."""
    return await visit.identity.preview_user_import(import_id, wanted)


@router.get("/{import_id}/rows")
async def list_user_import_rows(
    import_id: UUID, visit: Admin, paging: Paging, outcome: ImportOutcome | None = None
) -> ImportRowList:
    """In the order of the file, each with what becomes of it."""
    page = await visit.identity.user_import_rows(import_id, asdict(paging) | {"outcome": outcome})
    return ImportRowList(items=page.items, next_cursor=page.next_cursor, total=page.total)


@router.post("/{import_id}/confirmation")
async def confirm_user_import(
    import_id: UUID, confirmation: ImportConfirmation, visit: Admin
) -> UserImport:
    """Does what the preview said, once. 409 where that has changed: the preview is anew then."""
    return await visit.identity.confirm_user_import(import_id, confirmation)


@router.get("/{import_id}/rejected", response_class=StreamingResponse, responses=file_answer(CSV))
async def export_rejected_rows(import_id: UUID, visit: Admin) -> StreamingResponse:
    """The rejected rows as CSV, to be mended and uploaded again."""
    file = await visit.identity.import_file(f"{import_id}/rejected")
    return download(file, "rows-to-mend.csv")


@router.delete("/{import_id}", status_code=204)
async def cancel_user_import(import_id: UUID, visit: Admin) -> None:
    """Forgets what was uploaded."""
    await visit.identity.cancel_user_import(import_id)
