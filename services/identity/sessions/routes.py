"""Signing in and out over HTTP, and one's own sessions. Who signs in has no principal yet."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from services.identity.context import InContext
from services.identity.devices.service import device_after
from services.identity.sessions import own, service
from services.identity.sessions.schemas import (
    Credentials,
    OwnSessions,
    OwnSessionView,
    SessionOpened,
    SessionToken,
    SessionView,
    revealed,
)
from shared.security.dependencies import AtAnyStep, SignedIn

__all__ = ["router"]

router = APIRouter(tags=["sessions"])


@router.post("/sessions", status_code=201)
async def sign_in(identity: InContext, body: Credentials) -> SessionOpened:
    before = revealed(body.device)
    session = await service.sign_in(
        identity, body.identifier, body.password.get_secret_value(), body.address, before
    )
    return SessionOpened.of(session, device_after(identity, session, before))


@router.post("/sessions/link", status_code=201)
async def redeem_link(identity: InContext, body: SessionToken) -> SessionOpened:
    session = await service.redeem_link(identity, body.token.get_secret_value(), body.address)
    return SessionOpened.of(session)


@router.post("/sessions/lookup")
async def look_up_session(identity: InContext, body: SessionToken) -> SessionView:
    return SessionView.of(await service.look_up(identity, body.token.get_secret_value()))


@router.delete("/sessions/current", status_code=204)
async def sign_out(identity: InContext, principal: AtAnyStep) -> Response:
    async with identity.database.transaction(principal.tenant) as connection:
        await service.sign_out(identity, connection, principal)
    return Response(status_code=204)


@router.get("/sessions")
async def list_own_sessions(identity: InContext, principal: SignedIn) -> OwnSessions:
    async with identity.database.transaction(principal.tenant) as connection:
        found = await own.own_sessions(identity, connection, principal)
    return OwnSessions(items=[OwnSessionView.of(one, principal.session_id) for one in found])


@router.delete("/sessions/{session_id}", status_code=204)
async def end_own_session(identity: InContext, principal: SignedIn, session_id: UUID) -> Response:
    async with identity.database.transaction(principal.tenant) as connection:
        await own.end_own_session(identity, connection, principal, session_id)
    return Response(status_code=204)
