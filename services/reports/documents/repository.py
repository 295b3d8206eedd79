"""The SQL that gathers what reports of pupils are made of: a statement for each kind of fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import asyncpg

from services.reports.documents.gathering import (
    CommentKind,
    Facts,
    Mark,
    PupilFacts,
    SchoolFacts,
    TermFacts,
)
from services.reports.logo.repository import current as current_logo
from services.reports.scale.repository import bands_of_school
from services.reports.subjects.repository import subjects_of_school
from shared.database.pool import Connection
from shared.school.names import search_key

__all__ = ["gather", "gather_details", "gather_pupils", "gather_school"]

_MOST_EARLIER_TERMS = 12


async def gather(connection: Connection, term_id: UUID, pupil_ids: Sequence[UUID]) -> Facts | None:
    """Of the tenant's; pupils that it does not have are left out. `None`: there is no such term."""
    school = await gather_school(connection, term_id)
    if school is None:
        return None
    return Facts(school, await gather_pupils(connection, school, pupil_ids))


async def gather_school(connection: Connection, term_id: UUID) -> SchoolFacts | None:
    """What all reports of the term have in common. `None`: the tenant has no such term."""
    rows = await connection.fetch(
        "SELECT id, name, academic_year, first_day, last_day FROM terms "
        "WHERE active OR id = $1 ORDER BY first_day DESC, id",
        term_id,
    )
    terms = [TermFacts(**row) for row in rows]
    term = next((term for term in terms if term.id == term_id), None)
    if term is None:
        return None
    logo = await current_logo(connection)
    earlier = [one for one in terms if one.first_day < term.first_day]
    return SchoolFacts(
        name=await connection.fetchval("SELECT name FROM schools") or "",
        logo=logo.digest if logo else None,
        academic_year=await connection.fetchval("SELECT academic_year FROM school_years")
        or term.academic_year,
        term=term,
        earlier_terms=earlier[:_MOST_EARLIER_TERMS],
        subjects=await subjects_of_school(connection),
        bands=await bands_of_school(connection),
    )


async def gather_pupils(
    connection: Connection, school: SchoolFacts, pupil_ids: Sequence[UUID]
) -> list[PupilFacts]:
    """By surname and forename, active or not."""
    ids = list(pupil_ids)
    pupils = await gather_details(connection, ids)
    marks = await _marks(connection, ids, [school.term, *school.earlier_terms])
    comments = await _comments(connection, ids, school.term)
    return [replace(pupil, marks=marks[pupil.id], comments=comments[pupil.id]) for pupil in pupils]


async def gather_details(connection: Connection, pupil_ids: Sequence[UUID]) -> list[PupilFacts]:
    """As `gather_pupils`, without marks and comments, which the admin may not see (R1)."""
    rows = await connection.fetch(_PUPILS, list(pupil_ids))
    return sorted(map(_pupil, rows), key=_by_name)


# Of several classes the first by name; its teachers in the order of their surnames.
_PUPILS = """
    SELECT p.id, p.legal_forename, p.legal_surname, p.preferred_forename, p.preferred_surname,
        p.date_of_birth, p.sex, p.year_group, c.name AS class_name,
        ARRAY(
            SELECT coalesce(nullif(u.title, '') || ' ', u.forename || ' ') || u.surname
            FROM links t JOIN users u ON u.id = t.person_id AND u.active
            WHERE t.kind = 'teacher' AND t.group_id = c.id AND t.present
            ORDER BY u.surname, u.forename, u.id
        ) AS class_teachers
    FROM pupils p LEFT JOIN LATERAL (
        SELECT g.id, g.name FROM links m JOIN groups g ON g.id = m.group_id
        WHERE m.kind = 'member' AND m.person_id = p.id AND m.present
            AND g.active AND g.kind = 'class'
        ORDER BY g.name, g.id LIMIT 1
    ) c ON true
    WHERE p.id = ANY($1::uuid[])
"""

_Marks = dict[UUID, dict[UUID, dict[UUID, Mark]]]
_Comments = dict[UUID, dict[CommentKind, str]]


async def _marks(connection: Connection, ids: list[UUID], terms: Sequence[TermFacts]) -> _Marks:
    """Pupil → term → subject → mark."""
    rows = await connection.fetch(
        "SELECT pupil_id, term_id, subject_id, band_id, effort, comment, year_group, class_name "
        "FROM marks "
        "WHERE pupil_id = ANY($1::uuid[]) AND term_id = ANY($2::uuid[])",
        ids,
        [term.id for term in terms],
    )
    found: _Marks = defaultdict(lambda: defaultdict(dict))
    for pupil_id, term_id, subject_id, *said in rows:
        found[pupil_id][term_id][subject_id] = Mark(*said)
    return found


async def _comments(connection: Connection, ids: list[UUID], term: TermFacts) -> _Comments:
    rows = await connection.fetch(
        "SELECT pupil_id, kind, comment FROM general_comments "
        "WHERE pupil_id = ANY($1::uuid[]) AND term_id = $2",
        ids,
        term.id,
    )
    found: _Comments = defaultdict(dict)
    for row in rows:
        found[row["pupil_id"]][row["kind"]] = row["comment"]
    return found


def _pupil(row: asyncpg.Record) -> PupilFacts:
    return PupilFacts(
        id=row["id"],
        forename=row["preferred_forename"] or row["legal_forename"],
        surname=row["preferred_surname"] or row["legal_surname"],
        legal_name=f"{row['legal_forename']} {row['legal_surname']}",
        date_of_birth=row["date_of_birth"],
        sex=row["sex"],
        year_group=row["year_group"],
        class_name=row["class_name"],
        class_teachers=tuple(row["class_teachers"]),
    )


def _by_name(pupil: PupilFacts) -> tuple[str, str, UUID]:
    return search_key(pupil.surname), search_key(pupil.forename), pupil.id
