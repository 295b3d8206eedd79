"""Templates over HTTP, for the school's admin (R25)."""

from __future__ import annotations

import base64
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Response

from services.reports.templates.preview import Previews
from services.reports.templates.schemas import (
    ActiveBody,
    CopyBody,
    NewTemplateBody,
    PreviewBody,
    PreviewPages,
    SaveBody,
    SavedView,
    TakeUpBody,
    TemplateList,
    TemplateRow,
    TemplateView,
    VersionList,
)
from services.reports.templates.service import Templates
from shared.database.pool import Database
from shared.security.dependencies import Admin

__all__ = ["template_routes"]

_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}
Version = Annotated[int, Path(ge=1, le=2_147_483_647)]


def template_routes(database: Database, templates: Templates, previews: Previews) -> APIRouter:
    router = APIRouter(prefix="/templates", tags=["templates"])
    _add_reading(router, database, templates)
    _add_changing(router, database, templates)
    _add_previews(router, previews)
    return router


def _add_reading(router: APIRouter, database: Database, templates: Templates) -> None:
    @router.get("")
    async def list_templates(principal: Admin) -> TemplateList:
        """All of them, inactive ones last. A school that is new has one of each kind."""
        async with database.transaction(principal.tenant) as connection:
            found = await templates.of_school(connection, principal.tenant)
            subjects = await templates.subjects(connection, principal.tenant)
        return TemplateList.of(found, subjects)

    @router.get("/{template_id}")
    async def read_template(template_id: UUID, principal: Admin) -> TemplateView:
        """As it is in use."""
        async with database.transaction(principal.tenant) as connection:
            return TemplateView.whole(await templates.read(connection, template_id))

    @router.get("/{template_id}/versions")
    async def list_template_versions(template_id: UUID, principal: Admin) -> VersionList:
        async with database.transaction(principal.tenant) as connection:
            found = await templates.history(connection, template_id)
        return VersionList(versions=[SavedView.of(saved) for saved in found])

    @router.get("/{template_id}/versions/{version}")
    async def read_template_version(
        template_id: UUID, version: Version, principal: Admin
    ) -> TemplateView:
        """As it was; no version is ever changed."""
        async with database.transaction(principal.tenant) as connection:
            return TemplateView.whole(await templates.read(connection, template_id, version))


def _add_changing(router: APIRouter, database: Database, templates: Templates) -> None:
    @router.post("", status_code=201)
    async def add_template(body: NewTemplateBody, principal: Admin) -> TemplateView:
        """Another one, from what its kind begins with."""
        async with database.transaction(principal.tenant) as connection:
            made = await templates.add(connection, principal, body.kind, body.name)
        return TemplateView.whole(made)

    @router.post("/{template_id}/copy", status_code=201)
    async def copy_template(template_id: UUID, body: CopyBody, principal: Admin) -> TemplateView:
        async with database.transaction(principal.tenant) as connection:
            made = await templates.copy(connection, principal, template_id, body.name)
        return TemplateView.whole(made)

    @router.put("/{template_id}")
    async def save_template(template_id: UUID, body: SaveBody, principal: Admin) -> TemplateView:
        """As a new version. 422 `template-refused` says where a placeholder is none."""
        layout = body.layout.said()
        async with database.transaction(principal.tenant) as connection:
            saved = await templates.save(
                connection, principal, template_id, body.expected_version, body.name, layout
            )
        return TemplateView.whole(saved)

    @router.post("/{template_id}/versions/{version}/take-up")
    async def take_up_template_version(
        template_id: UUID, version: Version, body: TakeUpBody, principal: Admin
    ) -> TemplateView:
        """What an earlier version says is in use again, as a new version."""
        async with database.transaction(principal.tenant) as connection:
            saved = await templates.take_up(
                connection, principal, template_id, version, body.expected_version
            )
        return TemplateView.whole(saved)

    @router.put("/{template_id}/active")
    async def set_template_active(
        template_id: UUID, body: ActiveBody, principal: Admin
    ) -> TemplateRow:
        """Nothing is deleted: what is not used any more is inactive (R6)."""
        async with database.transaction(principal.tenant) as connection:
            return TemplateRow.of(
                await templates.set_active(connection, principal, template_id, body.active)
            )


def _add_previews(router: APIRouter, previews: Previews) -> None:
    @router.post("/preview", response_class=Response, responses=_PDF)
    async def preview_template(body: PreviewBody, principal: Admin) -> Response:
        """The PDF, with a pupil's details and invented marks (R1)."""
        made = await previews.pdf(principal, body.said())
        headers = {"Cache-Control": "no-store"}
        return Response(made, media_type="application/pdf", headers=headers)

    @router.post("/preview/pages")
    async def preview_template_pages(body: PreviewBody, principal: Admin) -> PreviewPages:
        """The same as pictures of its pages."""
        made = await previews.pages(principal, body.said())
        return PreviewPages(pages=[base64.b64encode(page) for page in made])
