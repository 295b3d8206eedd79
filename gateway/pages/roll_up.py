"""The roll-up's page: the plan, which class follows which, undoing and running again (R12)."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from gateway.rights import Admin
from gateway.schemas.roll_up import RollUpPlan, Successions

__all__ = ["router"]

router = APIRouter(prefix="/api/roll-up", tags=["roll-up"])

_WHOLE_SCHOOL_SECONDS = 15.0
"""Every pupil of the school is written."""


@router.get("")
async def read_roll_up(visit: Admin) -> RollUpPlan:
    """What the next one will do, and what the last one did."""
    return await visit.roster.roll_up()


@router.put("/successions")
async def name_successions(successions: Successions, visit: Admin) -> RollUpPlan:
    """Say which class follows which; what is not sent stays."""
    return await visit.roster.name_successions(successions)


@router.post("/{roll_up_id}/undo")
async def undo_roll_up(roll_up_id: UUID, visit: Admin) -> RollUpPlan:
    """Possible for 28 days. Pupils who were changed since are left as they are, and listed."""
    return await visit.roster.undo_roll_up(roll_up_id, seconds=_WHOLE_SCHOOL_SECONDS)


@router.post("/run")
async def run_roll_up_again(visit: Admin) -> RollUpPlan:
    """After it was undone; it never runs again by itself."""
    return await visit.roster.run_roll_up(seconds=_WHOLE_SCHOOL_SECONDS)
