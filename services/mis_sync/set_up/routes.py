"""How far the link and the mapping are, counted now, for the set-up guide (R28). Admins."""

from __future__ import annotations

from fastapi import APIRouter

from services.mis_sync.context import InContext
from services.mis_sync.links.repository import connector_in_force, find_link
from services.mis_sync.links.service import state_of
from services.mis_sync.set_up.repository import count_open
from services.mis_sync.set_up.schemas import MisSetUp
from shared.security.dependencies import Admin

__all__ = ["router"]

router = APIRouter(tags=["set-up"])


@router.get("/set-up")
async def read_set_up(principal: Admin, mis_sync: InContext) -> MisSetUp:
    async with mis_sync.database.transaction(principal.tenant) as connection:
        link = await find_link(connection, principal.tenant)
        connector = await connector_in_force(connection, principal.tenant)
        waiting = await count_open(connection, principal.tenant)
    return MisSetUp(
        link_state=state_of(link, connector, mis_sync.clock()),
        connector_heard=connector is not None and connector.heard_at is not None,
        snapshot_applied=link is not None and link.applied_at is not None,
        differences=waiting.differences,
        pupils_not_here=waiting.pupils_not_here,
    )
