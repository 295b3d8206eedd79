"""Checks of what somebody may see, each with the sentence for who may not (R14).

What is not theirs is answered as what is not there.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from services.reports.visible.reach import reach_of
from services.reports.visible.repository import (
    SeenGroup,
    SeenPupil,
    seen_group,
    seen_groups,
    seen_pupils,
    seen_pupils_of_group,
)
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.problems import NotFound

__all__ = [
    "GroupNotSeen",
    "PupilNotSeen",
    "group_for",
    "groups_for",
    "pupils_for",
    "pupils_of_group_for",
]


class GroupNotSeen(NotFound):
    slug, title = "group-not-seen", "This is none of your groups"


class PupilNotSeen(NotFound):
    slug, title = "pupil-not-seen", "This pupil is in none of your groups"


async def groups_for(connection: Connection, principal: Principal) -> list[SeenGroup]:
    """Raises `AssessmentsAreTheUsers`, as all of these do."""
    return await seen_groups(connection, reach_of(principal))


async def group_for(connection: Connection, principal: Principal, group_id: UUID) -> SeenGroup:
    """Raises `GroupNotSeen`."""
    group = await seen_group(connection, reach_of(principal), group_id)
    if group is None:
        raise GroupNotSeen(
            "This class or set is not there, is inactive, or is not one of yours. The admin "
            "account can link you to it."
        )
    return group


async def pupils_of_group_for(
    connection: Connection, principal: Principal, group_id: UUID
) -> list[SeenPupil]:
    """Its active pupils, by name. Raises `GroupNotSeen`."""
    await group_for(connection, principal, group_id)
    return await seen_pupils_of_group(connection, reach_of(principal), group_id)


async def pupils_for(
    connection: Connection, principal: Principal, ids: Collection[UUID]
) -> list[SeenPupil]:
    """All of `ids`, by name. Raises `PupilNotSeen` where one of them is not seen."""
    pupils = await seen_pupils(connection, reach_of(principal), ids)
    if len(pupils) < len(set(ids)):
        raise PupilNotSeen(
            "This pupil is not there, is inactive, or is in none of your groups. Open the page "
            "again to see who is."
        )
    return pupils
