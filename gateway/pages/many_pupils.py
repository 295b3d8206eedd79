"""Many pupils at once: chosen by filters, looked through, changed; and the list as a file."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from gateway.rights import Admin
from gateway.schemas.many_pupils import (
    ManyPupilsChange,
    ManyPupilsChanged,
    ManyPupilsPreview,
    PupilSelection,
)
from shared.contracts.vocabulary import Origin, YearGroup
from shared.web.paging import Line

__all__ = ["PupilFilters", "router"]

router = APIRouter(prefix="/api/pupils", tags=["pupils"])

_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}
}


async def _filters(
    year_group: YearGroup | None = None,
    group_id: UUID | None = None,
    active: Annotated[bool, Query(description="Those on roll, or those made inactive.")] = True,
    origin: Origin | None = None,
    missing_upn: bool | None = None,
    missing_year: Annotated[bool | None, Query(description="Has no year group.")] = None,
    without_class: bool | None = None,
    year_disagrees: Annotated[
        bool | None, Query(description="Year group and date of birth do not fit.")
    ] = None,
    set_by_hand: Annotated[
        bool | None, Query(description="Has a detail that the sync leaves alone.")
    ] = None,
    search: Annotated[Line | None, Query()] = None,
) -> dict[str, Any]:
    return {
        "year_group": year_group,
        "group_id": group_id,
        "active": active,
        "origin": origin,
        "missing_upn": missing_upn,
        "missing_year": missing_year,
        "without_class": without_class,
        "year_disagrees": year_disagrees,
        "set_by_hand": set_by_hand,
        "search": search,
    }


PupilFilters = Annotated[dict[str, Any], Depends(_filters)]


@router.get("/ids")
async def select_pupils(visit: Admin, filters: PupilFilters) -> PupilSelection:
    """All that fit the filters, as many as can be changed at once."""
    return await visit.roster.select_pupils(filters)


@router.get("/export", response_class=StreamingResponse, responses=_FILE)
async def export_pupils(visit: Admin, filters: PupilFilters) -> StreamingResponse:
    """The filtered list as CSV, with each pupil's groups."""
    return StreamingResponse(
        await visit.roster.pupils_export(filters),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="pupils.csv"',
            "Cache-Control": "no-store",
        },
    )


@router.post("/many/preview")
async def preview_many_pupils(change: ManyPupilsChange, visit: Admin) -> ManyPupilsPreview:
    """What the action would do to each, and what follows. Nothing is changed."""
    return await visit.roster.preview_many_pupils(change)


@router.post("/many")
async def change_many_pupils(change: ManyPupilsChange, visit: Admin) -> ManyPupilsChanged:
    """All in one, or nothing; who cannot be changed is told with the reason and left."""
    return await visit.roster.change_many_pupils(change)
