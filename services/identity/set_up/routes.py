"""The set-up guide's figures over HTTP, and putting it away: for the admin account (R28)."""

from __future__ import annotations

from fastapi import APIRouter

from services.identity.context import InContext
from services.identity.set_up import service
from services.identity.set_up.schemas import GuideBody, IdentitySetUp
from shared.security.dependencies import Admin

__all__ = ["router"]

router = APIRouter(prefix="/set-up", tags=["set-up"])


@router.get("")
async def read_set_up(identity: InContext, principal: Admin) -> IdentitySetUp:
    async with identity.database.transaction(principal.tenant) as connection:
        return IdentitySetUp.of(await service.figures(identity, connection))


@router.put("/guide")
async def put_guide_away(identity: InContext, principal: Admin, body: GuideBody) -> GuideBody:
    async with identity.database.transaction(principal.tenant) as connection:
        await service.put_guide_away(identity, connection, principal, put_away=body.put_away)
    return body
