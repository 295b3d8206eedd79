"""The second step over HTTP: doing it, setting it up, one's own, and taking somebody's away."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from services.identity.context import InContext
from services.identity.devices.service import device_after
from services.identity.sessions.schemas import SessionOpened, revealed
from services.identity.two_step import reset, service, setting_up
from services.identity.two_step.going_on import sign_in_with_code
from services.identity.two_step.schemas import (
    AdminReset,
    AuthenticatorBegun,
    AuthenticatorView,
    CodeBody,
    ConfirmBody,
    NewAuthenticatorBody,
    OwnTwoStep,
    ProofBody,
    RecoveryCodes,
    RenameBody,
    SetUpDone,
    UserTwoStep,
)
from shared.security.dependencies import (
    Admin,
    AtTwoStep,
    MaySetUpTwoStep,
    Operator,
    SignedIn,
)

__all__ = ["router"]

router = APIRouter(tags=["two-step sign-in"])


@router.post("/two-step", status_code=201)
async def do_two_step(identity: InContext, principal: AtTwoStep, body: CodeBody) -> SessionOpened:
    session = await sign_in_with_code(identity, principal, body.given())
    return SessionOpened.of(session, device_after(identity, session, revealed(body.device)))


@router.get("/two-step")
async def own_two_step(identity: InContext, principal: SignedIn) -> OwnTwoStep:
    async with identity.database.transaction(principal.tenant) as connection:
        return OwnTwoStep.of(await service.own(connection, principal))


@router.post("/two-step/authenticators", status_code=201)
async def begin_authenticator(
    identity: InContext, principal: MaySetUpTwoStep, body: NewAuthenticatorBody
) -> AuthenticatorBegun:
    begun = await setting_up.begin(identity, principal, body.name, body.password(), body.given())
    return AuthenticatorBegun.of(begun)


@router.post("/two-step/authenticators/{authenticator_id}/confirmation", status_code=201)
async def confirm_authenticator(
    identity: InContext, principal: MaySetUpTwoStep, authenticator_id: UUID, body: ConfirmBody
) -> SetUpDone:
    before = revealed(body.device)
    done = await setting_up.confirm(
        identity, principal, authenticator_id, body.typed(), body.address, before
    )
    return SetUpDone.of(done, device_after(identity, done.session, before))


@router.patch("/two-step/authenticators/{authenticator_id}")
async def rename_authenticator(
    identity: InContext, principal: SignedIn, authenticator_id: UUID, body: RenameBody
) -> AuthenticatorView:
    async with identity.database.transaction(principal.tenant) as connection:
        renamed = await service.rename(
            identity, connection, principal, authenticator_id, body.name, body.expected_version
        )
    return AuthenticatorView.of(renamed)


@router.post("/two-step/authenticators/{authenticator_id}/removal", status_code=204)
async def remove_authenticator(
    identity: InContext, principal: SignedIn, authenticator_id: UUID, body: ProofBody
) -> Response:
    await service.remove(identity, principal, authenticator_id, body.password(), body.given())
    return Response(status_code=204)


@router.post("/two-step/recovery-codes", status_code=201)
async def make_recovery_codes(
    identity: InContext, principal: SignedIn, body: ProofBody
) -> RecoveryCodes:
    codes = await service.new_recovery_codes(identity, principal, body.password(), body.given())
    return RecoveryCodes(recovery_codes=codes)


@router.get("/users/{user_id}/two-step")
async def get_user_two_step(identity: InContext, principal: Admin, user_id: UUID) -> UserTwoStep:
    async with identity.database.transaction(principal.tenant) as connection:
        return UserTwoStep.of(await reset.second_step_of(connection, user_id))


@router.delete("/users/{user_id}/two-step", status_code=204)
async def reset_user_two_step(identity: InContext, principal: Admin, user_id: UUID) -> Response:
    async with identity.database.transaction(principal.tenant) as connection:
        await reset.reset_of_user(identity, connection, principal, user_id)
    return Response(status_code=204)


@router.delete("/schools/{school_id}/admin/two-step")
async def reset_admin_two_step(
    identity: InContext, operator: Operator, school_id: UUID
) -> AdminReset:
    async with identity.database.transaction(school_id) as connection:
        admin = await reset.reset_of_admin(identity, connection, operator)
    return AdminReset(username=admin.username, email=admin.email)
