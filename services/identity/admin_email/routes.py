"""The admin account's address over HTTP. Who comes by a link has no principal."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from services.identity.admin_email import by_link, service
from services.identity.admin_email.schemas import (
    AddressLink,
    AddressLinkShown,
    AdminEmailView,
    NewAddressBody,
    TokenBody,
)
from services.identity.context import InContext
from shared.security.dependencies import AnyUser

__all__ = ["router"]

router = APIRouter(prefix="/admin-email", tags=["admin e-mail"])


@router.get("")
async def get_admin_email(identity: InContext, principal: AnyUser) -> AdminEmailView:
    now = identity.clock()
    async with identity.database.transaction(principal.tenant) as connection:
        return AdminEmailView.of(await service.seen(connection, principal, now), now)


@router.post("/requests", status_code=201)
async def ask_for_admin_email(
    identity: InContext, principal: AnyUser, body: NewAddressBody
) -> AdminEmailView:
    await service.ask(identity, principal, body.email, body.password(), body.given())
    return await get_admin_email(identity, principal)


@router.delete("/requests/{request_id}", status_code=204)
async def cancel_admin_email(identity: InContext, principal: AnyUser, request_id: UUID) -> Response:
    async with identity.database.transaction(principal.tenant) as connection:
        await service.cancel(identity, connection, principal, request_id)
    return Response(status_code=204)


@router.post("/link")
async def show_address_link(identity: InContext, body: AddressLink) -> AddressLinkShown:
    shown = await by_link.show(identity, body.token.get_secret_value(), body.does)
    return AddressLinkShown.of(shown)


@router.post("/confirmation")
async def confirm_admin_email(identity: InContext, body: TokenBody) -> AddressLinkShown:
    return AddressLinkShown.of(
        await by_link.confirm_by_link(identity, body.token.get_secret_value())
    )


@router.post("/cancellation")
async def cancel_admin_email_by_link(identity: InContext, body: TokenBody) -> AddressLinkShown:
    return AddressLinkShown.of(
        await by_link.cancel_by_link(identity, body.token.get_secret_value())
    )
