"""What the gateway asks of roster: pupils, groups, and who is linked to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from gateway.clients.service import Caller
from gateway.schemas.groups import Group, GroupUser, NewGroup
from gateway.schemas.home import SchoolSummary
from gateway.schemas.parts import Shape
from gateway.schemas.pupils import NewPupil, Pupil
from gateway.schemas.users import LinkedGroup
from shared.contracts.vocabulary import GroupKind, Origin, StaffRole
from shared.web.paging import MAX_LIMIT, Page

__all__ = ["Roster", "TeacherLink"]


class TeacherLink(Shape):
    """A user linked to a group, as roster answers it."""

    user_id: UUID
    user_name: str
    user_role: StaffRole | None = None
    group_id: UUID
    group_name: str
    group_kind: GroupKind | None = None
    origin: Origin
    override: bool = False

    def user(self) -> GroupUser:
        return GroupUser(
            id=self.user_id,
            name=self.user_name,
            role=self.user_role,
            origin=self.origin,
            override=self.override,
        )

    def group(self) -> LinkedGroup:
        return LinkedGroup(
            id=self.group_id,
            name=self.group_name,
            kind=self.group_kind,
            origin=self.origin,
            override=self.override,
        )


class Roster(Caller):
    async def summary(self) -> SchoolSummary:
        return await self.ask(SchoolSummary, "GET", "/summary")

    async def pupils(self, query: Mapping[str, Any]) -> Page[Pupil]:
        return await self.ask(Page[Pupil], "GET", "/pupils", params=query)

    async def pupil(self, pupil_id: UUID) -> Pupil:
        return await self.ask(Pupil, "GET", f"/pupils/{pupil_id}")

    async def add_pupil(self, pupil: NewPupil) -> Pupil:
        return await self.ask(Pupil, "POST", "/pupils", body=pupil)

    async def groups(self, query: Mapping[str, Any]) -> Page[Group]:
        return await self.ask(Page[Group], "GET", "/groups", params=query)

    async def group(self, group_id: UUID) -> Group:
        return await self.ask(Group, "GET", f"/groups/{group_id}")

    async def add_group(self, group: NewGroup) -> Group:
        return await self.ask(Group, "POST", "/groups", body=group)

    async def pupils_of(self, group_id: UUID) -> Page[Pupil]:
        path = f"/groups/{group_id}/pupils"
        return await self.ask(Page[Pupil], "GET", path, params={"limit": MAX_LIMIT})

    async def links_of_group(self, group_id: UUID) -> Page[TeacherLink]:
        return await self.ask(Page[TeacherLink], "GET", "/links", params={"group_id": group_id})

    async def links_of_users(self, user_ids: Sequence[UUID]) -> Page[TeacherLink]:
        """The links of all of them in one question."""
        return await self.ask(
            Page[TeacherLink], "GET", "/links", params={"user_id": list(user_ids)}
        )

    async def link(self, group_id: UUID, people: str, person_id: UUID) -> None:
        """Link by hand. `people` is `users` or `pupils`."""
        await self.tell("PUT", f"/groups/{group_id}/{people}/{person_id}")

    async def unlink(self, group_id: UUID, people: str, person_id: UUID) -> None:
        await self.tell("DELETE", f"/groups/{group_id}/{people}/{person_id}")

    async def hand_back(self, group_id: UUID, people: str, person_id: UUID) -> None:
        await self.tell("DELETE", f"/groups/{group_id}/{people}/{person_id}/override")
