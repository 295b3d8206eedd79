"""What the search at the top right asks identity: users, for the admin alone (R28)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from services.identity.context import InContext
from services.identity.search.repository import search_users
from services.identity.search.schemas import FoundUser, FoundUsers
from shared.security.dependencies import Admin
from shared.web.paging import Line

__all__ = ["router"]

router = APIRouter(tags=["search"])


@router.get("/search")
async def search(
    identity: InContext,
    principal: Admin,
    q: Annotated[Line, Query(min_length=2)],
    limit: Annotated[int, Query(ge=1, le=10)] = 5,
) -> FoundUsers:
    """Users by name, username, address or staff code, inactive ones last."""
    async with identity.database.transaction(principal.tenant) as connection:
        hits = await search_users(connection, q, limit)
    return FoundUsers(
        items=[FoundUser.model_validate(row) for row in hits.rows],
        active=hits.active,
        inactive=hits.inactive,
    )
