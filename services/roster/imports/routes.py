"""Imports of pupils over HTTP, for the admin (R10)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from services.roster.fields.service import PupilFieldsService
from services.roster.imports.confirming import Confirming
from services.roster.imports.files import rejected_rows
from services.roster.imports.pupil_import import How
from services.roster.imports.schemas import (
    PupilImportConfirmBody,
    PupilImportPreviewBody,
    PupilImportRowView,
    PupilImportsView,
    PupilImportView,
    RowOutcome,
)
from services.roster.imports.service import PupilImports
from services.roster.imports.template import TEMPLATE_TYPES, TemplateForm, template
from services.roster.imports.undoing import Undoing
from shared.database.pool import Database
from shared.security.dependencies import Admin
from shared.web.paging import Page, Paging
from shared.web.uploads import FILE_BODY, UPLOAD_BYTES, FileName, kept_upload

__all__ = ["UPLOADS", "pupil_import_routes", "template_routes"]

UPLOADS = {"/pupil-imports": UPLOAD_BYTES}


def template_routes(database: Database, fields: PupilFieldsService) -> APIRouter:
    router = APIRouter(prefix="/pupil-imports", tags=["pupil imports"])

    @router.get("/template", response_class=Response)
    async def read_pupil_import_template(
        principal: Admin, form: Annotated[TemplateForm, Query()] = "xlsx"
    ) -> Response:
        """A list to fill in: the headings that are known, and notes or an example."""
        async with database.transaction(principal.tenant) as connection:
            kept = await fields.kept(connection, principal.tenant)
        return Response(template(form, kept.names), media_type=TEMPLATE_TYPES[form])

    return router


def pupil_import_routes(
    imports: PupilImports, confirming: Confirming, undoing: Undoing
) -> APIRouter:
    router = APIRouter(prefix="/pupil-imports", tags=["pupil imports"])

    @router.post("", status_code=201, openapi_extra=FILE_BODY)
    async def upload_pupils(
        request: Request,
        principal: Admin,
        file_name: FileName,
        import_id: Annotated[
            UUID | None,
            Query(
                description="A new id, made by the page that wants to ask how far it is meanwhile."
            ),
        ] = None,
    ) -> PupilImportView:
        """The file itself is the body: CSV or XLSX, at most 20 MB. No pupil is changed by it.

        Answers when the file was read whole; meanwhile it can be looked at as `reading`.
        """
        async with kept_upload(request) as path:
            return PupilImportView.of(await imports.upload(principal, path, file_name, import_id))

    @router.get("")
    async def list_pupil_imports(principal: Admin) -> PupilImportsView:
        """Those of the last days. The newest confirmed one may be undone: see `undo_until`."""
        found = await imports.newest(principal)
        return PupilImportsView(items=[PupilImportView.of(one) for one in found])

    @router.get("/{import_id}")
    async def read_pupil_import(principal: Admin, import_id: UUID) -> PupilImportView:
        """Also while it is read or applied, with how far that is."""
        return PupilImportView.of(await imports.get(principal, import_id))

    @router.put("/{import_id}/preview")
    async def preview_pupil_import(
        principal: Admin, import_id: UUID, body: PupilImportPreviewBody
    ) -> PupilImportView:
        """What the import would do. The columns are kept for the next file with such headings."""
        columns = {one.column: one.field for one in body.columns}
        how = How(**body.model_dump(exclude={"columns"}))
        return PupilImportView.of(await imports.preview(principal, import_id, columns, how))

    @router.get("/{import_id}/rows")
    async def list_pupil_import_rows(
        principal: Admin,
        import_id: UUID,
        page: Paging,
        outcome: Annotated[RowOutcome | None, Query()] = None,
    ) -> Page[PupilImportRowView]:
        """In the order of the file, each with what becomes of it; then pupils not in the file.

        Empty until it was looked through. `changed_since` are the pupils that undoing left.
        """
        found, rows = await imports.rows(principal, import_id, outcome, page)
        return Page(
            items=[PupilImportRowView.of(row, found) for row in rows.rows],
            next_cursor=rows.next_cursor,
            total=rows.total,
        )

    @router.post("/{import_id}/confirmation")
    async def confirm_pupil_import(
        principal: Admin, import_id: UUID, body: PupilImportConfirmBody
    ) -> PupilImportView:
        """Does what the preview said, once, all of it or nothing.

        409 `changed-meanwhile` where it would do something else by now: the preview is anew then.
        409 `many-inactive` where that has to be said once more, `waits-for-roll-up` from 1 June.
        """
        done = await confirming.confirm(
            principal,
            import_id,
            body.expected_version,
            make_many_inactive=body.make_many_inactive,
        )
        return PupilImportView.of(done)

    @router.post("/{import_id}/undo")
    async def undo_pupil_import(principal: Admin, import_id: UUID) -> PupilImportView:
        """The newest confirmed import, for 7 days. What was changed since is left, and listed."""
        await undoing.undo(principal, import_id)
        return PupilImportView.of(await imports.get(principal, import_id))

    @router.get("/{import_id}/rejected", response_class=StreamingResponse)
    async def export_rejected_pupil_rows(principal: Admin, import_id: UUID) -> StreamingResponse:
        """The rejected rows as CSV, to be mended and uploaded again."""
        text = await rejected_rows(imports, principal, import_id)
        return StreamingResponse(text, media_type="text/csv; charset=utf-8")

    @router.delete("/{import_id}", status_code=204)
    async def cancel_pupil_import(principal: Admin, import_id: UUID) -> None:
        """Forgets what was uploaded. One that was confirmed stays, since it can be undone."""
        await imports.cancel(principal, import_id)

    return router
