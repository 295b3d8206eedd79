"""The first page: the school and its mapping alert for the admin, their groups for users (R19)."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter

from gateway.partial import Parts
from gateway.rights import Staff, Visit
from gateway.schemas.home import AdminHome, Home, MappingAlert, MisState, UserHome
from gateway.schemas.mis import MisSummary
from gateway.schemas.parts import ServiceName
from gateway.schemas.sessions import School
from shared.web.paging import MAX_LIMIT

__all__ = ["router"]

_MAPPING_PAGE = "/data-management/mis-mapping"

router = APIRouter(prefix="/api", tags=["home"])


@router.get("/home")
async def read_home(visit: Staff) -> Home:
    """What the page after signing in shows, by the kind of account."""
    if visit.session.account.kind == "admin":
        return await _admin_home(visit, visit.session.school)
    return await _user_home(visit, visit.session.school)


async def _admin_home(visit: Visit, school: School) -> AdminHome:
    parts = Parts()
    summary, mis, claims = await asyncio.gather(
        parts.of(ServiceName.ROSTER, visit.roster.summary()),
        parts.of(ServiceName.MIS_SYNC, visit.mis_sync.summary()),
        parts.of(ServiceName.IDENTITY, visit.identity.claims_summary()),
    )
    return AdminHome(
        school=school,
        summary=summary,
        alert=_alert(mis) if mis else None,
        mis=MisState(link_state=mis.link_state, last_run=mis.last_run) if mis else None,
        claims=claims,
        unavailable=parts.unavailable,
    )


def _alert(mis: MisSummary) -> MappingAlert | None:
    """The alert is there for as long as a difference is."""
    count = mis.differences
    if count == 0:
        return None
    there = "is 1 difference" if count == 1 else f"are {count} differences"
    message = f"There {there} between your MIS and Classroom Monitor for you to decide."
    return MappingAlert(differences=count, message=message, link=_MAPPING_PAGE)


async def _user_home(visit: Visit, school: School) -> UserHome:
    parts = Parts()
    groups = await parts.of(
        ServiceName.ROSTER, visit.roster.groups({"limit": MAX_LIMIT, "active": True})
    )
    items = groups.items if groups else []
    return UserHome(school=school, groups=items, unavailable=parts.unavailable)
