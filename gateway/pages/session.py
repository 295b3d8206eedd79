"""Signing in and out, and passwords (R1–R5). Secrets live in cookies and nowhere else."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from fastapi import APIRouter, Request, Response

from gateway.clients.identity import Opened
from gateway.clients.problems import ServiceAway, ServiceRefused
from gateway.clients.service import Budget
from gateway.rights import Anyone, MaySetPassword, Visit, WithSession
from gateway.schemas.sessions import NewPassword, Session, SignIn, SignInLink
from gateway.sessions import COOKIE, DEVICE, DEVICE_SECONDS

__all__ = ["address_of", "keep", "router"]

router = APIRouter(prefix="/api", tags=["session"])


@router.post("/session", status_code=201)
async def sign_in(form: SignIn, request: Request, response: Response, visit: Anyone) -> Session:
    """Sign in with a username or an e-mail address, and a password."""
    opened = await visit.identity.sign_in(form, address_of(request))
    await _end_former(visit, request)
    return keep(opened, response)


@router.post("/session/link", status_code=201)
async def open_link(
    form: SignInLink, request: Request, response: Response, visit: Anyone
) -> Session:
    """Use a single-use link. The session sets a password, and opens nothing else."""
    opened = await visit.identity.open_link(form.token, address_of(request))
    await _end_former(visit, request)
    return keep(opened, response)


@router.get("/session")
async def read_session(visit: WithSession) -> Session:
    """Who is signed in, and the token that changes need."""
    return visit.session


@router.delete("/session", status_code=204)
async def sign_out(request: Request, response: Response, visit: WithSession) -> None:
    """End the session here and everywhere."""
    await _end(visit, request)
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")


@router.post("/password")
async def set_password(
    form: NewPassword, request: Request, response: Response, visit: MaySetPassword
) -> Session:
    """Set a password of one's own. All sessions of the account end; a new one takes their place."""
    opened = await visit.identity.set_password(form, address_of(request))
    request.app.state.sessions.end([visit.session.id])
    return keep(opened, response)


async def _end(visit: Visit, request: Request) -> None:
    await visit.identity.sign_out()
    request.app.state.sessions.end([visit.session.id])


async def _end_former(visit: Visit, request: Request) -> None:
    """The session that the browser had, which nobody could end once its cookie is overwritten."""
    visit = replace(visit, budget=Budget(request.app.state.page_seconds))
    with suppress(ServiceAway, ServiceRefused):  # who is in is not turned away for that
        former = await request.app.state.sessions.find(visit.token, visit.identity)
        if former is not None:
            await _end(replace(visit, found=former), request)


def address_of(request: Request) -> str | None:
    """Where the request comes from, for identity's brakes on guessing."""
    return request.client.host if request.client else None


def keep(opened: Opened, response: Response) -> Session:
    """Hand the token to the browser until it is closed; by what it is known again, for long."""
    response.set_cookie(COOKIE, opened.token, path="/", secure=True, httponly=True, samesite="lax")
    if opened.device:
        response.set_cookie(
            DEVICE,
            opened.device,
            max_age=DEVICE_SECONDS,
            path="/",
            secure=True,
            httponly=True,
            samesite="lax",
        )
    return opened.session
