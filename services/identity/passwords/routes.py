"""Passwords over HTTP: one's own, and the school's default (R2, R3)."""

from __future__ import annotations

from fastapi import APIRouter

from services.identity.context import InContext
from services.identity.devices.service import device_after
from services.identity.passwords import service
from services.identity.passwords.schemas import DefaultPassword, DefaultPasswordMade, NewPassword
from services.identity.school_settings.repository import find_settings
from services.identity.sessions.schemas import SessionOpened, revealed
from shared.security.dependencies import Admin, MaySetPassword

__all__ = ["router"]

router = APIRouter(tags=["passwords"])


@router.post("/password", status_code=201)
async def set_password(
    identity: InContext, principal: MaySetPassword, body: NewPassword
) -> SessionOpened:
    current = body.current_password.get_secret_value() if body.current_password else None
    session = await service.set_own_password(
        identity, principal, current, body.new_password.get_secret_value(), body.address
    )
    return SessionOpened.of(session, device_after(identity, session, revealed(body.device)))


@router.get("/default-password")
async def get_default_password(identity: InContext, principal: Admin) -> DefaultPassword:
    async with identity.database.transaction(principal.tenant) as connection:
        made_at = await service.when_default_was_made(connection)
        settings = await find_settings(connection)
        with identity.throttle.within(connection):
            paused_until = await identity.throttle.default_paused_until(principal.tenant)
    return DefaultPassword(
        made_at=made_at,
        in_use=settings.first_passwords == "default",
        paused_until=paused_until,
    )


@router.post("/default-password", status_code=201)
async def make_default_password(identity: InContext, principal: Admin) -> DefaultPasswordMade:
    return DefaultPasswordMade(default_password=await service.make_default(identity, principal))
