"""Slips over HTTP, for the admin (R2)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from services.identity.context import InContext
from services.identity.starting_codes.printing import print_slips
from services.identity.starting_codes.schemas import SlipsBody
from shared.security.dependencies import Admin

__all__ = ["router"]

router = APIRouter(tags=["starting codes"])

_SHEET: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.post("/slips", response_class=Response, responses=_SHEET)
async def make_slips(identity: InContext, principal: Admin, body: SlipsBody) -> Response:
    """A sheet with a new starting code for each, or without a secret where the default is used."""
    made = await print_slips(identity, principal, body.wanted())
    return Response(made, media_type="application/pdf", headers={"Cache-Control": "no-store"})
