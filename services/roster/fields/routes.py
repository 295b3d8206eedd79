"""Pupils' fields over HTTP, and which of the optional ones a school keeps (R29)."""

from __future__ import annotations

from fastapi import APIRouter

from services.roster.access import reach_of
from services.roster.fields.schemas import PupilFieldsBody, PupilFieldsSettings, PupilFieldsView
from services.roster.fields.service import PupilFieldsService
from services.roster.problems import WholeSchoolOnly
from shared.database.pool import Database
from shared.security.dependencies import Admin, AnyUser

__all__ = ["pupil_field_routes"]


def pupil_field_routes(database: Database, fields: PupilFieldsService) -> APIRouter:
    router = APIRouter(tags=["pupil fields"])

    @router.get("/pupil-fields")
    async def list_pupil_fields(principal: AnyUser) -> PupilFieldsView:
        """What can be said of a pupil here, with the codes and their labels."""
        if reach_of(principal) is not None:
            raise WholeSchoolOnly
        async with database.transaction(principal.tenant) as connection:
            return PupilFieldsView.of(await fields.kept(connection, principal.tenant))

    @router.get("/settings/pupil-fields")
    async def get_kept_fields(principal: Admin) -> PupilFieldsSettings:
        async with database.transaction(principal.tenant) as connection:
            return PupilFieldsSettings.of(await fields.kept(connection, principal.tenant))

    @router.put("/settings/pupil-fields")
    async def set_kept_fields(principal: Admin, body: PupilFieldsBody) -> PupilFieldsSettings:
        said = body.model_dump(exclude={"expected_version"})
        async with database.transaction(principal.tenant) as connection:
            kept = await fields.change(connection, principal, said, body.expected_version)
        return PupilFieldsSettings.of(kept)

    return router
