"""Pupils over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.roster.pupils.filters import WantedPupils
from services.roster.pupils.schemas import (
    NewPupil,
    OverridableField,
    PupilChange,
    PupilDetail,
    PupilView,
)
from services.roster.pupils.service import PupilService
from shared.database.pool import Database
from shared.security.dependencies import Admin, AnyUser
from shared.web.paging import Page, Paging

__all__ = ["pupil_routes"]


def pupil_routes(database: Database, pupils: PupilService) -> APIRouter:
    router = APIRouter(prefix="/pupils", tags=["pupils"])

    @router.get("")
    async def list_pupils(
        principal: AnyUser,
        paging: Paging,
        wanted: WantedPupils,
    ) -> Page[PupilView]:
        """Sorted by `surname`, `forename`, `year_group` or `upn`; a teacher's own only (R14)."""
        async with database.transaction(principal.tenant) as connection:
            return await pupils.page(connection, principal, wanted, paging)

    @router.post("", status_code=201)
    async def add_pupil(principal: Admin, new: NewPupil) -> PupilDetail:
        async with database.transaction(principal.tenant) as connection:
            return await pupils.add(connection, principal, new)

    @router.get("/{pupil_id}")
    async def get_pupil(principal: AnyUser, pupil_id: UUID) -> PupilDetail:
        async with database.transaction(principal.tenant) as connection:
            return await pupils.view(connection, principal, pupil_id)

    @router.patch("/{pupil_id}")
    async def change_pupil(principal: Admin, pupil_id: UUID, change: PupilChange) -> PupilDetail:
        async with database.transaction(principal.tenant) as connection:
            return await pupils.change(connection, principal, pupil_id, change)

    @router.delete("/{pupil_id}/overrides/{field}")
    async def hand_back_pupil_field(
        principal: Admin,
        pupil_id: UUID,
        field: OverridableField,
        expected_version: Annotated[int, Query(ge=1)],
    ) -> PupilDetail:
        async with database.transaction(principal.tenant) as connection:
            return await pupils.hand_back(connection, principal, pupil_id, field, expected_version)

    return router
