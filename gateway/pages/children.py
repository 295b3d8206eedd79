"""The parents' own pages: confirming their children, and seeing them (R2)."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from gateway.pages.session import address_of, keep
from gateway.rights import AtChildren, Parent
from gateway.schemas.children import ChildrenToConfirm, DatesGiven, OwnChildren
from gateway.schemas.sessions import Session

__all__ = ["router"]

router = APIRouter(prefix="/api/children", tags=["children"])


@router.get("")
async def read_own_children(visit: Parent) -> OwnChildren:
    """The children whose dates of birth the parent has confirmed."""
    return await visit.identity.own_children()


@router.get("/first-confirmation")
async def read_children_to_confirm(visit: AtChildren) -> ChildrenToConfirm:
    """Whose dates of birth are asked for before anything opens."""
    return await visit.identity.children_to_confirm()


@router.post("/first-confirmation")
async def confirm_children(
    form: DatesGiven, request: Request, response: Response, visit: AtChildren
) -> Session:
    """All dates, right, or none counts. A new session takes the place of the one that asks."""
    opened = await visit.identity.confirm_children(form, address_of(request))
    request.app.state.sessions.end([visit.session.id])
    return keep(opened, response)
