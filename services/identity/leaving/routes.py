"""A school's leaving over HTTP, for operators only."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from services.identity.context import InContext
from services.identity.leaving import service
from services.identity.leaving.repository import all_left
from services.identity.leaving.schemas import LeaveBody, LeftSchools, LeftSchoolView, NamedBody
from shared.security.dependencies import Operator

__all__ = ["router"]

router = APIRouter(prefix="/left-schools", tags=["leaving"])


@router.get("")
async def list_left_schools(identity: InContext, _: Operator) -> LeftSchools:
    async with identity.database.transaction() as connection:
        return LeftSchools(items=[LeftSchoolView.of(left) for left in await all_left(connection)])


@router.put("/{school_id}")
async def leave(
    identity: InContext, operator: Operator, school_id: UUID, body: LeaveBody
) -> LeftSchoolView:
    left = await service.leave(identity, operator, school_id, body.name, body.days)
    return LeftSchoolView.of(left)


@router.delete("/{school_id}", status_code=204)
async def stay(identity: InContext, operator: Operator, school_id: UUID) -> None:
    await service.stay(identity, operator, school_id)


@router.post("/{school_id}/erasure")
async def erase_left_school(
    identity: InContext, _: Operator, school_id: UUID, body: NamedBody
) -> LeftSchoolView:
    return LeftSchoolView.of(await service.erase(identity, school_id, body.name))
