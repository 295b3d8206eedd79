"""Reports › Report Templates: what the school's reports look like (R25)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import Response

from gateway.downloads import file_answer
from gateway.rights import Admin
from gateway.schemas.templates import (
    NewTemplate,
    PreviewPages,
    PreviewWanted,
    Template,
    TemplateActive,
    TemplateCopy,
    TemplateList,
    TemplateRow,
    TemplateSave,
    TemplateTakeUp,
    TemplateVersions,
)

__all__ = ["router"]

router = APIRouter(prefix="/api/templates", tags=["templates"])

_PDF = "application/pdf"
Version = Annotated[int, Path(ge=1, le=2_147_483_647)]


@router.get("")
async def list_templates(visit: Admin) -> TemplateList:
    """All of them, inactive ones last, and the placeholders and subjects that the editor offers."""
    return await visit.reports.templates()


@router.post("", status_code=201)
async def add_template(new: NewTemplate, visit: Admin) -> Template:
    """Another one, from what its kind begins with."""
    return await visit.reports.add_template(new)


@router.post("/preview", response_class=Response, responses=file_answer(_PDF))
async def preview_template(wanted: PreviewWanted, visit: Admin) -> Response:
    """As a PDF, with a pupil's details and invented marks: the admin sees no real ones (R1)."""
    headers = {
        "Content-Disposition": 'attachment; filename="preview.pdf"',
        "Cache-Control": "no-store",
    }
    made = await visit.reports.preview_template(wanted)
    return Response(made, media_type=_PDF, headers=headers)


@router.post("/preview/pages")
async def preview_template_pages(wanted: PreviewWanted, visit: Admin) -> PreviewPages:
    """The same as pictures of its pages.

    422 `template-refused` says where: `errors` about a placeholder also have `at`, `found` and
    `nearest`.
    """
    return await visit.reports.preview_template_pages(wanted)


@router.get("/{template_id}")
async def read_template(template_id: UUID, visit: Admin) -> Template:
    """As it is in use."""
    return await visit.reports.template(template_id)


@router.put("/{template_id}")
async def save_template(template_id: UUID, save: TemplateSave, visit: Admin) -> Template:
    """As a new version. 409 `changed-meanwhile` where somebody else saved one meanwhile.

    Refused as previews are.
    """
    return await visit.reports.save_template(template_id, save)


@router.post("/{template_id}/copy", status_code=201)
async def copy_template(template_id: UUID, copy: TemplateCopy, visit: Admin) -> Template:
    """A new one that says what this one does now."""
    return await visit.reports.copy_template(template_id, copy)


@router.put("/{template_id}/active")
async def set_template_active(
    template_id: UUID, change: TemplateActive, visit: Admin
) -> TemplateRow:
    """Nothing is deleted: what is not used any more is inactive (R6)."""
    return await visit.reports.set_template_active(template_id, change)


@router.get("/{template_id}/versions")
async def list_template_versions(template_id: UUID, visit: Admin) -> TemplateVersions:
    """The newest first."""
    return await visit.reports.template_versions(template_id)


@router.get("/{template_id}/versions/{version}")
async def read_template_version(template_id: UUID, version: Version, visit: Admin) -> Template:
    """As it was; no version is ever changed."""
    return await visit.reports.template_version(template_id, version)


@router.post("/{template_id}/versions/{version}/take-up")
async def take_up_template_version(
    template_id: UUID, version: Version, take_up: TemplateTakeUp, visit: Admin
) -> Template:
    """What an earlier version says is in use again, as a new version."""
    return await visit.reports.take_up_template_version(template_id, version, take_up)
