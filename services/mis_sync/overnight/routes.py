"""The hour of the overnight sync (R29). Admin only."""

from __future__ import annotations

from fastapi import APIRouter

from services.mis_sync.context import InContext
from services.mis_sync.overnight.repository import find_setting
from services.mis_sync.overnight.schemas import SyncBody, SyncSettings
from services.mis_sync.overnight.service import change_settings
from shared.security.dependencies import Admin

__all__ = ["router"]

router = APIRouter(prefix="/settings", tags=["settings"])


@router.get("")
async def read_settings(principal: Admin, mis_sync: InContext) -> SyncSettings:
    """When the school's MIS is asked every night, and whether parents come from it."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        setting = await find_setting(connection, principal.tenant)
    return SyncSettings.of(principal.tenant, setting)


@router.put("")
async def set_settings(principal: Admin, mis_sync: InContext, body: SyncBody) -> SyncSettings:
    """Choose the hour, or leave it to us; and say whether parents come from the MIS."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        setting = await change_settings(
            mis_sync, connection, principal, body.said(), body.expected_version
        )
    return SyncSettings.of(principal.tenant, setting)
