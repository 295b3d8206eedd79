"""The SQL of attainment and progress: a school's roll, and what was recorded in a term (R26).

Pupils are told by their number among the active ones, in the order of their ids, so that sets of
them are made at once; all questions of one answer are asked in one snapshot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.reports.attainment.characteristics import Comparison, comparisons_of
from services.reports.attainment.figures import Marks
from services.reports.attainment.roll import Pupils, Roll, pupils_of
from shared.contracts.vocabulary import YearGroup
from shared.database.pool import Connection

__all__ = ["School", "TermOfSchool", "marks_of_pupils", "marks_of_terms", "read_school",
           "read_terms"]  # fmt: skip

_NUMBERED = """
WITH numbered AS (
    SELECT id, (row_number() OVER (ORDER BY id) - 1)::integer AS number FROM pupils WHERE active
)
"""
_SCHOOL = """
SELECT (SELECT first_year_group FROM schools) AS first_year_group,
    (SELECT last_year_group FROM schools) AS last_year_group,
    coalesce((SELECT kept FROM pupil_fields), '{}') AS kept
"""
_PUPILS = """
SELECT p.year_group, p.sex, c.pupil_premium, c.eal, c.sen
FROM pupils p LEFT JOIN pupil_characteristics c ON (c.school_id, c.id) = (p.school_id, p.id)
WHERE p.active ORDER BY p.id
"""
_GROUPS = f"""
{_NUMBERED}
SELECT g.id, array_agg(n.number) FILTER (WHERE n.number IS NOT NULL) AS members
FROM groups g
LEFT JOIN links m ON m.kind = 'member' AND m.present AND m.group_id = g.id
LEFT JOIN numbered n ON n.id = m.person_id
WHERE g.active
GROUP BY g.id, g.kind, g.year_group, g.name
ORDER BY g.kind, year_place(g.year_group) DESC, lower(g.name), g.id
"""
_MARKS = f"""
{_NUMBERED}
SELECT m.term_id, m.subject_id, m.band_id, m.year_group, array_agg(n.number) AS pupils
FROM marks m JOIN numbered n ON n.id = m.pupil_id
WHERE m.term_id = ANY($1::uuid[]) AND m.band_id IS NOT NULL
GROUP BY m.term_id, m.subject_id, m.band_id, m.year_group
"""
_TERMS = """
SELECT * FROM (
    SELECT t.id, t.name, t.academic_year, t.first_day, t.last_day, t.active,
        EXISTS (SELECT FROM marks m WHERE m.term_id = t.id AND m.band_id IS NOT NULL) AS marked
    FROM terms t WHERE t.academic_year <= $1
) term
WHERE active OR marked ORDER BY first_day, last_day, id
"""
_MARKS_OF_PUPILS = """
SELECT pupil_id, term_id, band_id FROM marks
WHERE pupil_id = ANY($1::uuid[]) AND subject_id = $2 AND term_id = ANY($3::uuid[])
    AND band_id IS NOT NULL
"""


@dataclass(frozen=True)
class TermOfSchool:
    """`marked`: whether anything was recorded in it, for anybody."""

    id: UUID
    name: str
    academic_year: str
    first_day: date
    last_day: date
    active: bool
    marked: bool


@dataclass(frozen=True)
class School:
    """`groups` are the active ones, the oldest classes first."""

    roll: Roll
    comparisons: tuple[Comparison, ...]
    groups: tuple[UUID, ...]
    last_year_group: YearGroup | None


async def read_school(connection: Connection, academic_year: str) -> School:
    school = await connection.fetchrow(_SCHOOL)
    pupils = await connection.fetch(_PUPILS)
    groups = {row["id"]: pupils_of(row["members"] or ()) for row in await connection.fetch(_GROUPS)}
    first, last, kept = school or (None, None, ())
    roll = Roll(
        academic_year=academic_year,
        first_year_group=YearGroup(first) if first else None,
        everyone=pupils_of(range(len(pupils))),
        years=_by(pupils, "year_group"),
        groups=groups,
    )
    sexes = _by(pupils, "sex")
    known = {"sex": (sexes.get("F", 0), sexes.get("M", 0))}
    for name in ("pupil_premium", "eal", "sen"):
        values = _by(pupils, name)
        known[name] = (values.get(True, 0), values.get(False, 0))
    comparisons = comparisons_of(roll.everyone, kept, known)
    return School(roll, comparisons, tuple(groups), YearGroup(last) if last else None)


async def read_terms(connection: Connection, academic_year: str) -> list[TermOfSchool]:
    """Those up to the academic year, in their order; inactive ones where they have marks."""
    rows = await connection.fetch(_TERMS, academic_year)
    return [TermOfSchool(**row) for row in rows]


async def marks_of_terms(
    connection: Connection, terms: Sequence[UUID]
) -> dict[tuple[UUID, UUID], Marks]:
    """Term and subject → the bands that active pupils were given."""
    given: dict[tuple[UUID, UUID], list[tuple[UUID, str | None, Pupils]]] = defaultdict(list)
    for row in await connection.fetch(_MARKS, list(terms)):
        one = (row["band_id"], row["year_group"], pupils_of(row["pupils"]))
        given[row["term_id"], row["subject_id"]].append(one)
    return {key: Marks(marks) for key, marks in given.items()}


async def marks_of_pupils(
    connection: Connection, pupils: Collection[UUID], subject_id: UUID, terms: Collection[UUID]
) -> dict[tuple[UUID, UUID], UUID]:
    """Pupil and term → band."""
    rows = await connection.fetch(_MARKS_OF_PUPILS, list(pupils), subject_id, list(terms))
    return {(row["pupil_id"], row["term_id"]): row["band_id"] for row in rows}


def _by(pupils: Sequence[Any], column: str) -> dict[Any, Pupils]:
    """Value → who has it; those of whom it is not known are in none."""
    found: dict[Any, list[int]] = defaultdict(list)
    for number, pupil in enumerate(pupils):
        if pupil[column] is not None:
            found[pupil[column]].append(number)
    return {value: pupils_of(numbers) for value, numbers in found.items()}
