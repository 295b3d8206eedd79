"""MIS Mapping: differences decided, and what is mapped looked through and changed (R19, R20).

Admin only.
"""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from services.mis_sync.context import InContext
from services.mis_sync.mapping import listing, service
from services.mis_sync.mapping.schemas import (
    ChangesIn,
    ChangesResult,
    MappedOut,
    MappedPage,
    MappingIn,
    MappingPreview,
    MappingResult,
    RecordKind,
)
from shared.security.dependencies import Admin
from shared.web.paging import Paging

__all__ = ["router"]

router = APIRouter(tags=["mapping"])

Origin = Literal["matched", "new", "person"]


@router.get("/mapping")
async def read_mapping(
    principal: Admin,
    mis_sync: InContext,
    paging: Paging,
    kind: RecordKind | None = None,
    origin: Origin | None = None,
) -> MappedPage:
    """All that is mapped, by kind and name, with who mapped it, when and why."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        listed, cursor, total = await listing.list_mapped(
            connection, principal.tenant, kind, origin, paging
        )
        counts = await listing.counts_by_kind(connection, principal.tenant)
    items = [MappedOut.model_validate(one) for one in listed]
    return MappedPage(items=items, next_cursor=cursor, total=total, counts=counts)


@router.post("/mapping")
async def save_mapping(mapping: MappingIn, principal: Admin, mis_sync: InContext) -> MappingResult:
    """Decide. `409` with what there is now where somebody was faster; then nothing is saved."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        saved = await service.save_mapping(mis_sync, connection, principal, mapping.plain())
    return MappingResult.of(saved)


@router.post("/mapping/preview")
async def preview_mapping(
    mapping: MappingIn, principal: Admin, mis_sync: InContext
) -> MappingPreview:
    """What saving these decisions would do. Nothing is changed."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        found = await service.preview_mapping(mis_sync, connection, principal, mapping.plain())
    return MappingPreview.model_validate(found)


@router.post("/mapping/changes")
async def change_mapping(
    changes: ChangesIn, principal: Admin, mis_sync: InContext
) -> ChangesResult:
    """Move to another record, or take apart. `409` as when decisions are saved."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        saved = await service.save_changes(mis_sync, connection, principal, changes.plain())
    return ChangesResult.of(saved)


@router.post("/mapping/changes/preview")
async def preview_changes(
    changes: ChangesIn, principal: Admin, mis_sync: InContext
) -> MappingPreview:
    """What these changes would do. Nothing is changed."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        found = await service.preview_changes(mis_sync, connection, principal, changes.plain())
    return MappingPreview.model_validate(found)
