"""The search at the top right of every page: pupils, groups and, for the admin, users (R28).

What somebody may find is the services' to say (R14). Parents search help only, in their browser.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query

from gateway.partial import Parts
from gateway.rights import Staff, Visit
from gateway.schemas.parts import ServiceName
from gateway.schemas.search import FoundUsers, SearchResults
from shared.web.paging import Line

__all__ = ["router"]

_MOST = 5
"""Of each kind. Whoever wants more goes on to the list."""

router = APIRouter(prefix="/api/search", tags=["search"])


@router.get("")
async def search(visit: Staff, q: Annotated[Line, Query(min_length=2)]) -> SearchResults:
    """A few pupils, groups and users whose names have each word of `q`; pupils by UPN, too."""
    parts = Parts()
    roster, users = await asyncio.gather(
        parts.of(ServiceName.ROSTER, visit.roster.search(q, _MOST)),
        _users(visit, parts, q),
    )
    return SearchResults(
        pupils=roster.pupils if roster else None,
        groups=roster.groups if roster else None,
        users=users,
        unavailable=parts.unavailable,
    )


async def _users(visit: Visit, parts: Parts, q: str) -> FoundUsers | None:
    """Only the admin has pages of users to go on to."""
    if visit.session.account.kind != "admin":
        return None
    return await parts.of(ServiceName.IDENTITY, visit.identity.search(q, _MOST))
