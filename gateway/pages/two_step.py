"""Two-step sign-in: the code after the password, one's own authenticators, and a user's reset."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request, Response

from gateway.pages.session import address_of, keep
from gateway.rights import Admin, AtTwoStep, MaySetUpTwoStep, SignedIn
from gateway.schemas.sessions import Session
from gateway.schemas.two_step import (
    Authenticator,
    AuthenticatorBegun,
    AuthenticatorRenamed,
    FirstCode,
    NewAuthenticator,
    RecoveryCodes,
    SecondStep,
    SetUpDone,
    TwoStep,
    TwoStepProof,
    UserTwoStep,
)

__all__ = ["router"]

router = APIRouter(prefix="/api", tags=["two-step sign-in"])


@router.post("/two-step")
async def do_two_step(
    form: SecondStep, request: Request, response: Response, visit: AtTwoStep
) -> Session:
    """The second step of signing in. A new session takes the place of the one that asks."""
    opened = await visit.identity.do_two_step(form, address_of(request))
    request.app.state.sessions.end([visit.session.id])
    return keep(opened, response)


@router.get("/two-step")
async def read_two_step(visit: SignedIn) -> TwoStep:
    """One's own authenticators, and how many recovery codes are left."""
    return await visit.identity.two_step()


@router.post("/two-step/authenticators", status_code=201)
async def begin_authenticator(
    form: NewAuthenticator, request: Request, visit: MaySetUpTwoStep
) -> AuthenticatorBegun:
    """The key of a new authenticator, told this once. It works after its first code."""
    return await visit.identity.begin_authenticator(form, address_of(request))


@router.post("/two-step/authenticators/{authenticator_id}/confirmation")
async def confirm_authenticator(
    authenticator_id: UUID,
    form: FirstCode,
    request: Request,
    response: Response,
    visit: MaySetUpTwoStep,
) -> SetUpDone:
    """The first code of a new authenticator. A new session takes the place of the one that asks."""
    done = await visit.identity.confirm_authenticator(authenticator_id, form, address_of(request))
    request.app.state.sessions.end([visit.session.id])
    return SetUpDone(session=keep(done, response), recovery_codes=done.recovery_codes)


@router.patch("/two-step/authenticators/{authenticator_id}")
async def rename_authenticator(
    authenticator_id: UUID, form: AuthenticatorRenamed, visit: SignedIn
) -> Authenticator:
    """Give an authenticator another name."""
    return await visit.identity.rename_authenticator(authenticator_id, form)


@router.post("/two-step/authenticators/{authenticator_id}/removal", status_code=204)
async def remove_authenticator(
    authenticator_id: UUID, form: TwoStepProof, request: Request, visit: SignedIn
) -> None:
    """It opens nothing any more, and the sessions that it opened end."""
    await visit.identity.remove_authenticator(authenticator_id, form, address_of(request))


@router.post("/two-step/recovery-codes", status_code=201)
async def make_recovery_codes(
    form: TwoStepProof, request: Request, visit: SignedIn
) -> RecoveryCodes:
    """Ten new recovery codes, told this once. The old ones open nothing any more."""
    return await visit.identity.make_recovery_codes(form, address_of(request))


@router.get("/users/{user_id}/two-step")
async def read_user_two_step(user_id: UUID, visit: Admin) -> UserTwoStep:
    """Whether a user has two-step sign-in, and since when."""
    return await visit.identity.user_two_step(user_id)


@router.delete("/users/{user_id}/two-step", status_code=204)
async def reset_user_two_step(user_id: UUID, visit: Admin) -> None:
    """Take a user's authenticators and recovery codes away, which signs them out."""
    await visit.identity.reset_user_two_step(user_id)
