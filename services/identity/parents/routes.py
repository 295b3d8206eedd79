"""Parents over HTTP: the admin manages them; parents confirm their children, and see them."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from services.identity.accounts.schemas import ActiveBody
from services.identity.context import Identity, InContext
from services.identity.devices.service import device_after
from services.identity.parents import changes, confirming, invitations, service
from services.identity.parents.export import exported
from services.identity.parents.family import InvitationState
from services.identity.parents.repository import ParentFilter
from services.identity.parents.schemas import (
    ActiveParents,
    ChildrenToConfirm,
    DatesGiven,
    InvitationsBody,
    InvitationsSent,
    LinkSent,
    NewParentBody,
    OwnChildren,
    ParentChanges,
    ParentsActiveBody,
    ParentView,
)
from services.identity.sessions.schemas import SessionOpened, revealed
from shared.database.pool import Connection
from shared.security.dependencies import Admin, AtChildren, Parent
from shared.web.paging import Line, Page, Paging

__all__ = ["router"]

router = APIRouter(tags=["parents"])


def _wanted(
    active: bool | None = None,
    state: InvitationState | None = None,
    without_children: bool | None = None,
    search: Annotated[Line | None, Query()] = None,
    pupil_id: UUID | None = None,
) -> ParentFilter:
    return ParentFilter(
        active=active,
        state=state,
        without_children=without_children,
        search=search,
        pupil_id=pupil_id,
    )


WantedParents = Annotated[ParentFilter, Depends(_wanted)]


@router.get("/parents")
async def list_parents(
    identity: InContext, principal: Admin, page: Paging, wanted: WantedParents
) -> Page[ParentView]:
    """`search` finds parents by their own names and e-mail address, and by their children's."""
    async with identity.database.transaction(principal.tenant) as connection:
        found = await service.list_parents(identity, connection, wanted, page)
    return Page(
        items=[ParentView.of(family) for family in found.families],
        next_cursor=found.next_cursor,
        total=found.total,
    )


@router.post("/parents", status_code=201)
async def create_parent(identity: InContext, principal: Admin, body: NewParentBody) -> ParentView:
    async with identity.database.transaction(principal.tenant) as connection:
        new = body.as_new_parent()
        return ParentView.of(await service.create_parent(identity, connection, principal, new))


@router.get("/parents/export", response_class=StreamingResponse)
async def export_parents(
    identity: InContext, principal: Admin, wanted: WantedParents
) -> StreamingResponse:
    """The same parents as CSV."""
    text = await exported(identity, principal, wanted)
    return StreamingResponse(text, media_type="text/csv; charset=utf-8")


@router.post("/parents/invitations")
async def invite_parents(
    identity: InContext, principal: Admin, body: InvitationsBody
) -> InvitationsSent:
    """At most a hundred at once; `left` says whether there are more."""
    async with identity.database.transaction(principal.tenant) as connection:
        if body.ids is None:
            state: Literal["lapsed", "not_invited"] = "lapsed" if body.lapsed else "not_invited"
            sent = await invitations.invite_waiting(identity, connection, principal, state)
        else:
            sent = await invitations.invite_selected(identity, connection, principal, body.ids)
    return InvitationsSent.of(sent)


@router.post("/parents/active")
async def set_parents_active(
    identity: InContext, principal: Admin, body: ParentsActiveBody
) -> ActiveParents:
    async with identity.database.transaction(principal.tenant) as connection:
        changed = await changes.set_active(identity, connection, principal, body.ids, body.active)
    return ActiveParents(changed=changed)


@router.get("/parents/{parent_id}")
async def get_parent(identity: InContext, principal: Admin, parent_id: UUID) -> ParentView:
    async with identity.database.transaction(principal.tenant) as connection:
        return await _view(identity, connection, parent_id)


@router.patch("/parents/{parent_id}")
async def change_parent(
    identity: InContext, principal: Admin, parent_id: UUID, body: ParentChanges
) -> ParentView:
    async with identity.database.transaction(principal.tenant) as connection:
        await changes.change_parent(
            identity, connection, principal, parent_id, body.said(), body.expected_version
        )
        return await _view(identity, connection, parent_id)


@router.put("/parents/{parent_id}/active")
async def set_parent_active(
    identity: InContext, principal: Admin, parent_id: UUID, body: ActiveBody
) -> ParentView:
    async with identity.database.transaction(principal.tenant) as connection:
        await changes.set_active(identity, connection, principal, [parent_id], body.active)
        return await _view(identity, connection, parent_id)


@router.post("/parents/{parent_id}/link")
async def send_parent_link(identity: InContext, principal: Admin, parent_id: UUID) -> LinkSent:
    """An invitation, or for who has a password a link for a new one (R4)."""
    async with identity.database.transaction(principal.tenant) as connection:
        to = await invitations.send_link(identity, connection, principal, parent_id)
        view = await _view(identity, connection, parent_id)
    return LinkSent(sent="password_link" if to == "claimed" else "invitation", parent=view)


@router.put("/parents/{parent_id}/children/{pupil_id}")
async def link_child(
    identity: InContext, principal: Admin, parent_id: UUID, pupil_id: UUID
) -> ParentView:
    async with identity.database.transaction(principal.tenant) as connection:
        await changes.link_child(identity, connection, principal, parent_id, pupil_id)
        return await _view(identity, connection, parent_id)


@router.delete("/parents/{parent_id}/children/{pupil_id}")
async def unlink_child(
    identity: InContext, principal: Admin, parent_id: UUID, pupil_id: UUID
) -> ParentView:
    async with identity.database.transaction(principal.tenant) as connection:
        await changes.unlink_child(identity, connection, principal, parent_id, pupil_id)
        return await _view(identity, connection, parent_id)


@router.get("/children/first-confirmation")
async def list_children_to_confirm(identity: InContext, principal: AtChildren) -> ChildrenToConfirm:
    async with identity.database.transaction(principal.tenant) as connection:
        children = await confirming.children_to_confirm(connection, principal)
    return ChildrenToConfirm.of(children)


@router.post("/children/first-confirmation", status_code=201)
async def confirm_children(
    identity: InContext, principal: AtChildren, body: DatesGiven
) -> SessionOpened:
    """A new session takes the place of the one that asks."""
    opened = await confirming.confirm_children(identity, principal, body.by_child(), body.address)
    return SessionOpened.of(opened, device_after(identity, opened, revealed(body.device)))


@router.get("/children")
async def list_own_children(identity: InContext, principal: Parent) -> OwnChildren:
    async with identity.database.transaction(principal.tenant) as connection:
        return OwnChildren.of(await confirming.children_seen(connection, principal))


async def _view(identity: Identity, connection: Connection, parent_id: UUID) -> ParentView:
    return ParentView.of(await service.get_parent(identity, connection, parent_id))
