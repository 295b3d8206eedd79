"""Whose reports somebody may have made: a teacher's of their groups, a senior leader's of the school
(R14, R27)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.reports.generated.job import MOST_PUPILS, Scope, ScopeKind
from services.reports.generated.problems import NoPupils, TooManyPupils, WholeYearGroups
from services.reports.visible.reach import reach_of
from services.reports.visible.repository import SeenPupil
from services.reports.visible.service import group_for, pupils_for, pupils_of_group_for
from shared.database.pool import Connection
from shared.school.year_groups import year_group_label
from shared.security.principals import Principal

__all__ = ["Chosen", "chosen", "pupils_by_year_group"]


@dataclass(frozen=True)
class Chosen:
    """`name` is what the office calls them; `pupils` are in the order in which reports are put."""

    scope: Scope
    name: str
    pupils: tuple[tuple[UUID, str], ...]


async def chosen(connection: Connection, principal: Principal, scope: Scope) -> Chosen:
    """Raises `AssessmentsAreTheUsers`, `GroupNotSeen`, `PupilNotSeen`, `WholeYearGroups`,
    `NoPupils` or `TooManyPupils`."""
    reach = reach_of(principal)
    if scope.kind is ScopeKind.GROUP and scope.id:
        group = await group_for(connection, principal, scope.id)
        name = group.name
        pupils = _named(await pupils_of_group_for(connection, principal, group.id))
    elif scope.kind is ScopeKind.PUPIL and scope.id:
        [pupil] = await pupils_for(connection, principal, [scope.id])
        name = f"{pupil.forename} {pupil.surname}"
        pupils = _named([pupil])
    else:
        if not reach.whole_school:
            raise WholeYearGroups
        name = year_group_label(scope.year_group or "")
        pupils = await _of_year_group(connection, scope.year_group or "")
    if not pupils:
        raise NoPupils
    if len(pupils) > MOST_PUPILS:
        raise TooManyPupils(len(pupils))
    return Chosen(scope, name, tuple(pupils))


def _named(pupils: list[SeenPupil]) -> list[tuple[UUID, str]]:
    return [(pupil.id, f"{pupil.surname}, {pupil.forename}") for pupil in pupils]


async def _of_year_group(connection: Connection, year_group: str) -> list[tuple[UUID, str]]:
    """Class by class, as they are given out; within one by name."""
    rows = await connection.fetch(
        """
        SELECT p.id, coalesce(p.preferred_surname, p.legal_surname) || ', '
            || coalesce(p.preferred_forename, p.legal_forename) AS name
        FROM pupils p LEFT JOIN LATERAL (
            SELECT min(lower(g.name)) AS name FROM links m
            JOIN groups g ON g.id = m.group_id AND g.active AND g.kind = 'class'
            WHERE m.kind = 'member' AND m.present AND m.person_id = p.id
        ) class ON true
        WHERE p.active AND p.year_group = $1
        ORDER BY class.name NULLS LAST, lower(coalesce(p.preferred_surname, p.legal_surname)),
            lower(coalesce(p.preferred_forename, p.legal_forename)), p.id
        """,
        year_group,
    )
    return [(row["id"], row["name"]) for row in rows]


async def pupils_by_year_group(connection: Connection) -> dict[str, int]:
    """Active ones of the school, the youngest first."""
    rows = await connection.fetch(
        "SELECT year_group, count(*) AS pupils FROM pupils "
        "WHERE active AND year_group IS NOT NULL GROUP BY year_group ORDER BY year_place(year_group)"
    )
    return {row["year_group"]: row["pupils"] for row in rows}
