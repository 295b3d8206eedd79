"""How far a school's pupils and groups are, counted now, for the set-up guide (R28)."""

from __future__ import annotations

from fastapi import APIRouter

from services.roster.groups.repository import GroupRepository
from services.roster.pupils.repository import PupilRepository
from services.roster.roll_up.planning import Planning
from services.roster.set_up.schemas import RosterSetUp
from shared.database.pool import Database
from shared.security.dependencies import Admin

__all__ = ["set_up_routes"]


def set_up_routes(
    database: Database, pupils: PupilRepository, groups: GroupRepository, planning: Planning
) -> APIRouter:
    router = APIRouter(tags=["set-up"])

    @router.get("/set-up")
    async def get_set_up(principal: Admin) -> RosterSetUp:
        async with database.transaction(principal.tenant) as connection:
            school, ends = await planning.classes_that_end(connection, principal)
            return RosterSetUp(
                **await pupils.figures(connection),
                **await groups.figures(connection),
                academic_year=school.academic_year,
                classes_without_next=ends,
            )

    return router
