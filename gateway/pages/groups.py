"""The list of groups, the page of one with its people, and links made by hand (R13, R14)."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from gateway.partial import Parts
from gateway.rights import Admin, Staff
from gateway.schemas.groups import (
    GroupChange,
    GroupDetail,
    GroupField,
    GroupList,
    GroupPage,
    GroupReach,
    ManyMembers,
    ManyUsersOfGroup,
    MemberList,
    MembersChanged,
    NewGroup,
)
from gateway.schemas.parts import ServiceName
from shared.contracts.vocabulary import GroupKind, Origin, YearGroup
from shared.web.paging import Line, Paging

__all__ = ["router"]

router = APIRouter(prefix="/api/groups", tags=["groups"])

Seen = Annotated[
    int | None, Query(ge=0, description="The link's version that was looked at; 0 for none.")
]


@router.get("")
async def list_groups(
    visit: Staff,
    paging: Paging,
    kind: GroupKind | None = None,
    year_group: YearGroup | None = None,
    active: bool = True,
    origin: Origin | None = None,
    without_members: bool | None = None,
    without_users: bool | None = None,
    name: Annotated[Line | None, Query(description="Those of just this name.")] = None,
) -> GroupList:
    """Groups, sorted by `year_group` unless another field is named. Teachers get their own."""
    filters = {
        "kind": kind,
        "year_group": year_group,
        "active": active,
        "origin": origin,
        "without_members": without_members,
        "without_users": without_users,
        "name": name,
    }
    page = await visit.roster.groups(asdict(paging) | filters)
    return GroupList(items=page.items, next_cursor=page.next_cursor, total=page.total)


@router.post("", status_code=201)
async def add_group(group: NewGroup, visit: Admin) -> GroupDetail:
    """Add one group by hand."""
    return await visit.roster.add_group(group)


@router.get("/{group_id}")
async def read_group(group_id: UUID, visit: Staff) -> GroupPage:
    """A group with its users and active pupils; for the admin with what can be changed."""
    parts = Parts()
    roster = visit.roster
    if visit.session.account.kind != "admin":
        group, pupils = await asyncio.gather(
            roster.group(group_id), parts.of(ServiceName.ROSTER, roster.members(group_id))
        )
        return GroupPage(group=group, pupils=pupils or [], unavailable=parts.unavailable)
    group, pupils, taken_out, roll_up = await asyncio.gather(
        roster.group(group_id),
        parts.of(ServiceName.ROSTER, roster.members(group_id)),
        parts.of(ServiceName.ROSTER, roster.members(group_id, taken_out=True)),
        parts.of(ServiceName.ROSTER, roster.group_roll_up(group_id)),
    )
    return GroupPage(
        group=group,
        pupils=pupils or [],
        taken_out=taken_out or [],
        roll_up=roll_up,
        unavailable=parts.unavailable,
    )


@router.patch("/{group_id}")
async def change_group(group_id: UUID, change: GroupChange, visit: Admin) -> GroupDetail:
    """Change details, or make inactive or active: what is set by hand stays so (R13)."""
    return await visit.roster.change_group(group_id, change)


@router.delete("/{group_id}/overrides/{field}")
async def hand_back_group_field(
    group_id: UUID, field: GroupField, expected_version: int, visit: Admin
) -> GroupDetail:
    """Leave a detail that was set by hand to the MIS again."""
    return await visit.roster.hand_back_group_field(group_id, field, expected_version)


@router.get("/{group_id}/reach")
async def read_group_reach(group_id: UUID, visit: Admin) -> GroupReach:
    """Who sees whom by this group, which they do not while it is inactive (R14)."""
    return await visit.roster.group_reach(group_id)


@router.get("/{group_id}/inactive-pupils")
async def read_inactive_pupils_of_group(group_id: UUID, visit: Staff, paging: Paging) -> MemberList:
    """Inactive pupils who are in the group, such as leavers."""
    page = await visit.roster.inactive_members(group_id, asdict(paging))
    return MemberList(items=page.items, next_cursor=page.next_cursor, total=page.total)


@router.post("/{group_id}/users/preview")
async def preview_users_of_group(
    group_id: UUID, wanted: ManyUsersOfGroup, visit: Admin
) -> MembersChanged:
    """What linking or unlinking them would change. Nothing is changed."""
    return await visit.roster.preview_users_of_group(group_id, wanted)


@router.post("/{group_id}/users")
async def change_users_of_group(
    group_id: UUID, wanted: ManyUsersOfGroup, visit: Admin
) -> MembersChanged:
    """Link or unlink users by hand, all or none: no sync undoes it."""
    return await visit.roster.set_users_of_group(group_id, wanted)


@router.post("/{group_id}/pupils/preview")
async def preview_members(group_id: UUID, wanted: ManyMembers, visit: Admin) -> MembersChanged:
    """What putting them in or taking them out would change. Nothing is changed."""
    return await visit.roster.preview_members(group_id, wanted)


@router.post("/{group_id}/pupils")
async def change_members(group_id: UUID, wanted: ManyMembers, visit: Admin) -> MembersChanged:
    """Put pupils into the group or take them out by hand, all or none: no sync undoes it."""
    return await visit.roster.set_members(group_id, wanted)


@router.put("/{group_id}/users/{user_id}", status_code=204)
async def link_user(
    group_id: UUID, user_id: UUID, visit: Admin, expected_version: Seen = None
) -> None:
    """Link a user to a group by hand: no sync undoes it."""
    await visit.roster.link(group_id, "users", user_id, expected_version)


@router.delete("/{group_id}/users/{user_id}", status_code=204)
async def unlink_user(
    group_id: UUID, user_id: UUID, visit: Admin, expected_version: Seen = None
) -> None:
    """Unlink a user from a group by hand: no sync undoes it."""
    await visit.roster.unlink(group_id, "users", user_id, expected_version)


@router.delete("/{group_id}/users/{user_id}/override", status_code=204)
async def hand_back_user_link(
    group_id: UUID, user_id: UUID, visit: Admin, expected_version: Seen = None
) -> None:
    """Hand the link back to the MIS."""
    await visit.roster.hand_back(group_id, "users", user_id, expected_version)


@router.put("/{group_id}/pupils/{pupil_id}", status_code=204)
async def add_member(
    group_id: UUID, pupil_id: UUID, visit: Admin, expected_version: Seen = None
) -> None:
    """Put a pupil into a group by hand: no sync undoes it."""
    await visit.roster.link(group_id, "pupils", pupil_id, expected_version)


@router.delete("/{group_id}/pupils/{pupil_id}", status_code=204)
async def remove_member(
    group_id: UUID, pupil_id: UUID, visit: Admin, expected_version: Seen = None
) -> None:
    """Take a pupil out of a group by hand: no sync undoes it."""
    await visit.roster.unlink(group_id, "pupils", pupil_id, expected_version)


@router.delete("/{group_id}/pupils/{pupil_id}/override", status_code=204)
async def hand_back_member(
    group_id: UUID, pupil_id: UUID, visit: Admin, expected_version: Seen = None
) -> None:
    """Hand the membership back to the MIS."""
    await visit.roster.hand_back(group_id, "pupils", pupil_id, expected_version)
