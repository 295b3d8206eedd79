"""What the gateway asks of roster: pupils, groups, and who is linked to what."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel

from gateway.clients.pupil_imports import PupilImports
from gateway.schemas.groups import (
    Group,
    GroupChange,
    GroupDetail,
    GroupField,
    GroupReach,
    ManyMembers,
    ManyUsersOfGroup,
    Member,
    MembersChanged,
    NewGroup,
)
from gateway.schemas.home import SchoolSummary
from gateway.schemas.many_pupils import (
    ManyPupilsChange,
    ManyPupilsChanged,
    ManyPupilsPreview,
    PupilSelection,
)
from gateway.schemas.many_users import ManyLinked
from gateway.schemas.parts import GroupReference, LinkBadge, Shape
from gateway.schemas.pupils import NewPupil, Pupil, PupilChange, PupilDetail, PupilFields
from gateway.schemas.roll_up import (
    GroupRollUp,
    RollUpChange,
    RollUpPlan,
    RollUpSettings,
    Successions,
)
from gateway.schemas.search import FoundInRoster
from gateway.schemas.set_up import RosterSetUp
from gateway.schemas.settings import PupilFieldsChange, PupilFieldsSettings
from shared.contracts.vocabulary import GroupKind, LinkKind, Origin, YearGroup
from shared.web.paging import MAX_LIMIT, Page

__all__ = ["Roster", "TeacherLink"]

S = TypeVar("S", bound=Shape)

_MANY_SECONDS = 10.0
"""For up to 2,000 pupils or 500 links in one transaction, with their events and entries."""


class TeacherLink(Shape):
    """A user's link to a group, as roster answers it."""

    person_id: UUID
    version: int
    present: bool = True
    origin: Origin
    override: bool
    group_id: UUID
    group_name: str
    group_kind: GroupKind
    group_year_group: YearGroup | None

    def group(self) -> GroupReference:
        """The group, as it is shown with the user."""
        return GroupReference(
            id=self.group_id,
            name=self.group_name,
            kind=self.group_kind,
            year_group=self.group_year_group,
            link=LinkBadge(version=self.version, origin=self.origin, override=self.override),
        )


class _LinksOfUsers(BaseModel):
    present: bool
    user_ids: list[UUID]


class Roster(PupilImports):
    async def summary(self) -> SchoolSummary:
        return await self.ask(SchoolSummary, "GET", "/summary")

    async def set_up(self) -> RosterSetUp:
        return await self.ask(RosterSetUp, "GET", "/set-up")

    async def search(self, text: str, most: int) -> FoundInRoster:
        return await self.ask(FoundInRoster, "GET", "/search", params={"q": text, "limit": most})

    async def pupils(self, query: Mapping[str, Any]) -> Page[Pupil]:
        return await self.ask(Page[Pupil], "GET", "/pupils", params=query)

    async def pupil(self, pupil_id: UUID) -> PupilDetail:
        return await self.ask(PupilDetail, "GET", f"/pupils/{pupil_id}")

    async def add_pupil(self, pupil: NewPupil) -> PupilDetail:
        return await self.ask(PupilDetail, "POST", "/pupils", body=pupil)

    async def change_pupil(self, pupil_id: UUID, change: PupilChange) -> PupilDetail:
        return await self.ask(PupilDetail, "PATCH", f"/pupils/{pupil_id}", body=change)

    async def hand_back_field(self, pupil_id: UUID, field: str, version: int) -> PupilDetail:
        path = f"/pupils/{pupil_id}/overrides/{field}"
        return await self.ask(PupilDetail, "DELETE", path, params={"expected_version": version})

    async def pupil_fields(self) -> PupilFields:
        return await self.ask(PupilFields, "GET", "/pupil-fields")

    async def kept_fields(self) -> PupilFieldsSettings:
        return await self.ask(PupilFieldsSettings, "GET", "/settings/pupil-fields")

    async def keep_fields(self, change: PupilFieldsChange) -> PupilFieldsSettings:
        """Every pupil is told anew, which takes a moment in a large school."""
        return await self.ask(
            PupilFieldsSettings,
            "PUT",
            "/settings/pupil-fields",
            body=change,
            seconds=_MANY_SECONDS,
        )

    async def select_pupils(self, query: Mapping[str, Any]) -> PupilSelection:
        return await self.ask(PupilSelection, "GET", "/pupils/ids", params=query)

    async def pupils_export(self, query: Mapping[str, Any]) -> AsyncIterator[bytes]:
        return await self.download("/pupils/export", query)

    async def preview_many_pupils(self, change: ManyPupilsChange) -> ManyPupilsPreview:
        path = "/pupils/bulk/preview"
        return await self.ask(ManyPupilsPreview, "POST", path, body=change, seconds=_MANY_SECONDS)

    async def change_many_pupils(self, change: ManyPupilsChange) -> ManyPupilsChanged:
        path = "/pupils/bulk"
        return await self.ask(ManyPupilsChanged, "POST", path, body=change, seconds=_MANY_SECONDS)

    async def groups(self, query: Mapping[str, Any]) -> Page[Group]:
        return await self.ask(Page[Group], "GET", "/groups", params=query)

    async def group(self, group_id: UUID) -> GroupDetail:
        return await self.ask(GroupDetail, "GET", f"/groups/{group_id}")

    async def add_group(self, group: NewGroup) -> GroupDetail:
        return await self.ask(GroupDetail, "POST", "/groups", body=group)

    async def change_group(self, group_id: UUID, change: GroupChange) -> GroupDetail:
        """What was sent is sent on, and nothing else."""
        return await self.ask(GroupDetail, "PATCH", f"/groups/{group_id}", body=change)

    async def hand_back_group_field(
        self, group_id: UUID, field: GroupField, expected_version: int
    ) -> GroupDetail:
        path = f"/groups/{group_id}/overrides/{field}"
        query = {"expected_version": expected_version}
        return await self.ask(GroupDetail, "DELETE", path, params=query)

    async def group_reach(self, group_id: UUID) -> GroupReach:
        return await self.ask(GroupReach, "GET", f"/groups/{group_id}/reach")

    async def group_roll_up(self, group_id: UUID) -> GroupRollUp:
        return await self.ask(GroupRollUp, "GET", f"/groups/{group_id}/roll-up")

    async def members(self, group_id: UUID, *, taken_out: bool = False) -> list[Member]:
        """All active ones."""
        wanted = {"taken_out": taken_out}
        return await self._all(Member, f"/groups/{group_id}/pupils", wanted)

    async def inactive_members(self, group_id: UUID, query: Mapping[str, Any]) -> Page[Member]:
        params = {**query, "active": False}
        return await self.ask(Page[Member], "GET", f"/groups/{group_id}/pupils", params=params)

    async def links_of_users(self, user_ids: Sequence[UUID]) -> list[TeacherLink]:
        """All links of all of them."""
        wanted = {"kind": LinkKind.TEACHER, "user_id": list(user_ids)}
        return await self._all(TeacherLink, "/links", wanted)

    async def unlinked_by_hand(self, user_id: UUID) -> list[TeacherLink]:
        """The links that were taken off the user, and that the sync leaves so (R13)."""
        return await self._taken_off({"kind": LinkKind.TEACHER, "user_id": [user_id]})

    async def removed_by_hand(self, pupil_id: UUID) -> list[TeacherLink]:
        """The groups that the pupil was taken out of, which the sync leaves so (R13)."""
        return await self._taken_off({"kind": LinkKind.MEMBER, "pupil_id": pupil_id})

    async def _taken_off(self, wanted: Mapping[str, Any]) -> list[TeacherLink]:
        links = await self._all(TeacherLink, "/links", {**wanted, "present": False})
        return [link for link in links if link.override and not link.present]

    async def _all(self, shape: type[S], path: str, query: Mapping[str, Any]) -> list[S]:
        """A list to its end, within the page's time."""
        items: list[S] = []
        cursor: str | None = None
        while True:
            params = {**query, "limit": MAX_LIMIT, "cursor": cursor}
            page = await self.ask(Page[shape], "GET", path, params=params)  # type: ignore[valid-type]
            items += page.items
            cursor = page.next_cursor
            if cursor is None:
                return items

    async def link(
        self, group_id: UUID, people: str, person_id: UUID, seen: int | None = None
    ) -> None:
        """Link by hand. `people` is `users` or `pupils`, `seen` the version that was looked at."""
        await self.tell("PUT", f"/groups/{group_id}/{people}/{person_id}", params=_seen(seen))

    async def unlink(
        self, group_id: UUID, people: str, person_id: UUID, seen: int | None = None
    ) -> None:
        await self.tell("DELETE", f"/groups/{group_id}/{people}/{person_id}", params=_seen(seen))

    async def preview_members(self, group_id: UUID, wanted: ManyMembers) -> MembersChanged:
        path = f"/groups/{group_id}/pupils/preview"
        return await self.ask(MembersChanged, "POST", path, body=wanted)

    async def set_members(self, group_id: UUID, wanted: ManyMembers) -> MembersChanged:
        """By hand, all or none."""
        path = f"/groups/{group_id}/pupils"
        return await self.ask(MembersChanged, "POST", path, body=wanted, seconds=_MANY_SECONDS)

    async def preview_users_of_group(
        self, group_id: UUID, wanted: ManyUsersOfGroup
    ) -> MembersChanged:
        path = f"/groups/{group_id}/users/preview"
        return await self.ask(MembersChanged, "POST", path, body=wanted)

    async def set_users_of_group(self, group_id: UUID, wanted: ManyUsersOfGroup) -> MembersChanged:
        """By hand, all or none."""
        path = f"/groups/{group_id}/users"
        return await self.ask(MembersChanged, "POST", path, body=wanted, seconds=_MANY_SECONDS)

    async def preview_links_of_users(
        self, group_id: UUID, user_ids: Sequence[UUID], *, present: bool
    ) -> ManyLinked:
        body = _LinksOfUsers(present=present, user_ids=list(user_ids))
        return await self.ask(ManyLinked, "POST", f"/groups/{group_id}/users/preview", body=body)

    async def set_links_of_users(
        self, group_id: UUID, user_ids: Sequence[UUID], *, present: bool
    ) -> ManyLinked:
        """By hand, all or none."""
        body = _LinksOfUsers(present=present, user_ids=list(user_ids))
        path = f"/groups/{group_id}/users"
        return await self.ask(ManyLinked, "POST", path, body=body, seconds=_MANY_SECONDS)

    async def hand_back(
        self, group_id: UUID, people: str, person_id: UUID, seen: int | None = None
    ) -> None:
        path = f"/groups/{group_id}/{people}/{person_id}/override"
        await self.tell("DELETE", path, params=_seen(seen))

    async def roll_up(self) -> RollUpPlan:
        return await self.ask(RollUpPlan, "GET", "/roll-up")

    async def name_successions(self, successions: Successions) -> RollUpPlan:
        return await self.ask(RollUpPlan, "PUT", "/roll-up/successions", body=successions)

    async def roll_up_settings(self) -> RollUpSettings:
        return await self.ask(RollUpSettings, "GET", "/roll-up/settings")

    async def set_roll_up_settings(self, change: RollUpChange) -> RollUpSettings:
        return await self.ask(RollUpSettings, "PUT", "/roll-up/settings", body=change)

    async def undo_roll_up(self, roll_up_id: UUID, *, seconds: float) -> RollUpPlan:
        return await self.ask(RollUpPlan, "POST", f"/roll-up/{roll_up_id}/undo", seconds=seconds)

    async def run_roll_up(self, *, seconds: float) -> RollUpPlan:
        return await self.ask(RollUpPlan, "POST", "/roll-up/run", seconds=seconds)


def _seen(version: int | None) -> dict[str, Any]:
    return {"expected_version": version}
