"""What a person must decide, and what is in the MIS and not here (R19, R20). Admin only."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from services.mis_sync.context import InContext
from services.mis_sync.differences.listing import Filters, list_differences
from services.mis_sync.differences.schemas import Difference, NotHere
from services.mis_sync.matching.records import FindingKind
from shared.security.dependencies import Admin
from shared.web.paging import Page, Paging

__all__ = ["router"]

router = APIRouter(tags=["differences"])

State = Literal["open", "ignored", "resolved"]


@router.get("/differences")
async def read_differences(
    principal: Admin,
    mis_sync: InContext,
    paging: Paging,
    kind: FindingKind | None = None,
    state: State | None = None,
) -> Page[Difference]:
    """By kind, then by name. Without a state, those that are open or ignored."""
    filters = Filters(alert=True, kind=kind, state=state)
    async with mis_sync.database.transaction(principal.tenant) as connection:
        listed, cursor, total = await list_differences(
            connection, principal.tenant, filters, paging
        )
    return Page(items=[Difference.of(one) for one in listed], next_cursor=cursor, total=total)


@router.get("/not-here")
async def read_not_here(
    principal: Admin, mis_sync: InContext, paging: Paging, kind: FindingKind | None = None
) -> Page[NotHere]:
    """In the MIS, not here, because …"""
    filters = Filters(alert=False, kind=kind, state="open")
    async with mis_sync.database.transaction(principal.tenant) as connection:
        listed, cursor, total = await list_differences(
            connection, principal.tenant, filters, paging
        )
    return Page(items=[NotHere.of(one) for one in listed], next_cursor=cursor, total=total)
