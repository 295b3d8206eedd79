"""The roll-up: what the next one will do, what the last one did, and which class follows which."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from gateway.schemas.parts import Shape, Written
from shared.contracts.vocabulary import GroupKind, YearGroup

__all__ = [
    "GroupChoice",
    "GroupRollUp",
    "RollUpChange",
    "RollUpPlan",
    "RollUpSettings",
    "Successions",
]


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
    leavers_group: GroupChoice | None = Field(description="The set that leavers were put into.")
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
    leavers_group: GroupChoice | None = Field(description="The set for leavers, where one is set.")
    leavers_group_stands: bool = Field(
        description="Whether leavers would be put into it: it is an active set."
    )
    moving_up: int
    leaving: list[PupilOfRollUp]
    without_class: list[PupilOfRollUp]
    without_year: list[PupilOfRollUp]
    last: LastRollUp | None


class FollowedBy(Shape):
    """Where the pupils of one year group in a group go."""

    year_group: YearGroup | None
    pupils: int
    leaving: bool
    how: Literal["named", "proposed", "none"]
    group: GroupChoice | None


class ComesFrom(Shape):
    """A group whose pupils of one year group come into this one."""

    group: GroupChoice
    year_group: YearGroup | None
    pupils: int


class GroupRollUp(Shape):
    """What the next roll-up does with one group."""

    due_on: date
    waits: bool = Field(description="It was undone, and runs only when the admin says so.")
    follows: list[FollowedBy]
    precedes: list[ComesFrom]
    takes_leavers: bool


class LeaversDefaults(Shape):
    """No set: leavers keep their classes, and are in none besides."""

    leavers_group_id: None


class RollUpSettings(Shape):
    """Where leavers go (R29), and how the next roll-up stands."""

    version: int
    leavers_group: GroupChoice | None
    leavers_group_stands: bool
    defaults: LeaversDefaults
    academic_year: str
    next_academic_year: str
    due_on: date
    waits: bool
    following: int = Field(description="Classes, each year group in one, that another follows.")
    without: int = Field(description="Those that none follows, and that do not leave.")
    leaving: int = Field(description="Pupils who would leave.")


class RollUpChange(Written):
    expected_version: int = Field(ge=0)
    leavers_group_id: UUID | None = None


class Place(Written):
    """The pupils of one year group in a group, and the group that follows for them."""

    group_id: UUID
    year_group: YearGroup | None
    next_group_id: UUID | None = None
    by_name: bool = Field(default=False, description="Leave it to the groups' names again.")


class Successions(Written):
    expected_version: int = Field(ge=0)
    places: list[Place] = Field(min_length=1, max_length=2000)
