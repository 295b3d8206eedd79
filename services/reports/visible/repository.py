"""The SQL of who is seen, from the copies of groups, pupils and links (R14)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.reports.visible.reach import SEEN_GROUP, SEEN_PUPIL, Reach
from shared.contracts.vocabulary import GroupKind, Sex, YearGroup
from shared.database.pool import Connection

__all__ = ["SeenGroup", "SeenPupil", "seen_group", "seen_groups", "seen_pupils",
           "seen_pupils_of_group"]  # fmt: skip


@dataclass(frozen=True)
class SeenGroup:
    """`pupils` counts its active ones; `year_groups` are theirs, the youngest first."""

    id: UUID
    name: str
    kind: GroupKind
    year_group: YearGroup | None
    pupils: int
    year_groups: tuple[YearGroup, ...]


@dataclass(frozen=True)
class SeenPupil:
    """`forename` and `surname` are the preferred ones where there are any."""

    id: UUID
    upn: str | None
    forename: str
    surname: str
    legal_forename: str
    legal_surname: str
    date_of_birth: date | None
    sex: Sex | None
    year_group: YearGroup | None


_GROUPS = f"""
    SELECT g.id, g.name, g.kind, g.year_group, count(p.id) AS pupils,
        coalesce(array_agg(DISTINCT p.year_group) FILTER (WHERE p.year_group IS NOT NULL), '{{}}')
            AS year_groups
    FROM groups g
    LEFT JOIN links m ON m.kind = 'member' AND m.present AND m.group_id = g.id
    LEFT JOIN pupils p ON p.id = m.person_id AND p.active
    WHERE {SEEN_GROUP} AND ($2::uuid IS NULL OR g.id = $2)
    GROUP BY g.id, g.name, g.kind, g.year_group
    ORDER BY g.kind, year_place(g.year_group), lower(g.name), g.id
"""
_PUPILS = f"""
    SELECT p.id, p.upn, coalesce(p.preferred_forename, p.legal_forename) AS forename,
        coalesce(p.preferred_surname, p.legal_surname) AS surname, p.legal_forename,
        p.legal_surname, p.date_of_birth, p.sex, p.year_group
    FROM pupils p
    WHERE {SEEN_PUPIL} AND {{asked}}
    ORDER BY lower(coalesce(p.preferred_surname, p.legal_surname)),
        lower(coalesce(p.preferred_forename, p.legal_forename)), p.id
"""
_BY_IDS = _PUPILS.format(asked="p.id = ANY($2::uuid[])")
_OF_GROUP = _PUPILS.format(
    asked="p.id IN (SELECT person_id FROM links "
    "WHERE kind = 'member' AND present AND group_id = $2)"
)


async def seen_groups(connection: Connection, reach: Reach) -> list[SeenGroup]:
    """Classes before sets, the youngest first."""
    return [_group(row) for row in await connection.fetch(_GROUPS, reach.teacher, None)]


async def seen_group(connection: Connection, reach: Reach, group_id: UUID) -> SeenGroup | None:
    row = await connection.fetchrow(_GROUPS, reach.teacher, group_id)
    return _group(row) if row else None


async def seen_pupils(
    connection: Connection, reach: Reach, ids: Collection[UUID]
) -> list[SeenPupil]:
    """Those of `ids` who are seen, by name."""
    rows = await connection.fetch(_BY_IDS, reach.teacher, list(ids))
    return [_pupil(row) for row in rows]


async def seen_pupils_of_group(
    connection: Connection, reach: Reach, group_id: UUID
) -> list[SeenPupil]:
    """Its active pupils, by name. Whether the group itself is seen is the caller's to ask."""
    rows = await connection.fetch(_OF_GROUP, reach.teacher, group_id)
    return [_pupil(row) for row in rows]


def _group(row: Any) -> SeenGroup:
    years = sorted(map(YearGroup, row["year_groups"]), key=list(YearGroup).index)
    return SeenGroup(
        id=row["id"],
        name=row["name"],
        kind=GroupKind(row["kind"]),
        year_group=YearGroup(row["year_group"]) if row["year_group"] else None,
        pupils=row["pupils"],
        year_groups=tuple(years),
    )


def _pupil(row: Any) -> SeenPupil:
    said = dict(row)
    sex, year_group = said.pop("sex"), said.pop("year_group")
    return SeenPupil(
        **said,
        sex=Sex(sex) if sex else None,
        year_group=YearGroup(year_group) if year_group else None,
    )
