"""MIS Mapping: differences decided, one or many at once (R19). Admin only."""

from __future__ import annotations

from fastapi import APIRouter

from services.mis_sync.context import InContext
from services.mis_sync.mapping import service
from services.mis_sync.mapping.schemas import MappingIn, MappingPreview, MappingResult
from shared.security.dependencies import Admin

__all__ = ["router"]

router = APIRouter(tags=["mapping"])


@router.post("/mapping")
async def save_mapping(mapping: MappingIn, principal: Admin, mis_sync: InContext) -> MappingResult:
    """Decide; of two people at once, the second gets a conflict for what the first decided."""
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
