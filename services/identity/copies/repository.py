"""All SQL about the copies of groups and of users' links to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from shared.contracts.roster import GroupState, LinkState
from shared.contracts.vocabulary import LinkKind
from shared.database.pool import Connection
from shared.database.read_model import ReadModel

__all__ = ["group_names_of", "keep_groups", "keep_links"]

_GROUPS = ReadModel("groups", key=("id uuid",), columns=("active boolean", "name", "kind"))
_LINKS = ReadModel(
    "teacher_links", key=("person_id uuid", "group_id uuid"), columns=("present boolean",)
)


async def keep_groups(
    connection: Connection, school_id: UUID, groups: Collection[GroupState]
) -> None:
    await _GROUPS.take(connection, school_id, groups)


async def keep_links(connection: Connection, school_id: UUID, links: Iterable[LinkState]) -> None:
    """Those of users; which pupils are in a group is nothing that identity needs."""
    teachers = [link for link in links if link.kind is LinkKind.TEACHER]
    await _LINKS.take(connection, school_id, teachers)


async def group_names_of(connection: Connection, user_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The names of the active groups that each is linked to, in their order."""
    rows = await connection.fetch(
        "SELECT l.person_id, array_agg(g.name ORDER BY g.name, g.id) AS names "
        "FROM teacher_links l JOIN groups g ON (g.school_id, g.id) = (l.school_id, l.group_id) "
        "WHERE l.present AND g.active AND l.person_id = ANY ($1::uuid[]) GROUP BY l.person_id",
        list(user_ids),
    )
    return {row["person_id"]: row["names"] for row in rows}
