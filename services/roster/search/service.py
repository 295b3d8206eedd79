"""What the search at the top right finds of pupils and groups (R28), as far as one sees them (R14).

Active ones come first, then whose name begins so.
"""

from __future__ import annotations

import json

from services.roster.access import reach_of
from services.roster.search.repository import SearchRepository
from services.roster.search.schemas import (
    Found,
    FoundGroup,
    FoundGroups,
    FoundPupil,
    FoundPupils,
)
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["SearchService"]


class SearchService:
    def __init__(self, repository: SearchRepository) -> None:
        self._repository = repository

    async def find(
        self, connection: Connection, principal: Principal, text: str, most: int
    ) -> Found:
        """`most` of each kind; a teacher finds their groups and the pupils in them."""
        teacher = reach_of(principal)
        pupils = await self._repository.pupils(connection, text, teacher, most)
        groups = await self._repository.groups(connection, text, teacher, most)
        return Found(
            pupils=FoundPupils(
                items=[
                    FoundPupil.model_validate(row | {"groups": json.loads(row["groups"])})
                    for row in pupils.rows
                ],
                active=pupils.active,
                inactive=pupils.inactive,
            ),
            groups=FoundGroups(
                items=[FoundGroup.model_validate(row) for row in groups.rows],
                active=groups.active,
                inactive=groups.inactive,
            ),
        )
