"""What the search at the top right asks roster (R28)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from services.roster.search.schemas import Found
from services.roster.search.service import SearchService
from shared.database.pool import Database
from shared.security.dependencies import AnyUser
from shared.web.paging import Line

__all__ = ["search_routes"]


def search_routes(database: Database, searching: SearchService) -> APIRouter:
    router = APIRouter(prefix="/search", tags=["search"])

    @router.get("")
    async def search(
        principal: AnyUser,
        q: Annotated[Line, Query(min_length=2)],
        limit: Annotated[int, Query(ge=1, le=10)] = 5,
    ) -> Found:
        """Pupils by name or UPN and groups by name, inactive ones last; a teacher's own (R14)."""
        async with database.transaction(principal.tenant) as connection:
            return await searching.find(connection, principal, q, limit)

    return router
