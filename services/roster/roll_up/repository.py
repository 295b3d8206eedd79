"""All SQL about roll-ups. Row-level security keeps every statement to the transaction's school."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from services.roster.roll_up.moves import Steps
from services.roster.roll_up.moves_in_sql import (
    MEMBERSHIP_MOVES,
    MEMBERSHIP_MOVES_BACK,
    PUPIL_MOVES,
    PUPIL_MOVES_BACK,
    SOURCES,
    WITHOUT_CLASS,
    WITHOUT_YEAR,
)
from services.roster.roll_up.roll_up import RollUp
from services.roster.roll_up.successions import Place
from services.roster.roll_up.writing_in_sql import (
    Told,
    keeping_roll_up,
    keeping_years,
    write_memberships,
    write_pupils,
)
from shared.database.pool import Connection, Database
from shared.school.academic_year import next_academic_year

__all__ = ["Basis", "Plan", "RollUpRepository", "SchoolOfRollUp"]

_ROLL_UP = (
    "id, academic_year, ran_at, without_class, without_year, leavers_group_id, undone_at, "
    "changed_since"
)
_PLAN_OF_PUPILS = f"""
    WITH {PUPIL_MOVES}
    SELECT count(*) FILTER (WHERE active),
        coalesce(array_agg(id ORDER BY id) FILTER (WHERE NOT active), '{{}}'), ARRAY({WITHOUT_YEAR})
    FROM pupil_moves
"""
_PLAN_OF_CLASSES = f"WITH {SOURCES} SELECT ARRAY({WITHOUT_CLASS})"
_RUN_MEMBERSHIPS = write_memberships(
    MEMBERSHIP_MOVES, 8, keeping_roll_up("$8", "$13", "$14", "$15")
)
_UNDO_MEMBERSHIPS = write_memberships(MEMBERSHIP_MOVES_BACK, 2)
_CHANGED_SINCE = f"""
    WITH {PUPIL_MOVES_BACK}, {MEMBERSHIP_MOVES_BACK}
    SELECT ARRAY(
        (SELECT unnest(pupil_ids) FROM roll_up_years WHERE roll_up_id = $1
         EXCEPT SELECT id FROM pupil_moves)
        UNION
        SELECT pupil_id FROM (
            SELECT group_id, unnest(pupil_ids) AS pupil_id FROM roll_up_memberships
            WHERE roll_up_id = $1
            EXCEPT SELECT group_id, person_id FROM membership_moves) AS changed)
"""
_PLAN_ONCE = "SET LOCAL plan_cache_mode = force_generic_plan"
"""Planning the move takes half as long as moving, and no school's values make it another plan;
else the first five of every connection are planned by themselves."""


@lru_cache
def _run_pupils(kept_fields: frozenset[str]) -> str:
    return write_pupils(PUPIL_MOVES, kept_fields, 4, keeping_years("$8", "$9"))


@lru_cache
def _undo_pupils(kept_fields: frozenset[str]) -> str:
    return write_pupils(PUPIL_MOVES_BACK, kept_fields, 2)


class Plan(NamedTuple):
    """What a roll-up will do, as far as a person looks at it."""

    moving_up: int
    leaving: Sequence[UUID]
    without_class: Sequence[UUID]
    """Have a class, and will have none."""
    without_year: Sequence[UUID]
    """Have no year group, and so neither move up nor leave."""


class SchoolOfRollUp(NamedTuple):
    """What a roll-up must know of its school. `last_year_group` is `None` until identity told."""

    last_year_group: str | None
    successions_version: int
    leavers_group_id: UUID | None = None
    leavers_version: int = 0


class Basis(NamedTuple):
    """What a roll-up is worked out from, besides the groups."""

    school: SchoolOfRollUp
    named: Mapping[Place, UUID | None]
    """What the admin chose."""
    places: Mapping[Place, int]
    """Where active pupils are members, and how many."""
    begun: frozenset[str]
    """The years that a roll-up began, undone or not."""


_BASIS = """
    SELECT last_year_group, successions_version, leavers_group_id, leavers_version,
        ARRAY(SELECT academic_year FROM roll_ups) AS begun,
        (SELECT coalesce(json_agg(json_build_array(group_id, year_group, next_group_id)), '[]')
            FROM successions)::text AS named,
        (SELECT coalesce(json_agg(json_build_array(group_id, year_group, pupils)), '[]') FROM (
            SELECT l.group_id, p.year_group, count(*) AS pupils
            FROM links l JOIN pupils p ON p.id = l.person_id AND p.active
            WHERE l.kind = 'member' AND l.present GROUP BY l.group_id, p.year_group
        ) AS place)::text AS places
    FROM schools
"""


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

    async def basis(self, connection: Connection) -> Basis:
        """By one question, since each that is asked takes its time, of a thousand schools."""
        row = await connection.fetchrow(_BASIS)
        if row is None:
            return Basis(SchoolOfRollUp(None, 0), {}, {}, frozenset())
        named = orjson.loads(row["named"])
        return Basis(
            SchoolOfRollUp(*(row[name] for name in SchoolOfRollUp._fields)),
            {
                Place(UUID(group), year or None): after and UUID(after)
                for group, year, after in named
            },
            {Place(UUID(group), year): n for group, year, n in orjson.loads(row["places"])},
            frozenset(row["begun"]),
        )

    async def plan(self, connection: Connection, steps: Steps) -> Plan:
        """What would happen if it ran now, as it would be written."""
        pupils = await connection.fetchrow(_PLAN_OF_PUPILS, *steps.of_pupils)
        without_class = await connection.fetchval(_PLAN_OF_CLASSES, *steps.of_places)
        moving_up, leaving, without_year = pupils or (0, [], [])
        return Plan(moving_up, tuple(leaving), tuple(without_class), tuple(without_year))

    async def run(
        self, connection: Connection, roll_up_id: UUID, at: datetime, steps: Steps, told: Told
    ) -> int:
        """Move everybody, tell of it, and keep how it was; how many pupils."""
        await connection.execute(_PLAN_ONCE)
        await connection.execute(
            _RUN_MEMBERSHIPS,
            *steps.of_memberships,
            *told.of_memberships,
            roll_up_id,
            next_academic_year(steps.academic_year),
            at,
        )
        moved: int = await connection.fetchval(
            _run_pupils(told.kept_fields),
            *steps.of_pupils,
            *told.of_pupils,
            told.school_id,
            roll_up_id,
        )
        return moved

    async def undo(
        self, connection: Connection, roll_up_id: UUID, at: datetime, told: Told
    ) -> None:
        """Who is still as it left them goes back, and it is told; who is not is kept in a list."""
        changed = await connection.fetchval(_CHANGED_SINCE, roll_up_id)
        await connection.execute(_UNDO_MEMBERSHIPS, roll_up_id, *told.of_memberships)
        await connection.execute(_undo_pupils(told.kept_fields), roll_up_id, *told.of_pupils)
        await connection.execute(
            "UPDATE roll_ups SET undone_at = $2, changed_since = $3 WHERE id = $1",
            roll_up_id,
            at,
            changed,
        )

    async def figures(self, connection: Connection, roll_up_id: UUID) -> dict[str, int]:
        """How many pupils moved up and left."""
        row = await connection.fetchrow(
            "SELECT coalesce(sum(cardinality(pupil_ids)) FILTER (WHERE active_after), 0) "
            "AS moved_up, coalesce(sum(cardinality(pupil_ids)) FILTER (WHERE NOT active_after), 0) "
            "AS left_school FROM roll_up_years WHERE roll_up_id = $1",
            roll_up_id,
        )
        return dict(row or {})

    async def are_due(self, database: Database, roster_year: str) -> bool:
        """Whether there are any. A look that costs next to nothing, by itself."""
        found: bool = await database.value("SELECT roll_ups_are_due($1)", roster_year)
        return found

    async def due(
        self, connection: Connection, roster_year: str, most: int
    ) -> list[tuple[UUID, str]]:
        """Schools in an earlier year, each once, with theirs; without a tenant."""
        rows = await connection.fetch("SELECT * FROM roll_ups_due($1, $2)", roster_year, most)
        return [(row["school_id"], row["academic_year"]) for row in rows]


def _roll_up(row: Any) -> RollUp:
    return RollUp(
        id=row["id"],
        academic_year=row["academic_year"],
        ran_at=row["ran_at"],
        without_class=tuple(row["without_class"]),
        without_year=tuple(row["without_year"]),
        leavers_group_id=row["leavers_group_id"],
        undone_at=row["undone_at"],
        changed_since=tuple(row["changed_since"]),
    )
