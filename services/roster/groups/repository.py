"""All SQL about groups. Row-level security keeps every statement to the transaction's school."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.roster.groups.group import Group
from services.roster.listing import Column, Listed, ListOf, Parameters
from shared.contracts.vocabulary import GroupKind, Origin, YearGroup
from shared.database.pool import Connection
from shared.school.names import search_key
from shared.web.paging import PageRequest

__all__ = ["GROUP_COLUMNS", "GroupFilter", "GroupRepository", "group_row_of"]

_MEMBERS = """
    (SELECT count(*) FROM links l
     JOIN pupils p ON (p.school_id, p.id) = (l.school_id, l.person_id) AND p.active
     WHERE l.school_id = g.school_id AND l.kind = 'member' AND l.group_id = g.id AND l.present)
"""
_USERS = """
    (SELECT count(*) FROM links l
     JOIN users u ON (u.school_id, u.id) = (l.school_id, l.person_id) AND u.active
     WHERE l.school_id = g.school_id AND l.kind = 'teacher' AND l.group_id = g.id AND l.present)
"""
_NAME = Column("g.name_key", str)
ORDERS = {
    "name": (_NAME,),
    "year_group": (Column("year_place(g.year_group)::bigint", int), _NAME),
    "member_count": (Column(_MEMBERS, int), _NAME),
    "user_count": (Column(_USERS, int), _NAME),
}
"""The orders of the list of groups."""

_COLUMNS = "id, version, active, active_reason, name, kind, year_group, origin, overrides"
GROUP_COLUMNS = f"{_COLUMNS}, name_key"
"""All but the school."""
_SAVE = f"""
    INSERT INTO groups (school_id, {_COLUMNS}, name_key)
    SELECT school_id, {_COLUMNS}, name_key
    FROM jsonb_populate_recordset(NULL::groups, $1::text::jsonb)
    ON CONFLICT (school_id, id) DO UPDATE
    SET version = excluded.version, active = excluded.active,
        active_reason = excluded.active_reason, name = excluded.name, kind = excluded.kind,
        year_group = excluded.year_group, origin = excluded.origin,
        overrides = excluded.overrides, name_key = excluded.name_key
"""
_LISTED = f"""
    g.id, g.version, g.active, g.active_reason, g.name, g.kind, g.year_group, g.origin,
    g.overrides, {_MEMBERS} AS member_count, {_USERS} AS user_count
"""
_INACTIVE_MEMBERS = """
    (SELECT count(*) FROM links l
     JOIN pupils p ON (p.school_id, p.id) = (l.school_id, l.person_id) AND NOT p.active
     WHERE l.school_id = g.school_id AND l.kind = 'member' AND l.group_id = g.id AND l.present)
"""
_REACHED = "($1::uuid IS NULL OR g.id IN (SELECT groups_of_teacher($1)))"
_LIST = ListOf(
    selected=_LISTED,
    source="groups g",
    id_sql="g.id",
    reached=_REACHED,
    orders=ORDERS,
    default_order="year_group",
)


@dataclass(frozen=True, kw_only=True)
class GroupFilter:
    """Which groups a list holds; `None` leaves a question out."""

    active: bool | None = True
    kind: GroupKind | None = None
    year_group: YearGroup | None = None
    user_id: UUID | None = None
    origin: Origin | None = None
    without_members: bool | None = None
    without_users: bool | None = None
    name: str | None = None
    search: str | None = None

    def condition(self, parameters: Parameters) -> str:
        """The condition in SQL."""
        value = parameters.add
        parts = ["true"]
        if self.active is not None:
            parts.append(f"g.active = {value(self.active)}")
        if self.kind is not None:
            parts.append(f"g.kind = {value(self.kind.value)}")
        if self.year_group is not None:
            parts.append(f"g.year_group = {value(self.year_group.value)}")
        if self.user_id is not None:
            parts.append(
                "g.id IN (SELECT group_id FROM links WHERE kind = 'teacher' AND present "
                f"AND person_id = {value(self.user_id)})"
            )
        if self.origin is not None:
            parts.append(f"g.origin = {value(self.origin.value)}")
        if self.without_members is not None:
            parts.append(f"({_MEMBERS} = 0) = {value(self.without_members)}")
        if self.without_users is not None:
            parts.append(f"({_USERS} = 0) = {value(self.without_users)}")
        if self.name is not None:
            parts.append(f"g.name_key = {value(search_key(self.name))}")
        if self.search:
            words = search_key(self.search).split()
            found = [f"strpos(g.name_key, {value(word)}) > 0" for word in words]
            parts.extend(found or ["false"])
        return " AND ".join(parts)


class GroupRepository:
    """The groups of the school whose transaction `connection` is in."""

    async def by_ids(self, connection: Connection, ids: Collection[UUID]) -> list[Group]:
        rows = await connection.fetch(
            f"SELECT {_COLUMNS} FROM groups WHERE id = ANY($1::uuid[])",
            list(ids),
        )
        return [_group(row) for row in rows]

    async def all(self, connection: Connection) -> list[Group]:
        """In the order in which lists show them, inactive ones included."""
        rows = await connection.fetch(
            f"SELECT {_COLUMNS} FROM groups ORDER BY year_place(year_group), name_key, id"
        )
        return [_group(row) for row in rows]

    async def get(self, connection: Connection, group_id: UUID) -> Group | None:
        groups = await self.by_ids(connection, [group_id])
        return groups[0] if groups else None

    async def active_twin(self, connection: Connection, group: Group) -> Group | None:
        """Another active group of this kind and year group with the same name."""
        row = await connection.fetchrow(
            f"SELECT {_COLUMNS} FROM groups WHERE active AND name_key = $1 AND kind = $2 "
            "AND year_group IS NOT DISTINCT FROM $3 AND id <> $4 LIMIT 1",
            search_key(group.name),
            group.kind,
            group.year_group,
            group.id,
        )
        return _group(row) if row else None

    async def after(self, connection: Connection, group_id: UUID | None, limit: int) -> list[Group]:
        """The next `limit` groups in the order of their ids."""
        rows = await connection.fetch(
            f"SELECT {_COLUMNS} FROM groups WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2",
            group_id,
            limit,
        )
        return [_group(row) for row in rows]

    async def save(self, connection: Connection, school_id: UUID, groups: Sequence[Group]) -> None:
        """Write these groups, new ones and known ones, in one statement."""
        if groups:
            rows = json.dumps(
                [{"school_id": str(school_id), **group_row_of(group)} for group in groups],
                ensure_ascii=False,
            )
            await connection.execute(_SAVE, rows)

    async def page(
        self,
        connection: Connection,
        *,
        teacher: UUID | None,
        wanted: GroupFilter,
        page: PageRequest,
    ) -> Listed:
        """Some of those that are wanted; `teacher` bounds what is seen to their groups (R14)."""
        return await _LIST.page(connection, teacher=teacher, wanted=wanted, page=page)

    async def detail(
        self, connection: Connection, group_id: UUID, *, teacher: UUID | None
    ) -> dict[str, Any] | None:
        """One group as the list shows it, if `teacher` may see it (R14)."""
        row = await connection.fetchrow(
            f"SELECT {_LISTED}, {_INACTIVE_MEMBERS} AS inactive_member_count FROM groups g "
            f"WHERE g.id = $2 AND {_REACHED}",
            teacher,
            group_id,
        )
        return dict(row) if row else None

    async def users(
        self, connection: Connection, group_id: UUID, *, present: bool = True
    ) -> list[dict[str, Any]]:
        """Who is linked to the group, inactive users included; or who was unlinked by hand."""
        rows = await connection.fetch(
            "SELECT u.id, u.title, u.forename, u.surname, u.role, u.active, "
            "l.version, l.origin, l.override "
            "FROM links l JOIN users u ON (u.school_id, u.id) = (l.school_id, l.person_id) "
            "WHERE l.kind = 'teacher' AND l.group_id = $1 AND l.present = $2 "
            "AND (l.present OR l.override) ORDER BY u.surname, u.forename, u.id",
            group_id,
            present,
        )
        return [dict(row) for row in rows]

    async def figures(self, connection: Connection) -> dict[str, int]:
        """How many active groups and classes there are, and how many of these nobody teaches."""
        row = await connection.fetchrow(
            """
            SELECT count(*) AS groups, count(*) FILTER (WHERE g.kind = 'class') AS classes,
                count(*) FILTER (WHERE g.kind = 'class' AND NOT EXISTS (
                    SELECT FROM links l
                    JOIN users u ON (u.school_id, u.id) = (l.school_id, l.person_id) AND u.active
                    WHERE l.kind = 'teacher' AND l.present
                        AND (l.school_id, l.group_id) = (g.school_id, g.id)
                )) AS classes_without_teacher
            FROM groups g WHERE g.active
            """
        )
        return dict(row or {})

    async def count_active(self, connection: Connection) -> int:
        counted: int = await connection.fetchval("SELECT count(*) FROM groups WHERE active")
        return counted


def group_row_of(group: Group) -> dict[str, Any]:
    """The columns of `groups` but the school, as JSON has them."""
    return {
        "id": str(group.id),
        "version": group.version,
        "active": group.active,
        "active_reason": group.active_reason,
        "name": group.name,
        "name_key": search_key(group.name),
        "kind": group.kind,
        "year_group": group.year_group,
        "origin": group.origin,
        "overrides": group.overrides,
    }


def _group(row: Any) -> Group:
    return Group(
        id=row["id"],
        version=row["version"],
        active=row["active"],
        active_reason=row["active_reason"],
        name=row["name"],
        kind=GroupKind(row["kind"]),
        year_group=row["year_group"] and YearGroup(row["year_group"]),
        origin=Origin(row["origin"]),
        overrides=tuple(row["overrides"]),
    )
