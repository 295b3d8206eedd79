"""Many pupils at once over HTTP, for the admin; and the list as a file."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.roster.bulk.schemas import (
    PupilBulkBody,
    PupilBulkPreviewView,
    PupilBulkResultView,
    PupilSelectionView,
)
from services.roster.bulk.service import ManyPupils
from services.roster.pupils.export import PupilExport
from services.roster.pupils.filters import WantedPupils
from shared.database.pool import Database
from shared.security.dependencies import Admin

__all__ = ["bulk_routes"]


def bulk_routes(database: Database, many: ManyPupils, export: PupilExport) -> APIRouter:
    router = APIRouter(prefix="/pupils", tags=["pupils"])

    @router.get("/ids")
    async def select_pupils(principal: Admin, wanted: WantedPupils) -> PupilSelectionView:
        """All that fit the filters, to be changed at once."""
        async with database.transaction(principal.tenant) as connection:
            return PupilSelectionView.of(await many.select_all(connection, wanted))

    @router.get("/export", response_class=StreamingResponse)
    async def export_pupils(principal: Admin, wanted: WantedPupils) -> StreamingResponse:
        """The same pupils as CSV, with their groups. That it was taken is in the activity log."""
        pieces = await export.begin(database, principal, wanted)
        return StreamingResponse(pieces, media_type="text/csv; charset=utf-8")

    @router.post("/bulk/preview")
    async def preview_pupil_bulk(principal: Admin, body: PupilBulkBody) -> PupilBulkPreviewView:
        """What the action would do. Nothing is changed."""
        async with database.transaction(principal.tenant) as connection:
            ahead = await many.look_ahead(connection, principal, body.wish())
        return PupilBulkPreviewView.ahead(ahead)

    @router.post("/bulk")
    async def change_pupils_in_bulk(principal: Admin, body: PupilBulkBody) -> PupilBulkResultView:
        """All of it or nothing, in one transaction; who cannot be changed is told and left."""
        async with database.transaction(principal.tenant) as connection:
            fates = await many.carry_out(connection, principal, body.wish())
        return PupilBulkResultView.of(fates)

    return router
