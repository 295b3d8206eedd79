"""Many users at once over HTTP, for the admin."""

from __future__ import annotations

from fastapi import APIRouter

from services.identity.accounts.filters import WantedUsers
from services.identity.bulk import service
from services.identity.bulk.schemas import (
    BulkBody,
    BulkPreviewView,
    BulkResultView,
    SelectionView,
)
from services.identity.context import InContext
from shared.security.dependencies import Admin

__all__ = ["router"]

router = APIRouter(tags=["users"])


@router.get("/users/ids")
async def select_users(identity: InContext, principal: Admin, wanted: WantedUsers) -> SelectionView:
    """All that fit the filters, to be changed at once."""
    async with identity.database.transaction(principal.tenant) as connection:
        return SelectionView.of(await service.select_all(connection, wanted))


@router.post("/users/bulk/preview")
async def preview_bulk(identity: InContext, principal: Admin, body: BulkBody) -> BulkPreviewView:
    """What the action would do. Nothing is changed."""
    async with identity.database.transaction(principal.tenant) as connection:
        ahead = await service.look_ahead(identity, connection, body.action, body.ids)
    return BulkPreviewView.ahead(ahead)


@router.post("/users/bulk")
async def change_in_bulk(identity: InContext, principal: Admin, body: BulkBody) -> BulkResultView:
    """All of it or nothing, in one transaction; who cannot be changed is told and left."""
    async with identity.database.transaction(principal.tenant) as connection:
        fates = await service.carry_out(identity, connection, principal, body.action, body.ids)
    return BulkResultView.of(fates)
