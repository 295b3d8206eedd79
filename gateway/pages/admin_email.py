"""The admin account's address: asked for by a head or deputy, settled by links from mails (R5)."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request

from gateway.pages.session import address_of
from gateway.rights import AdminOrLeader, Anyone
from gateway.schemas.admin_email import (
    AddressLink,
    AddressLinkShown,
    AddressToken,
    AdminEmail,
    NewAdminEmail,
)

__all__ = ["router"]

router = APIRouter(prefix="/api/admin-email", tags=["admin e-mail"])


@router.get("")
async def read_admin_email(visit: AdminOrLeader) -> AdminEmail:
    """The admin account's address, and the request for another that waits."""
    return await visit.identity.admin_email()


@router.post("/requests", status_code=201)
async def ask_for_admin_email(
    form: NewAdminEmail, request: Request, visit: AdminOrLeader
) -> AdminEmail:
    """Ask for another address, as a head or deputy. It counts once its link confirms it."""
    return await visit.identity.ask_for_admin_email(form, address_of(request))


@router.delete("/requests/{request_id}", status_code=204)
async def cancel_admin_email(request_id: UUID, visit: AdminOrLeader) -> None:
    """Cancel a request that waits."""
    await visit.identity.cancel_admin_email(request_id)


@router.post("/link")
async def show_address_link(form: AddressLink, visit: Anyone) -> AddressLinkShown:
    """What a link from a mail is about. Changes nothing."""
    return await visit.identity.show_address_link(form)


@router.post("/confirmation")
async def confirm_admin_email(form: AddressToken, visit: Anyone) -> AddressLinkShown:
    """The new address counts from now on."""
    return await visit.identity.confirm_admin_email(form)


@router.post("/cancellation")
async def cancel_admin_email_by_link(form: AddressToken, visit: Anyone) -> AddressLinkShown:
    """The old address stays."""
    return await visit.identity.cancel_admin_email_by_link(form)
