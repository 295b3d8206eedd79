"""Which pupils are asked for: the same questions for the list, its export and what is selected."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from services.roster.pupils.repository import PupilFilter
from shared.contracts.vocabulary import Origin, YearGroup
from shared.web.paging import Line

__all__ = ["WantedPupils"]


async def _wanted(
    active: bool = True,
    year_group: YearGroup | None = None,
    group_id: UUID | None = None,
    origin: Origin | None = None,
    missing_upn: bool | None = None,
    missing_year: Annotated[bool | None, Query(description="Has no year group.")] = None,
    without_class: bool | None = None,
    year_disagrees: Annotated[
        bool | None, Query(description="Year group and date of birth do not fit.")
    ] = None,
    set_by_hand: Annotated[
        bool | None, Query(description="Has a detail set by hand (R13).")
    ] = None,
    search: Annotated[Line | None, Query()] = None,
) -> PupilFilter:
    return PupilFilter(
        active=active,
        year_group=year_group,
        group_id=group_id,
        origin=origin,
        missing_upn=missing_upn,
        missing_year=missing_year,
        without_class=without_class,
        year_disagrees=year_disagrees,
        set_by_hand=set_by_hand,
        search=search,
    )


WantedPupils = Annotated[PupilFilter, Depends(_wanted)]
