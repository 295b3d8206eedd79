"""All SQL about the copies of groups and of users' links to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from shared.contracts.roster import GroupState, LinkState
from shared.contracts.vocabulary import LinkKind
from shared.database.pool import Connection
from shared.database.read_model import ReadModel

__all__ = ["group_names_of", "keep_groups", "keep_links"]

_GROUPS = ReadModel("groups", key=("school_id", "id"), columns=("active", "name", "kind"))
_LINKS = ReadModel(
    "teacher_links", key=("school_id", "person_id", "group_id"), columns=("present",)
)


async def keep_groups(
    connection: Connection, school_id: UUID, groups: Iterable[GroupState]
) -> None:
    await _GROUPS.take(
        connection, [group.model_dump(mode="json") | _of(school_id) for group in groups]
    )


async def keep_links(connection: Connection, school_id: UUID, links: Iterable[LinkState]) -> None:
    """Those of users; which pupils are in a group is nothing that identity needs."""
    teachers = [link for link in links if link.kind is LinkKind.TEACHER]
    await _LINKS.take(
        connection, [link.model_dump(mode="json") | _of(school_id) for link in teachers]
    )


async def group_names_of(connection: Connection, user_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The names of the active groups that each is linked to, in their order."""
    rows = await connection.fetch(
        "SELECT l.person_id, array_agg(g.name ORDER BY g.name, g.id) AS names "
        "FROM teacher_links l JOIN groups g ON (g.school_id, g.id) = (l.school_id, l.group_id) "
        "WHERE l.present AND g.active AND l.person_id = ANY ($1::uuid[]) GROUP BY l.person_id",
        list(user_ids),
    )
    return {row["person_id"]: row["names"] for row in rows}


def _of(school_id: UUID) -> dict[str, str]:
    return {"school_id": str(school_id)}
