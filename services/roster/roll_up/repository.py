"""All SQL about roll-ups. Row-level security keeps every statement to the transaction's school."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.roster.links.link import LinkKey
from services.roster.roll_up.moves import PupilMove
from services.roster.roll_up.roll_up import MovedLink, MovedPupil, RollUp
from services.roster.roll_up.successions import Place
from shared.contracts.vocabulary import LinkKind, Origin, YearGroup
from shared.database.pool import Connection

__all__ = ["RollUpRepository", "SchoolOfRollUp"]

_ROLL_UP = "id, academic_year, ran_at, without_class, without_year, leavers_group_id, undone_at"

_KEEP_PUPILS = """
    INSERT INTO roll_up_pupils (school_id, roll_up_id, pupil_id, year_group, active_reason,
        overrides, year_group_after, active_after)
    SELECT $1, $2, pupil_id, year_group, active_reason, string_to_array(overrides, ' '),
        year_group_after, active_after
    FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[]) AS moved
        (pupil_id, year_group, active_reason, overrides, year_group_after, active_after)
"""
_KEEP_LINKS = """
    INSERT INTO roll_up_links (school_id, roll_up_id, group_id, pupil_id, version_after, present,
        waiting, origin, override)
    SELECT $1, $2, * FROM unnest($3::uuid[], $4::uuid[], $5::integer[], $6::boolean[],
        $7::boolean[], $8::text[], $9::boolean[])
"""


class SchoolOfRollUp(NamedTuple):
    """What a roll-up must know of its school. `last_year_group` is `None` until identity told."""

    last_year_group: str | None
    successions_version: int
    leavers_group_id: UUID | None = None
    leavers_version: int = 0


class RollUpRepository:
    async def school(self, connection: Connection) -> SchoolOfRollUp:
        row = await connection.fetchrow(
            "SELECT last_year_group, successions_version, leavers_group_id, leavers_version "
            "FROM schools"
        )
        return SchoolOfRollUp(*row) if row else SchoolOfRollUp(None, 0)

    async def named(self, connection: Connection) -> dict[Place, UUID | None]:
        """What the admin chose."""
        rows = await connection.fetch("SELECT group_id, year_group, next_group_id FROM successions")
        return {
            Place(row["group_id"], row["year_group"] or None): row["next_group_id"] for row in rows
        }

    async def name(
        self,
        connection: Connection,
        school_id: UUID,
        chosen: Mapping[Place, UUID | None],
        handed_back: Iterable[Place],
    ) -> None:
        """Keep these choices, and leave those places to the names again."""
        back = list(handed_back)
        await connection.execute(
            "DELETE FROM successions USING unnest($1::uuid[], $2::text[]) AS p (g, y) "
            "WHERE (group_id, year_group) = (p.g, p.y)",
            [place.group_id for place in back],
            [place.year_group or "" for place in back],
        )
        await connection.execute(
            "INSERT INTO successions (school_id, group_id, year_group, next_group_id) "
            "SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::uuid[]) "
            "ON CONFLICT (school_id, group_id, year_group) "
            "DO UPDATE SET next_group_id = excluded.next_group_id",
            school_id,
            [place.group_id for place in chosen],
            [place.year_group or "" for place in chosen],
            list(chosen.values()),
        )
        await connection.execute("UPDATE schools SET successions_version = successions_version + 1")

    async def set_leavers_group(self, connection: Connection, group_id: UUID | None) -> None:
        await connection.execute(
            "UPDATE schools SET leavers_group_id = $1, leavers_version = leavers_version + 1",
            group_id,
        )

    async def begin_year(self, connection: Connection, academic_year: str) -> int:
        """The school is in this year from now on; the year's new version."""
        version: int = await connection.fetchval(
            "UPDATE schools SET academic_year = $1, year_version = year_version + 1 "
            "RETURNING year_version",
            academic_year,
        )
        return version

    async def latest(self, connection: Connection) -> RollUp | None:
        row = await connection.fetchrow(
            f"SELECT {_ROLL_UP} FROM roll_ups ORDER BY ran_at DESC, id DESC LIMIT 1"
        )
        return _roll_up(row) if row else None

    async def of_year(self, connection: Connection, academic_year: str) -> bool:
        """Whether one began this year, undone or not."""
        found: bool = await connection.fetchval(
            "SELECT EXISTS (SELECT FROM roll_ups WHERE academic_year = $1)", academic_year
        )
        return found

    async def keep(
        self,
        connection: Connection,
        school_id: UUID,
        roll_up: RollUp,
        pupils: Sequence[PupilMove],
        links: Sequence[MovedLink],
    ) -> None:
        await connection.execute(
            f"INSERT INTO roll_ups (school_id, {_ROLL_UP}) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)",
            school_id,
            roll_up.id,
            roll_up.academic_year,
            roll_up.ran_at,
            list(roll_up.without_class),
            list(roll_up.without_year),
            roll_up.leavers_group_id,
        )
        key = (school_id, roll_up.id)
        if pupils:
            columns = zip(*map(_pupil_row, pupils), strict=True)
            await connection.execute(_KEEP_PUPILS, *key, *columns)
        if links:
            columns = zip(*map(_link_row, links), strict=True)
            await connection.execute(_KEEP_LINKS, *key, *columns)

    async def moved_pupils(self, connection: Connection, roll_up_id: UUID) -> list[MovedPupil]:
        rows = await connection.fetch(
            "SELECT pupil_id, year_group, active_reason, overrides, year_group_after, active_after "
            "FROM roll_up_pupils WHERE roll_up_id = $1 ORDER BY pupil_id",
            roll_up_id,
        )
        return [
            MovedPupil(
                pupil_id=row["pupil_id"],
                year_group=_year(row["year_group"]),
                active_reason=row["active_reason"],
                overrides=tuple(row["overrides"]),
                year_group_after=_year(row["year_group_after"]),
                active_after=row["active_after"],
            )
            for row in rows
        ]

    async def moved_links(self, connection: Connection, roll_up_id: UUID) -> list[MovedLink]:
        rows = await connection.fetch(
            "SELECT group_id, pupil_id, version_after, present, waiting, origin, override "
            "FROM roll_up_links WHERE roll_up_id = $1 ORDER BY group_id, pupil_id",
            roll_up_id,
        )
        return [
            MovedLink(
                key=LinkKey(LinkKind.MEMBER, row["group_id"], row["pupil_id"]),
                version_after=row["version_after"],
                present=row["present"],
                waiting=row["waiting"],
                origin=Origin(row["origin"]),
                override=row["override"],
            )
            for row in rows
        ]

    async def keep_undone(
        self,
        connection: Connection,
        roll_up_id: UUID,
        at: datetime,
        pupils: Iterable[UUID],
        links: Iterable[LinkKey],
    ) -> None:
        """`pupils` and `links` are those that went back; the others were changed since."""
        keys = list(links)
        await connection.execute("UPDATE roll_ups SET undone_at = $2 WHERE id = $1", roll_up_id, at)
        await connection.execute(
            "UPDATE roll_up_pupils SET went_back = (pupil_id = ANY ($2::uuid[])) "
            "WHERE roll_up_id = $1",
            roll_up_id,
            list(pupils),
        )
        await connection.execute(
            "UPDATE roll_up_links l SET went_back = EXISTS ("
            "SELECT FROM unnest($2::uuid[], $3::uuid[]) AS k (g, p) "
            "WHERE (k.g, k.p) = (l.group_id, l.pupil_id)) WHERE roll_up_id = $1",
            roll_up_id,
            [key.group_id for key in keys],
            [key.person_id for key in keys],
        )

    async def figures(self, connection: Connection, roll_up_id: UUID) -> dict[str, int]:
        """How many pupils moved up and left, and of an undone one how many did not go back."""
        row = await connection.fetchrow(
            "SELECT count(*) FILTER (WHERE active_after) AS moved_up, "
            "count(*) FILTER (WHERE NOT active_after) AS left_school, "
            "count(*) FILTER (WHERE NOT went_back) AS changed_since "
            "FROM roll_up_pupils WHERE roll_up_id = $1",
            roll_up_id,
        )
        return dict(row or {})

    async def changed_since(self, connection: Connection, roll_up_id: UUID) -> list[UUID]:
        """Pupils whom undoing left as they were, since somebody had changed them."""
        rows = await connection.fetch(
            "SELECT pupil_id FROM roll_up_pupils WHERE roll_up_id = $1 AND NOT went_back "
            "UNION SELECT pupil_id FROM roll_up_links WHERE roll_up_id = $1 AND NOT went_back",
            roll_up_id,
        )
        return [row["pupil_id"] for row in rows]

    async def due(
        self, connection: Connection, roster_year: str, most: int
    ) -> list[tuple[UUID, str]]:
        """Schools in an earlier year, each once, with theirs; without a tenant."""
        rows = await connection.fetch("SELECT * FROM roll_ups_due($1, $2)", roster_year, most)
        return [(row["school_id"], row["academic_year"]) for row in rows]


def _pupil_row(move: PupilMove) -> tuple[Any, ...]:
    before, after = move.before, move.after
    year, year_after = (one.year_group and one.year_group.value for one in (before, after))
    overrides = " ".join(before.overrides)
    return (before.id, year, before.active_reason, overrides, year_after, after.active)


def _link_row(link: MovedLink) -> tuple[Any, ...]:
    _, group_id, pupil_id = link.key
    before = (link.present, link.waiting, link.origin.value, link.override)
    return (group_id, pupil_id, link.version_after, *before)


def _roll_up(row: Any) -> RollUp:
    return RollUp(
        id=row["id"],
        academic_year=row["academic_year"],
        ran_at=row["ran_at"],
        without_class=tuple(row["without_class"]),
        without_year=tuple(row["without_year"]),
        leavers_group_id=row["leavers_group_id"],
        undone_at=row["undone_at"],
    )


def _year(text: str | None) -> YearGroup | None:
    return YearGroup(text) if text else None
