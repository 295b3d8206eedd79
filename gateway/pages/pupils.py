"""The list of pupils and the page of one. Teachers see those of their groups only (R14)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from gateway.pages.many_pupils import PupilFilters
from gateway.partial import Parts
from gateway.rights import Admin, Staff
from gateway.schemas.parents import Parent
from gateway.schemas.parts import ServiceName
from gateway.schemas.pupils import (
    NewPupil,
    PupilChange,
    PupilDetail,
    PupilList,
    PupilPage,
    PupilParent,
)
from shared.web.paging import Paging

__all__ = ["router"]

router = APIRouter(prefix="/api/pupils", tags=["pupils"])


@router.get("")
async def list_pupils(
    visit: Staff,
    paging: Paging,
    filters: PupilFilters,
) -> PupilList:
    """Pupils, sorted by `surname` unless another field is named."""
    page = await visit.roster.pupils(asdict(paging) | filters)
    return PupilList(items=page.items, next_cursor=page.next_cursor, total=page.total)


@router.post("", status_code=201)
async def add_pupil(pupil: NewPupil, visit: Admin) -> PupilDetail:
    """Add one pupil by hand."""
    return await visit.roster.add_pupil(pupil)


@router.get("/{pupil_id}")
async def read_pupil(pupil_id: UUID, visit: Staff) -> PupilPage:
    """A pupil, as far as one may see them; the admin sees parents, too."""
    pupil = await visit.roster.pupil(pupil_id)
    if visit.session.account.kind != "admin":
        return PupilPage(pupil=pupil)
    parts = Parts()
    removed, parents = await asyncio.gather(
        parts.of(ServiceName.ROSTER, visit.roster.removed_by_hand(pupil_id)),
        parts.of(ServiceName.IDENTITY, visit.identity.parents({"pupil_id": pupil_id})),
    )
    return PupilPage(
        pupil=pupil,
        removed=[link.group() for link in removed or []],
        parents=_parents_of(pupil_id, parents.items if parents else []),
        unavailable=parts.unavailable,
    )


@router.patch("/{pupil_id}")
async def change_pupil(pupil_id: UUID, change: PupilChange, visit: Admin) -> PupilDetail:
    """Change details, or make active or inactive: what is set by hand stays so."""
    return await visit.roster.change_pupil(pupil_id, change)


@router.delete("/{pupil_id}/overrides/{field}")
async def hand_back_pupil_field(
    pupil_id: UUID,
    field: Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")],
    expected_version: int,
    visit: Admin,
) -> PupilDetail:
    """Leave a field that was set by hand to the MIS again."""
    return await visit.roster.hand_back_field(pupil_id, field, expected_version)


def _parents_of(pupil_id: UUID, parents: Sequence[Parent]) -> list[PupilParent]:
    return [
        PupilParent(
            id=parent.id,
            name=parent.name,
            active=parent.active,
            state=parent.state,
            seen=child.seen,
            hindrance=child.hindrance,
        )
        for parent in parents
        for child in parent.children
        if child.id == pupil_id
    ]
