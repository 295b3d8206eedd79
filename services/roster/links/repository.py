"""All SQL about links. Row-level security keeps every statement to the transaction's school."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from services.roster.links.link import Link, LinkKey, Names
from services.roster.listing import Column, Listed, ListOf, Parameters
from shared.contracts.vocabulary import LinkKind, Origin, YearGroup
from shared.database.pool import Connection
from shared.web.paging import PageRequest

__all__ = ["LINK_COLUMNS", "ClassOf", "LinkFilter", "LinkRepository", "Placed", "link_row_of"]

ORDERS = {
    "group": (
        Column("year_place(g.year_group)::bigint", int),
        Column("g.name_key", str),
        Column('g.id::text COLLATE "C"', str),
        Column("l.kind", str),
    )
}
"""The one order of the list of links."""

_LISTED = """
    l.kind, l.group_id, g.name AS group_name, g.kind AS group_kind,
    g.year_group AS group_year_group, l.person_id, l.version, l.present, l.origin, l.override
"""
_SOURCE = "links l JOIN groups g ON (g.school_id, g.id) = (l.school_id, l.group_id)"
_LIST = ListOf(
    selected=_LISTED,
    source=_SOURCE,
    id_sql="l.person_id",
    reached="($1::uuid IS NULL OR l.group_id IN (SELECT groups_of_teacher($1)))",
    orders=ORDERS,
    default_order="group",
)

LINK_COLUMNS = _COLUMNS = "kind, group_id, person_id, version, present, waiting, origin, override"
"""All but the school, and but those that PostgreSQL computes."""
_SAVE = f"""
    INSERT INTO links (school_id, {_COLUMNS})
    SELECT $1, * FROM unnest($2::text[], $3::uuid[], $4::uuid[], $5::integer[], $6::boolean[],
        $7::boolean[], $8::text[], $9::boolean[])
    ON CONFLICT (school_id, kind, group_id, person_id) DO UPDATE
    SET version = excluded.version, present = excluded.present, waiting = excluded.waiting,
        origin = excluded.origin, override = excluded.override
"""
_LINK_WHAT_WAITED = """
    UPDATE links l SET present = true, waiting = false, version = version + 1
    WHERE waiting
      AND EXISTS (SELECT FROM groups g WHERE (g.school_id, g.id) = (l.school_id, l.group_id))
      AND CASE kind
        WHEN 'member' THEN EXISTS (
            SELECT FROM pupils p WHERE (p.school_id, p.id) = (l.school_id, l.person_id))
        ELSE EXISTS (
            SELECT FROM users u WHERE (u.school_id, u.id) = (l.school_id, l.person_id))
      END
    RETURNING kind, group_id, person_id, version, present, waiting, origin, override
"""
_NAMES = """
    SELECT 'group' AS kind, id, name FROM groups WHERE id = ANY($1::uuid[])
    UNION ALL
    SELECT 'member', id, coalesce(preferred_forename, legal_forename) || ' ' ||
        coalesce(preferred_surname, legal_surname)
    FROM pupils WHERE id = ANY($2::uuid[])
    UNION ALL
    SELECT 'teacher', id, forename || ' ' || surname FROM users WHERE id = ANY($3::uuid[])
"""


_PLACED = """
    SELECT p.id, p.active, array(
        SELECT c.name FROM links l JOIN groups c ON (c.school_id, c.id) = (l.school_id, l.group_id)
        WHERE l.school_id = p.school_id AND l.kind = 'member' AND l.person_id = p.id AND l.present
          AND c.active AND c.kind = 'class' AND g.kind = 'class' AND c.id <> g.id
        ORDER BY c.name_key, c.id
    ) AS other_classes
    FROM pupils p JOIN groups g ON g.school_id = p.school_id AND g.id = $1
    WHERE p.id = ANY($2::uuid[])
"""


@dataclass(frozen=True)
class Placed:
    """Where a pupil stands who is to be put into a group: into a class, in which others already."""

    active: bool
    other_classes: Sequence[str]


class ClassOf(NamedTuple):
    """A class that a pupil is in."""

    id: UUID
    year_group: YearGroup | None


@dataclass(frozen=True, kw_only=True)
class LinkFilter:
    """Which links a list holds; `None` leaves a question out. Waiting ones are never listed."""

    present: bool = True
    kind: LinkKind | None = None
    person_ids: Sequence[UUID] | None = None
    group_ids: Sequence[UUID] | None = None

    def condition(self, parameters: Parameters) -> str:
        """The condition in SQL."""
        value = parameters.add
        parts = ["NOT l.waiting", f"l.present = {value(self.present)}"]
        if self.kind is not None:
            parts.append(f"l.kind = {value(self.kind.value)}")
        if self.person_ids is not None:
            parts.append(f"l.person_id = ANY({value(list(self.person_ids))})")
        if self.group_ids is not None:
            parts.append(f"l.group_id = ANY({value(list(self.group_ids))})")
        return " AND ".join(parts)


class LinkRepository:
    """The links of the school whose transaction `connection` is in."""

    async def by_keys(self, connection: Connection, keys: Collection[LinkKey]) -> list[Link]:
        rows = await connection.fetch(
            f"SELECT {_COLUMNS} FROM links "
            "JOIN unnest($1::text[], $2::uuid[], $3::uuid[]) AS k (kind, group_id, person_id) "
            "USING (kind, group_id, person_id)",
            [key.kind.value for key in keys],
            [key.group_id for key in keys],
            [key.person_id for key in keys],
        )
        return [_link(row) for row in rows]

    async def all_members(self, connection: Connection) -> list[Link]:
        """Every membership that any pupil has or had."""
        rows = await connection.fetch(f"SELECT {_COLUMNS} FROM links WHERE kind = 'member'")
        return [_link(row) for row in rows]

    async def present_keys(self, connection: Connection, groups: Collection[UUID]) -> list[LinkKey]:
        """Who is linked to any of these groups, as a member or as a user."""
        rows = await connection.fetch(
            f"SELECT {_COLUMNS} FROM links WHERE present AND group_id = ANY($1::uuid[])",
            list(groups),
        )
        return [_link(row).key for row in rows]

    async def classes_of(
        self, connection: Connection, pupils: Collection[UUID]
    ) -> dict[UUID, list[ClassOf]]:
        """The active classes that each of these pupils is in."""
        rows = await connection.fetch(
            "SELECT l.person_id, g.id, g.year_group FROM links l "
            "JOIN groups g ON (g.school_id, g.id) = (l.school_id, l.group_id) "
            "WHERE l.kind = 'member' AND l.present AND l.person_id = ANY($1::uuid[]) "
            "AND g.active AND g.kind = 'class'",
            list(pupils),
        )
        found: dict[UUID, list[ClassOf]] = {}
        for row in rows:
            year = row["year_group"] and YearGroup(row["year_group"])
            found.setdefault(row["person_id"], []).append(ClassOf(row["id"], year))
        return found

    async def names(self, connection: Connection, keys: Iterable[LinkKey]) -> Names:
        """Who and what of these is here, inactive ones included."""
        keys = list(keys)
        people: dict[LinkKind, set[UUID]] = {kind: set() for kind in LinkKind}
        for key in keys:
            people[key.kind].add(key.person_id)
        rows = await connection.fetch(
            _NAMES,
            list({key.group_id for key in keys}),
            list(people[LinkKind.MEMBER]),
            list(people[LinkKind.TEACHER]),
        )
        return Names(
            groups={row["id"]: row["name"] for row in rows if row["kind"] == "group"},
            people={
                (LinkKind(row["kind"]), row["id"]): row["name"]
                for row in rows
                if row["kind"] != "group"
            },
        )

    async def placed(
        self, connection: Connection, group_id: UUID, pupils: Sequence[UUID]
    ) -> dict[UUID, Placed]:
        """Of these pupils, whether they are active, and the other classes that they are in."""
        rows = await connection.fetch(_PLACED, group_id, list(pupils))
        return {row["id"]: Placed(row["active"], row["other_classes"]) for row in rows}

    async def save(self, connection: Connection, school_id: UUID, links: Sequence[Link]) -> None:
        """Write these links, new ones and known ones, in one statement."""
        if links:
            columns = zip(*(_row(link) for link in links), strict=True)
            await connection.execute(_SAVE, school_id, *columns)

    async def link_what_waited(self, connection: Connection) -> list[Link]:
        """Make present what waited for a group or a person that is here now."""
        # Hardly ever does anything wait, and to look costs a third of what trying to link does.
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM links WHERE waiting)"):
            return []
        return [_link(row) for row in await connection.fetch(_LINK_WHAT_WAITED)]

    async def after(self, connection: Connection, key: LinkKey | None, limit: int) -> list[Link]:
        """The next `limit` links in the order of their keys."""
        rows = await connection.fetch(
            f"SELECT {_COLUMNS} FROM links "
            "WHERE $1::text IS NULL OR (kind, group_id, person_id) > ($1, $2, $3) "
            "ORDER BY kind, group_id, person_id LIMIT $4",
            key and key.kind.value,
            key and key.group_id,
            key and key.person_id,
            limit,
        )
        return [_link(row) for row in rows]

    async def page(
        self,
        connection: Connection,
        *,
        teacher: UUID | None,
        wanted: LinkFilter,
        page: PageRequest,
    ) -> Listed:
        """Some of those that are wanted; `teacher` bounds what is seen to their groups (R14)."""
        return await _LIST.page(connection, teacher=teacher, wanted=wanted, page=page)

    async def detail(self, connection: Connection, key: LinkKey) -> dict[str, Any]:
        """One link as the list shows it. Raises `LookupError` if there is none."""
        row = await connection.fetchrow(
            f"SELECT {_LISTED} FROM {_SOURCE} "
            "WHERE (l.kind, l.group_id, l.person_id) = ($1, $2, $3)",
            *key,
        )
        if row is None:
            raise LookupError(f"no link {key}")
        return dict(row)


def _row(link: Link) -> tuple[Any, ...]:
    """In the order of `_COLUMNS`."""
    kind, group_id, person_id = link.key
    standing = (link.present, link.waiting, link.origin.value, link.override)
    return (kind.value, group_id, person_id, link.version, *standing)


def link_row_of(link: Link) -> dict[str, Any]:
    """The columns of `LINK_COLUMNS`, as JSON has them."""
    return {**link.stated(), "waiting": link.waiting}


def _link(row: Any) -> Link:
    return Link(
        key=LinkKey(LinkKind(row["kind"]), row["group_id"], row["person_id"]),
        version=row["version"],
        present=row["present"],
        waiting=row["waiting"],
        origin=Origin(row["origin"]),
        override=row["override"],
    )
