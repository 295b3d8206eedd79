"""A school's settings over HTTP, for its admin (R29)."""

from __future__ import annotations

from fastapi import APIRouter

from services.identity.context import InContext
from services.identity.school_settings.repository import find_settings
from services.identity.school_settings.schemas import (
    DetailsBody,
    DetailsSettings,
    IdentitySettings,
    SignInBody,
    SignInSettings,
)
from services.identity.school_settings.service import change_sign_in
from services.identity.schools.details import change_details
from services.identity.schools.repository import find_school
from shared.security.dependencies import Admin

__all__ = ["router"]

router = APIRouter(prefix="/school/settings", tags=["settings"])


@router.get("")
async def read_settings(identity: InContext, principal: Admin) -> IdentitySettings:
    async with identity.database.transaction(principal.tenant) as connection:
        school = await find_school(connection)
        sign_in = await find_settings(connection)
    return IdentitySettings(details=DetailsSettings.of(school), sign_in=SignInSettings.of(sign_in))


@router.put("/details")
async def set_details(identity: InContext, principal: Admin, body: DetailsBody) -> DetailsSettings:
    said = body.model_dump(exclude={"expected_version"})
    async with identity.database.transaction(principal.tenant) as connection:
        school = await change_details(identity, connection, principal, said, body.expected_version)
    return DetailsSettings.of(school)


@router.put("/sign-in")
async def set_sign_in(identity: InContext, principal: Admin, body: SignInBody) -> SignInSettings:
    said = body.model_dump(exclude={"expected_version"})
    async with identity.database.transaction(principal.tenant) as connection:
        settings = await change_sign_in(
            identity, connection, principal, said, body.expected_version
        )
    return SignInSettings.of(settings)
