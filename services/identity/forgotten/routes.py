"""Asking for a link over HTTP, for the gateway only: nobody who asks is signed in."""

from __future__ import annotations

from fastapi import APIRouter, Response

from services.identity.context import InContext
from services.identity.forgotten import service
from services.identity.forgotten.schemas import ForgottenPassword
from services.identity.sessions.schemas import revealed

__all__ = ["router"]

router = APIRouter(tags=["passwords"])


@router.post("/password/forgotten", status_code=202, response_class=Response)
async def ask_for_link(identity: InContext, body: ForgottenPassword) -> Response:
    await service.ask(identity, body.identifier, body.door, body.address, revealed(body.device))
    return Response(status_code=202)
