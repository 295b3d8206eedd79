"""Signing in and out over HTTP, for the gateway only: those who sign in have no principal yet."""

from __future__ import annotations

from fastapi import APIRouter, Response

from services.identity.context import InContext
from services.identity.sessions import service
from services.identity.sessions.schemas import (
    Credentials,
    SessionOpened,
    SessionToken,
    SessionView,
)
from shared.security.dependencies import CurrentPrincipal

__all__ = ["router"]

router = APIRouter(tags=["sessions"])


@router.post("/sessions", status_code=201)
async def sign_in(identity: InContext, body: Credentials) -> SessionOpened:
    session = await service.sign_in(
        identity, body.identifier, body.password.get_secret_value(), body.address
    )
    return SessionOpened.of(session)


@router.post("/sessions/link", status_code=201)
async def redeem_link(identity: InContext, body: SessionToken) -> SessionOpened:
    session = await service.redeem_link(identity, body.token.get_secret_value(), body.address)
    return SessionOpened.of(session)


@router.post("/sessions/lookup")
async def look_up_session(identity: InContext, body: SessionToken) -> SessionView:
    return SessionView.of(await service.look_up(identity, body.token.get_secret_value()))


@router.delete("/sessions/current", status_code=204)
async def sign_out(identity: InContext, principal: CurrentPrincipal) -> Response:
    async with identity.database.transaction(principal.tenant) as connection:
        await service.sign_out(identity, connection, principal)
    return Response(status_code=204)
