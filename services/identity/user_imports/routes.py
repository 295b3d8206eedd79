"""Imports of users over HTTP, for the admin (R10)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from services.identity.context import InContext
from services.identity.user_imports import confirming, files, service
from services.identity.user_imports.schemas import (
    ImportConfirmBody,
    ImportPreviewBody,
    ImportRowView,
    ImportView,
)
from shared.imports.uploads import Outcome
from shared.security.dependencies import Admin
from shared.web.paging import Page, Paging
from shared.web.uploads import FILE_BODY, UPLOAD_BYTES, FileName, kept_upload

__all__ = ["UPLOADS", "router"]

router = APIRouter(tags=["user imports"])

UPLOADS = {"/user-imports": UPLOAD_BYTES}
_CSV = "text/csv; charset=utf-8"


@router.post("/user-imports", status_code=201, openapi_extra=FILE_BODY)
async def upload_users(
    request: Request, identity: InContext, principal: Admin, file_name: FileName
) -> ImportView:
    """The file itself is the body: CSV or XLSX, at most 20 MB. Nobody is made or changed by it."""
    async with kept_upload(request) as path:
        new = await service.upload_users(identity, principal, path, file_name)
    async with identity.database.transaction(principal.tenant) as connection:
        return ImportView.of(new, await service.samples_of(connection, new.import_id))


@router.get("/user-imports/template", response_class=Response)
async def read_import_template(_: Admin) -> Response:
    """A CSV file with the headings that are known, and an example."""
    return Response(files.template(), media_type=_CSV)


@router.get("/user-imports/{import_id}")
async def read_import(identity: InContext, principal: Admin, import_id: UUID) -> ImportView:
    async with identity.database.transaction(principal.tenant) as connection:
        found = await service.get_import(connection, import_id)
        return ImportView.of(found, await service.samples_of(connection, import_id))


@router.put("/user-imports/{import_id}/preview")
async def preview_import(
    identity: InContext, principal: Admin, import_id: UUID, body: ImportPreviewBody
) -> ImportView:
    """What the import would do. The columns are kept for the school's next file."""
    async with identity.database.transaction(principal.tenant) as connection:
        previewed = await service.preview_import(
            connection,
            import_id,
            {one.column: one.field for one in body.columns},
            keep_over_mis=body.keep_over_mis,
            add_namesakes=body.add_namesakes,
        )
        return ImportView.of(previewed, await service.samples_of(connection, import_id))


@router.get("/user-imports/{import_id}/rows")
async def list_import_rows(
    identity: InContext,
    principal: Admin,
    import_id: UUID,
    page: Paging,
    outcome: Annotated[Outcome | None, Query()] = None,
) -> Page[ImportRowView]:
    """In the order of the file, each with what becomes of it."""
    async with identity.database.transaction(principal.tenant) as connection:
        found, rows = await service.list_rows(connection, import_id, outcome, page)
    return Page(
        items=[ImportRowView.of(row, found) for row in rows.rows],
        next_cursor=rows.next_cursor,
        total=rows.total,
    )


@router.post("/user-imports/{import_id}/confirmation")
async def confirm_import(
    identity: InContext, principal: Admin, import_id: UUID, body: ImportConfirmBody
) -> ImportView:
    """Does what the preview said, once. 409 where that has changed: the preview is anew then."""
    done = await confirming.confirm_import(identity, principal, import_id, body.expected_version)
    async with identity.database.transaction(principal.tenant) as connection:
        return ImportView.of(done, await service.samples_of(connection, import_id))


@router.get("/user-imports/{import_id}/rejected", response_class=StreamingResponse)
async def export_rejected_rows(
    identity: InContext, principal: Admin, import_id: UUID
) -> StreamingResponse:
    """The rejected rows as CSV, to be mended and uploaded again."""
    text = await files.rejected_rows(identity, principal.tenant, import_id)
    return StreamingResponse(text, media_type=_CSV)


@router.delete("/user-imports/{import_id}", status_code=204)
async def cancel_import(identity: InContext, principal: Admin, import_id: UUID) -> None:
    """Forgets what was uploaded."""
    async with identity.database.transaction(principal.tenant) as connection:
        await service.cancel_import(connection, import_id)
