"""The shapes of the roll-up over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.vocabulary import GroupKind, YearGroup

__all__ = [
    "ComesFrom",
    "FollowedBy",
    "GroupChoice",
    "GroupOfRollUp",
    "GroupRollUp",
    "LastRollUp",
    "LeaversBody",
    "LeaversDefaults",
    "PlaceBody",
    "PupilOfRollUp",
    "RollUpPlan",
    "RollUpSettings",
    "SuccessionsBody",
]


class GroupOfRollUp(BaseModel):
    """Where the pupils of one year group in a group go; a joint class has a row for each."""

    group_id: UUID
    name: str
    kind: GroupKind
    year_group: YearGroup | None = Field(description="Of the pupils.")
    pupils: int
    leaving: bool = Field(description="The school's last year group: they leave.")
    next_group_id: UUID | None
    how: Literal["named", "proposed", "none"]
    proposed_group_id: UUID | None


class GroupChoice(BaseModel):
    id: UUID
    name: str
    kind: GroupKind
    year_group: YearGroup | None


class PupilOfRollUp(BaseModel):
    id: UUID
    name: str
    year_group: YearGroup | None


class LastRollUp(BaseModel):
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
    changed_since: list[PupilOfRollUp] = Field(
        description="Whom undoing left as they were, since somebody had changed them."
    )


class RollUpPlan(BaseModel):
    """What the next roll-up will do, and what the last one did."""

    academic_year: str
    next_academic_year: str
    due_on: date
    version: int = Field(description="Of what the admin chose; 0 until something was.")
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


class FollowedBy(BaseModel):
    """Where the pupils of one year group in a group go."""

    year_group: YearGroup | None
    pupils: int
    leaving: bool
    how: Literal["named", "proposed", "none"]
    group: GroupChoice | None


class ComesFrom(BaseModel):
    """A group whose pupils of one year group come into this one."""

    group: GroupChoice
    year_group: YearGroup | None
    pupils: int


class GroupRollUp(BaseModel):
    """What the next roll-up does with one group."""

    due_on: date
    waits: bool = Field(description="It was undone, and runs only when the admin says so.")
    follows: list[FollowedBy]
    precedes: list[ComesFrom]
    takes_leavers: bool


class LeaversDefaults(BaseModel):
    """No set: leavers keep their classes, and are in none besides."""

    leavers_group_id: None


class RollUpSettings(BaseModel):
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


class LeaversBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    expected_version: int = Field(ge=0)
    leavers_group_id: UUID | None = None


class PlaceBody(BaseModel):
    """The pupils of one year group in a group, and the group that follows for them."""

    model_config = ConfigDict(extra="forbid")

    group_id: UUID
    year_group: YearGroup | None
    next_group_id: UUID | None = None
    by_name: bool = Field(default=False, description="Leave it to the groups' names again.")


class SuccessionsBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    expected_version: int = Field(ge=0)
    places: list[PlaceBody] = Field(min_length=1, max_length=2000)
