"""Parent Management: parents, their children and their invitations (R2, R4, R6, R8)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from gateway.rights import Admin
from gateway.schemas.parents import (
    ActiveParents,
    InvitationsSent,
    NewParent,
    Parent,
    ParentChanges,
    ParentLinkSent,
    ParentList,
    ParentsActive,
    ParentState,
    ParentsToInvite,
)
from gateway.schemas.users import ActiveChange
from shared.web.paging import Line, Paging

__all__ = ["router"]

router = APIRouter(prefix="/api/parents", tags=["parents"])

_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}
}


async def _filters(
    active: Annotated[bool, Query(description="Those who can sign in, or the inactive.")] = True,
    state: ParentState | None = None,
    without_children: bool | None = None,
    search: Annotated[Line | None, Query()] = None,
) -> dict[str, Any]:
    return {
        "active": active,
        "state": state,
        "without_children": without_children,
        "search": search,
    }


Filters = Annotated[dict[str, Any], Depends(_filters)]


@router.get("")
async def list_parents(visit: Admin, paging: Paging, filters: Filters) -> ParentList:
    """By `surname` unless turned round; `search` finds the names of children too."""
    page = await visit.identity.parents(asdict(paging) | filters)
    return ParentList(items=page.items, next_cursor=page.next_cursor, total=page.total)


@router.post("", status_code=201)
async def add_parent(parent: NewParent, visit: Admin) -> Parent:
    """Add one parent by hand, who is invited by e-mail."""
    return await visit.identity.add_parent(parent)


@router.get("/export", response_class=StreamingResponse, responses=_FILE)
async def export_parents(visit: Admin, filters: Filters) -> StreamingResponse:
    """The filtered parents as CSV, to be kept as a file."""
    return StreamingResponse(
        await visit.identity.parents_export(filters),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="parents.csv"',
            "Cache-Control": "no-store",
        },
    )


@router.post("/invitations")
async def invite_parents(whom: ParentsToInvite, visit: Admin) -> InvitationsSent:
    """Invite many again, a hundred at once at most."""
    return await visit.identity.invite_parents(whom)


@router.post("/active")
async def set_parents_active(change: ParentsActive, visit: Admin) -> ActiveParents:
    """Make many inactive, which signs them out at once, or active again."""
    return await visit.identity.set_parents_active(change)


@router.get("/{parent_id}")
async def read_parent(parent_id: UUID, visit: Admin) -> Parent:
    return await visit.identity.parent(parent_id)


@router.patch("/{parent_id}")
async def change_parent(parent_id: UUID, changes: ParentChanges, visit: Admin) -> Parent:
    return await visit.identity.change_parent(parent_id, changes)


@router.put("/{parent_id}/active")
async def set_parent_active(parent_id: UUID, change: ActiveChange, visit: Admin) -> Parent:
    """Make a parent inactive, which signs them out at once, or active again."""
    return await visit.identity.set_parent_active(parent_id, change)


@router.post("/{parent_id}/link")
async def send_parent_link(parent_id: UUID, visit: Admin) -> ParentLinkSent:
    """Send an invitation, or to who has a password a link for a new one."""
    return await visit.identity.send_parent_link(parent_id)


@router.put("/{parent_id}/children/{pupil_id}")
async def link_child(parent_id: UUID, pupil_id: UUID, visit: Admin) -> Parent:
    """The parent confirms the child's date of birth at their next sign-in."""
    return await visit.identity.link_child(parent_id, pupil_id)


@router.delete("/{parent_id}/children/{pupil_id}")
async def unlink_child(parent_id: UUID, pupil_id: UUID, visit: Admin) -> Parent:
    """The parent sees nothing of the child from now on."""
    return await visit.identity.unlink_child(parent_id, pupil_id)
