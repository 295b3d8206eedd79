"""Contact us over HTTP (R28): for everybody of a school; only its staff can write."""

from __future__ import annotations

from fastapi import APIRouter

from services.identity.context import InContext
from services.identity.support import service
from services.identity.support.schemas import (
    ContactView,
    SupportMessageBody,
    SupportMessageView,
)
from services.identity.support.service import Written
from shared.security.dependencies import AnyUser, SignedIn

__all__ = ["router"]

router = APIRouter(prefix="/support", tags=["support"])


@router.get("")
async def read_contact(identity: InContext, principal: SignedIn) -> ContactView:
    async with identity.database.transaction(principal.tenant) as connection:
        return ContactView.of(await service.seen(identity, connection, principal))


@router.post("/messages", status_code=201)
async def write_to_support(
    identity: InContext, principal: AnyUser, body: SupportMessageBody
) -> SupportMessageView:
    said = body.model_dump(exclude={"id"})
    written = Written(message_id=body.id, **said)
    async with identity.database.transaction(principal.tenant) as connection:
        message = await service.write(identity, connection, principal, written)
    return SupportMessageView.of(message)
