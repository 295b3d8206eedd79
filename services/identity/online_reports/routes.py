"""Whether parents can be reached by what users publish (R27)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.identity.context import InContext
from services.identity.online_reports.reach import ParentsReach, reach_of_pupils
from shared.contracts.vocabulary import StaffRole
from shared.security.dependencies import User
from shared.security.principals import digest_of

__all__ = ["router"]

router = APIRouter(tags=["parents"])


class ReachBody(BaseModel):
    pupil_ids: Annotated[list[UUID], Field(max_length=500)]


class PupilReach(BaseModel):
    """No parent is named: who they are is the admin account's."""

    pupil_id: UUID
    parents: ParentsReach


class ReachView(BaseModel):
    items: list[PupilReach]


@router.post("/parents/reach")
async def read_reach(identity: InContext, principal: User, body: ReachBody) -> ReachView:
    """Of each pupil whether a parent sees them, is invited, is not invited, or there is none.

    A teacher hears of those alone whom reports has named as theirs, by the word of the gateway; of
    others nothing (R14).
    """
    if principal.role != StaffRole.SLT and principal.pupils != digest_of(body.pupil_ids):
        return ReachView(items=[])
    async with identity.database.transaction(principal.tenant) as connection:
        found = await reach_of_pupils(identity, connection, body.pupil_ids)
    items = [PupilReach(pupil_id=pupil, parents=parents) for pupil, parents in found.items()]
    return ReachView(items=items)
