"""The list of groups, the page of one with its people, and links made by hand (R13, R14)."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from uuid import UUID

from fastapi import APIRouter

from gateway.partial import Parts
from gateway.rights import Admin, Staff
from gateway.schemas.groups import GroupDetail, GroupList, GroupPage, NewGroup
from gateway.schemas.parts import ServiceName
from shared.contracts.vocabulary import GroupKind, YearGroup
from shared.web.paging import Paging

__all__ = ["router"]

router = APIRouter(prefix="/api/groups", tags=["groups"])


@router.get("")
async def list_groups(
    visit: Staff,
    paging: Paging,
    kind: GroupKind | None = None,
    year_group: YearGroup | None = None,
    active: bool = True,
) -> GroupList:
    """Groups, sorted by `year_group` unless another field is named. Teachers get their own."""
    page = await visit.roster.groups(
        asdict(paging) | {"kind": kind, "year_group": year_group, "active": active}
    )
    return GroupList(items=page.items, next_cursor=page.next_cursor, total=page.total)


@router.post("", status_code=201)
async def add_group(group: NewGroup, visit: Admin) -> GroupDetail:
    """Add one group by hand."""
    return await visit.roster.add_group(group)


@router.get("/{group_id}")
async def read_group(group_id: UUID, visit: Staff) -> GroupPage:
    """A group with its users and pupils."""
    parts = Parts()
    group, pupils = await asyncio.gather(
        visit.roster.group(group_id),
        parts.of(ServiceName.ROSTER, visit.roster.pupils_of(group_id)),
    )
    return GroupPage(group=group, pupils=pupils or [], unavailable=parts.unavailable)


@router.put("/{group_id}/users/{user_id}", status_code=204)
async def link_user(group_id: UUID, user_id: UUID, visit: Admin) -> None:
    """Link a user to a group by hand: no sync undoes it."""
    await visit.roster.link(group_id, "users", user_id)


@router.delete("/{group_id}/users/{user_id}", status_code=204)
async def unlink_user(group_id: UUID, user_id: UUID, visit: Admin) -> None:
    """Unlink a user from a group by hand: no sync undoes it."""
    await visit.roster.unlink(group_id, "users", user_id)


@router.delete("/{group_id}/users/{user_id}/override", status_code=204)
async def hand_back_user_link(group_id: UUID, user_id: UUID, visit: Admin) -> None:
    """Hand the link back to the MIS."""
    await visit.roster.hand_back(group_id, "users", user_id)


@router.put("/{group_id}/pupils/{pupil_id}", status_code=204)
async def add_member(group_id: UUID, pupil_id: UUID, visit: Admin) -> None:
    """Put a pupil into a group by hand: no sync undoes it."""
    await visit.roster.link(group_id, "pupils", pupil_id)


@router.delete("/{group_id}/pupils/{pupil_id}", status_code=204)
async def remove_member(group_id: UUID, pupil_id: UUID, visit: Admin) -> None:
    """Take a pupil out of a group by hand: no sync undoes it."""
    await visit.roster.unlink(group_id, "pupils", pupil_id)


@router.delete("/{group_id}/pupils/{pupil_id}/override", status_code=204)
async def hand_back_member(group_id: UUID, pupil_id: UUID, visit: Admin) -> None:
    """Hand the membership back to the MIS."""
    await visit.roster.hand_back(group_id, "pupils", pupil_id)
