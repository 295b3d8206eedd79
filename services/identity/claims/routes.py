"""The list of claimed and unclaimed accounts over HTTP, for the admin (R2, R4)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from services.identity.claims import service
from services.identity.claims.claim import ClaimState
from services.identity.claims.schemas import ClaimsFound, ClaimsSummaryView, Done, TheseUsers
from services.identity.context import InContext
from shared.security.dependencies import Admin
from shared.web.paging import Paging

__all__ = ["router"]

router = APIRouter(prefix="/claims", tags=["claims"])


@router.get("")
async def list_claims(
    identity: InContext,
    principal: Admin,
    page: Paging,
    state: Annotated[list[ClaimState] | None, Query()] = None,
) -> ClaimsFound:
    async with identity.database.transaction(principal.tenant) as connection:
        found = await service.list_claims(identity, connection, state or [], page)
    return ClaimsFound.of(found, identity.clock())


@router.get("/summary")
async def sum_up_claims(identity: InContext, principal: Admin) -> ClaimsSummaryView:
    async with identity.database.transaction(principal.tenant) as connection:
        summary = await service.sum_up(identity, connection, principal.tenant)
    return ClaimsSummaryView.of(summary)


@router.post("/lapsed/reset")
async def reset_lapsed(identity: InContext, principal: Admin, body: TheseUsers) -> Done:
    async with identity.database.transaction(principal.tenant) as connection:
        users = await service.reset_lapsed(identity, connection, principal, body.ids())
    return Done(users=users)


@router.post("/links")
async def send_links_again(identity: InContext, principal: Admin, body: TheseUsers) -> Done:
    async with identity.database.transaction(principal.tenant) as connection:
        users = await service.send_links_again(identity, connection, principal, body.ids())
    return Done(users=users)
