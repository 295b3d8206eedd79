"""Whose reports somebody may have made (R14, R27): a teacher of their groups, a leader of all."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.reports.generated.choices_repository import pupils_of_year_group
from services.reports.generated.job import MOST_PUPILS, Scope, ScopeKind
from services.reports.generated.problems import NoPupils, TooManyPupils, WholeYearGroups
from services.reports.visible.reach import reach_of
from services.reports.visible.repository import SeenPupil
from services.reports.visible.service import group_for, pupils_for, pupils_of_group_for
from shared.database.pool import Connection
from shared.school.year_groups import year_group_label
from shared.security.principals import Principal

__all__ = ["Chosen", "chosen"]


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
        pupils = await pupils_of_year_group(connection, scope.year_group or "")
    if not pupils:
        raise NoPupils
    if len(pupils) > MOST_PUPILS:
        raise TooManyPupils(len(pupils))
    return Chosen(scope, name, tuple(pupils))


def _named(pupils: list[SeenPupil]) -> list[tuple[UUID, str]]:
    return [(pupil.id, f"{pupil.surname}, {pupil.forename}") for pupil in pupils]
