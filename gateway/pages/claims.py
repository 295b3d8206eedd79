"""Claimed and unclaimed accounts, and what the admin does about them (R2, R4)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from gateway.rights import Admin
from gateway.schemas.claims import ClaimList, ClaimState, HowMany, SlipsWanted, TheseUsers
from shared.web.paging import Paging

__all__ = ["router"]

router = APIRouter(prefix="/api/claims", tags=["claims"])

_SHEET: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("")
async def list_claims(
    visit: Admin, paging: Paging, state: Annotated[list[ClaimState] | None, Query()] = None
) -> ClaimList:
    """Active users in one of these states, or all, by surname; the counts are of the school."""
    return await visit.identity.claims(asdict(paging) | {"state": state})


@router.post("/slips", response_class=Response, responses=_SHEET)
async def print_slips(wanted: SlipsWanted, visit: Admin) -> Response:
    """A sheet to be cut up: a new starting code for each, where the school uses those."""
    return Response(
        await visit.identity.print_slips(wanted),
        media_type="application/pdf",
        headers={
            "Content-Disposition": 'attachment; filename="slips.pdf"',
            "Cache-Control": "no-store",
        },
    )


@router.post("/lapsed/reset")
async def reset_lapsed(these: TheseUsers, visit: Admin) -> HowMany:
    """Start the 14 days anew for those whose days are over."""
    return await visit.identity.reset_lapsed(these)


@router.post("/links")
async def send_links_again(these: TheseUsers, visit: Admin) -> HowMany:
    """A new link for heads and deputies who wait for their first password."""
    return await visit.identity.send_links_again(these)
