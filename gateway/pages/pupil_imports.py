"""Pupil Management › Import pupils: upload, columns, preview, confirmation, undoing (R10)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from gateway.downloads import CSV, XLSX, download, file_answer
from gateway.rights import Admin
from gateway.schemas.pupil_imports import (
    PupilImport,
    PupilImportConfirmation,
    PupilImportList,
    PupilImportOutcome,
    PupilImportRowList,
    PupilImportWanted,
)
from shared.web.paging import Paging
from shared.web.uploads import FILE_BODY, UPLOAD_BYTES, FileName, pieces

__all__ = ["UPLOADS", "router"]

router = APIRouter(prefix="/api/pupil-imports", tags=["pupil imports"])

UPLOADS = {"/api/pupil-imports": UPLOAD_BYTES}


@router.post("", status_code=201, openapi_extra=FILE_BODY)
async def upload_pupils(
    visit: Admin,
    request: Request,
    file_name: FileName,
    import_id: Annotated[
        UUID | None,
        Query(description="A new id, made by the page that wants to ask how far it is meanwhile."),
    ] = None,
) -> PupilImport:
    """The file itself is the body: CSV or XLSX, at most 20 MB. No pupil is changed by it.

    Answers when the file was read whole; meanwhile it can be looked at as `reading`.
    """
    return await visit.roster.upload_pupils(pieces(request), file_name, import_id)


@router.get("")
async def list_pupil_imports(visit: Admin) -> PupilImportList:
    """Those of the last days. The newest confirmed one may be undone: see `undo_until`."""
    return await visit.roster.pupil_imports()


@router.get("/template", response_class=StreamingResponse, responses=file_answer(CSV, XLSX))
async def read_pupil_import_template(
    visit: Admin, form: Literal["csv", "xlsx"] = "xlsx"
) -> StreamingResponse:
    """A list to fill in, with the fields that the school keeps; its example is never imported."""
    file = await visit.roster.pupil_import_file("template", {"form": form})
    return download(file, f"pupils-to-import.{form}", CSV if form == "csv" else XLSX)


@router.get("/{import_id}")
async def read_pupil_import(import_id: UUID, visit: Admin) -> PupilImport:
    """Also while it is read or applied, with how far that is."""
    return await visit.roster.pupil_import(import_id)


@router.put("/{import_id}/preview")
async def preview_pupil_import(
    import_id: UUID, wanted: PupilImportWanted, visit: Admin
) -> PupilImport:
    """What the import would do. The columns are kept for the next file with such headings."""
    return await visit.roster.preview_pupil_import(import_id, wanted)


@router.get("/{import_id}/rows")
async def list_pupil_import_rows(
    import_id: UUID, visit: Admin, paging: Paging, outcome: PupilImportOutcome | None = None
) -> PupilImportRowList:
    """In the order of the file, each with what becomes of it; then pupils not in the file.

    Empty until it was looked through. `changed_since` are the pupils that undoing left.
    """
    page = await visit.roster.pupil_import_rows(import_id, asdict(paging) | {"outcome": outcome})
    return PupilImportRowList(items=page.items, next_cursor=page.next_cursor, total=page.total)


@router.post("/{import_id}/confirmation")
async def confirm_pupil_import(
    import_id: UUID, confirmation: PupilImportConfirmation, visit: Admin
) -> PupilImport:
    """Does what the preview said, once, all of it or nothing.

    409 `changed-meanwhile` where it would do something else by now: the preview is anew then.
    409 `many-inactive` where that has to be said once more, `waits-for-roll-up` from 1 June.
    """
    return await visit.roster.confirm_pupil_import(import_id, confirmation)


@router.post("/{import_id}/undo")
async def undo_pupil_import(import_id: UUID, visit: Admin) -> PupilImport:
    """The newest confirmed import, for 7 days. What was changed since is left, and listed."""
    return await visit.roster.undo_pupil_import(import_id)


@router.get("/{import_id}/rejected", response_class=StreamingResponse, responses=file_answer(CSV))
async def export_rejected_pupil_rows(import_id: UUID, visit: Admin) -> StreamingResponse:
    """The rejected rows as CSV, to be mended and uploaded again."""
    file = await visit.roster.pupil_import_file(f"{import_id}/rejected", {})
    return download(file, "pupil-rows-to-mend.csv")


@router.delete("/{import_id}", status_code=204)
async def cancel_pupil_import(import_id: UUID, visit: Admin) -> None:
    """Forgets what was uploaded. One that was confirmed stays, since it can be undone."""
    await visit.roster.cancel_pupil_import(import_id)
