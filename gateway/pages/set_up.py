"""The set-up guide: what the services count of a school, as steps that are done or not (R28)."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter

from gateway.partial import Parts
from gateway.rights import Admin
from gateway.schemas.parts import ServiceName
from gateway.schemas.set_up import PutAway, SetUp
from gateway.set_up import Found, is_complete, steps_of, way_of

__all__ = ["router"]

router = APIRouter(prefix="/api/set-up", tags=["set-up"])


@router.get("")
async def read_set_up(visit: Admin) -> SetUp:
    """Counted now; the steps of a service that does not answer are unknown."""
    parts = Parts()
    identity, roster, mis_sync, reports = await asyncio.gather(
        parts.of(ServiceName.IDENTITY, visit.identity.set_up()),
        parts.of(ServiceName.ROSTER, visit.roster.set_up()),
        parts.of(ServiceName.MIS_SYNC, visit.mis_sync.set_up()),
        parts.of(ServiceName.REPORTS, visit.reports.set_up()),
    )
    found = Found(identity, roster, mis_sync, reports)
    steps, way = steps_of(found), way_of(found)
    return SetUp(
        way=way,
        complete=is_complete(steps, way),
        put_away=identity.put_away if identity else None,
        steps=steps,
        unavailable=parts.unavailable,
    )


@router.put("/guide")
async def put_set_up_away(visit: Admin, change: PutAway) -> PutAway:
    """Off the home page, or back on it; for all who use the admin account."""
    return await visit.identity.put_guide_away(change)
