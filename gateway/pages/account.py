"""My account: where one is signed in, and a password that was forgotten (R3, R5)."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request, Response

from gateway.pages.session import address_of
from gateway.rights import Anyone, SignedIn
from gateway.schemas.sessions import ForgottenPassword, OwnSessions
from gateway.sessions import COOKIE

__all__ = ["router"]

router = APIRouter(prefix="/api", tags=["account"])


@router.post("/password/forgotten", status_code=202, response_class=Response)
async def ask_for_link(form: ForgottenPassword, request: Request, visit: Anyone) -> Response:
    """Ask for a link by e-mail. The answer is the same whether or not there is an account."""
    await visit.identity.ask_for_link(form, address_of(request))
    return Response(status_code=202)


@router.get("/sessions")
async def list_own_sessions(visit: SignedIn) -> OwnSessions:
    """Where one is signed in, the newest first."""
    return await visit.identity.own_sessions()


@router.delete("/sessions/{session_id}", status_code=204)
async def end_own_session(
    session_id: UUID, request: Request, response: Response, visit: SignedIn
) -> None:
    """End one of the account's sessions, here and everywhere."""
    await visit.identity.end_session(session_id)
    request.app.state.sessions.end([session_id])
    if session_id == visit.session.id:
        response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
