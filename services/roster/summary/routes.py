"""The school's figures, as the admin's home page shows them."""

from __future__ import annotations

from fastapi import APIRouter

from services.roster.access import reach_of
from services.roster.groups.repository import GroupRepository
from services.roster.problems import WholeSchoolOnly
from services.roster.pupils.repository import PupilRepository
from services.roster.schools.repository import SchoolRepository
from services.roster.summary.schemas import RosterSummary
from shared.database.pool import Database
from shared.security.dependencies import AnyUser

__all__ = ["summary_routes"]


def summary_routes(
    database: Database,
    schools: SchoolRepository,
    pupils: PupilRepository,
    groups: GroupRepository,
) -> APIRouter:
    router = APIRouter(tags=["summary"])

    @router.get("/summary")
    async def get_summary(principal: AnyUser) -> RosterSummary:
        """Figures of the school: for those who see all of it (R14)."""
        if reach_of(principal) is not None:
            raise WholeSchoolOnly
        async with database.transaction(principal.tenant) as connection:
            school = await schools.get(connection, principal.tenant)
            return RosterSummary(
                **await pupils.figures(connection),
                groups=await groups.count_active(connection),
                academic_year=school.academic_year if school else None,
            )

    return router
