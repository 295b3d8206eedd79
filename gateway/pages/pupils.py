"""The list of pupils and the page of one. Teachers see those of their groups only (R14)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from gateway.rights import Admin, Staff
from gateway.schemas.pupils import NewPupil, Pupil, PupilList
from shared.contracts.vocabulary import Origin, YearGroup
from shared.web.paging import Paging

__all__ = ["router"]

router = APIRouter(prefix="/api/pupils", tags=["pupils"])


@router.get("")
async def list_pupils(
    visit: Staff,
    paging: Paging,
    year_group: YearGroup | None = None,
    group_id: UUID | None = None,
    active: Annotated[bool, Query(description="Those on roll, or those made inactive.")] = True,
    origin: Origin | None = None,
    missing_upn: bool | None = None,
    without_class: bool | None = None,
) -> PupilList:
    """Pupils, sorted by `surname` unless another field is named."""
    filters = {
        "year_group": year_group,
        "group_id": group_id,
        "active": active,
        "origin": origin,
        "missing_upn": missing_upn,
        "without_class": without_class,
    }
    page = await visit.roster.pupils(asdict(paging) | filters)
    return PupilList(items=page.items, next_cursor=page.next_cursor, total=page.total)


@router.post("", status_code=201)
async def add_pupil(pupil: NewPupil, visit: Admin) -> Pupil:
    """Add one pupil by hand."""
    return await visit.roster.add_pupil(pupil)


@router.get("/{pupil_id}")
async def read_pupil(pupil_id: UUID, visit: Staff) -> Pupil:
    return await visit.roster.pupil(pupil_id)
