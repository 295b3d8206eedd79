"""What the gateway asks of identity about parents, and what a parent asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from gateway.clients.identity.bodies import FromBrowser, Opened
from gateway.schemas.children import ChildrenToConfirm, DatesGiven, OwnChildren
from gateway.schemas.online_reports import ParentsOfPupils, ReachWanted
from gateway.schemas.parents import (
    ActiveParents,
    InvitationsSent,
    NewParent,
    Parent,
    ParentChanges,
    ParentLinkSent,
    ParentsActive,
    ParentsToInvite,
)
from gateway.schemas.users import ActiveChange
from shared.web.paging import Page

__all__ = ["Parents"]

_MAILING_SECONDS = 10.0
"""A hundred invitations are a hundred links and a hundred mails."""


class Parents(FromBrowser):
    async def parents(self, query: Mapping[str, Any]) -> Page[Parent]:
        return await self.ask(Page[Parent], "GET", "/parents", params=query)

    async def parents_export(self, query: Mapping[str, Any]) -> AsyncIterator[bytes]:
        return await self.download("/parents/export", query)

    async def parent(self, parent_id: UUID) -> Parent:
        return await self.ask(Parent, "GET", f"/parents/{parent_id}")

    async def add_parent(self, parent: NewParent) -> Parent:
        return await self.ask(Parent, "POST", "/parents", body=parent)

    async def change_parent(self, parent_id: UUID, changes: ParentChanges) -> Parent:
        return await self.ask(Parent, "PATCH", f"/parents/{parent_id}", body=changes)

    async def set_parent_active(self, parent_id: UUID, change: ActiveChange) -> Parent:
        return await self.ask(Parent, "PUT", f"/parents/{parent_id}/active", body=change)

    async def set_parents_active(self, change: ParentsActive) -> ActiveParents:
        return await self.ask(ActiveParents, "POST", "/parents/active", body=change)

    async def send_parent_link(self, parent_id: UUID) -> ParentLinkSent:
        return await self.ask(ParentLinkSent, "POST", f"/parents/{parent_id}/link")

    async def invite_parents(self, whom: ParentsToInvite) -> InvitationsSent:
        path = "/parents/invitations"
        return await self.ask(InvitationsSent, "POST", path, body=whom, seconds=_MAILING_SECONDS)

    async def link_child(self, parent_id: UUID, pupil_id: UUID) -> Parent:
        return await self.ask(Parent, "PUT", f"/parents/{parent_id}/children/{pupil_id}")

    async def unlink_child(self, parent_id: UUID, pupil_id: UUID) -> Parent:
        return await self.ask(Parent, "DELETE", f"/parents/{parent_id}/children/{pupil_id}")

    async def children_to_confirm(self) -> ChildrenToConfirm:
        return await self.ask(ChildrenToConfirm, "GET", "/children/first-confirmation")

    async def confirm_children(self, form: DatesGiven, address: str | None) -> Opened:
        body = self.typed(form, address)
        return await self.ask(Opened, "POST", "/children/first-confirmation", body=body)

    async def own_children(self) -> OwnChildren:
        return await self.ask(OwnChildren, "GET", "/children")

    async def parents_of_pupils(self, pupil_ids: list[UUID]) -> ParentsOfPupils:
        body = ReachWanted(pupil_ids=pupil_ids)
        return await self.ask(ParentsOfPupils, "POST", "/parents/reach", body=body)
