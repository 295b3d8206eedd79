"""The roll-up: what the next one will do, what the last one did, and which class follows which."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from gateway.schemas.parts import Shape, Written
from shared.contracts.vocabulary import GroupKind, YearGroup

__all__ = ["RollUpPlan", "Successions"]


class GroupOfRollUp(Shape):
    """Where the pupils of one year group in a group go; a joint class has a row for each."""

    group_id: UUID
    name: str
    kind: GroupKind
    year_group: YearGroup | None = Field(description="Of the pupils.")
    pupils: int
    leaving: bool
    next_group_id: UUID | None
    how: Literal["named", "proposed", "none"]
    proposed_group_id: UUID | None


class GroupChoice(Shape):
    id: UUID
    name: str
    kind: GroupKind
    year_group: YearGroup | None


class PupilOfRollUp(Shape):
    id: UUID
    name: str
    year_group: YearGroup | None


class LastRollUp(Shape):
    id: UUID
    academic_year: str = Field(description="The one that it began.")
    ran_at: datetime
    undo_until: datetime
    undone_at: datetime | None
    can_undo: bool
    can_run_again: bool
    moved_up: int
    left_school: int
    without_class: list[PupilOfRollUp]
    without_year: list[PupilOfRollUp]
    changed_since: list[PupilOfRollUp]


class RollUpPlan(Shape):
    academic_year: str
    next_academic_year: str
    due_on: date
    version: int
    groups: list[GroupOfRollUp]
    choices: list[GroupChoice]
    moving_up: int
    leaving: list[PupilOfRollUp]
    without_class: list[PupilOfRollUp]
    without_year: list[PupilOfRollUp]
    last: LastRollUp | None


class Place(Written):
    """The pupils of one year group in a group, and the group that follows for them."""

    group_id: UUID
    year_group: YearGroup | None
    next_group_id: UUID | None = None
    by_name: bool = Field(default=False, description="Leave it to the groups' names again.")


class Successions(Written):
    expected_version: int = Field(ge=0)
    places: list[Place] = Field(min_length=1, max_length=2000)
