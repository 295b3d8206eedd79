"""The set-up guide: what each service counts, and what its steps say (R28)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gateway.schemas.mis import LinkHealth
from gateway.schemas.parts import PartialPage, ServiceName, Shape, Written
from shared.contracts.vocabulary import AcademicYearName

__all__ = [
    "IdentitySetUp",
    "MisSetUp",
    "PutAway",
    "ReportsSetUp",
    "RosterSetUp",
    "SetUp",
    "SetUpStep",
    "StepId",
    "StepState",
    "Way",
]


class IdentitySetUp(Shape):
    has_address: bool
    has_telephone: bool
    has_contact_email: bool
    users: int
    users_claimed: int
    users_stuck: int
    senior_leaders: int
    leaders: int
    first_passwords: Literal["default", "starting_codes"]
    parents: int
    parents_claimed: int
    put_away: bool


class RosterSetUp(Shape):
    pupils: int
    missing_upn: int
    pupils_without_class: int
    groups: int
    classes: int
    classes_without_teacher: int
    classes_without_next: int
    academic_year: AcademicYearName


class MisSetUp(Shape):
    link_state: LinkHealth
    connector_heard: bool
    snapshot_applied: bool
    differences: int
    pupils_not_here: int


class ReportsSetUp(Shape):
    has_logo: bool
    subjects: int
    terms: int
    terms_proposed: int


StepId = Literal[
    "details",
    "logo",
    "mis_link",
    "first_snapshot",
    "mapping",
    "check",
    "pupils",
    "groups",
    "users",
    "leaders",
    "teachers",
    "first_sign_in",
    "terms",
    "following_classes",
    "parents",
]
StepState = Literal["done", "to_do", "unknown"]
Way = Literal["mis", "by_hand"]


class SetUpStep(Shape):
    """One step, as the data show it now."""

    id: StepId
    state: StepState = Field(description="`unknown` while its service does not answer.")
    needed: bool = Field(description="Else it can wait, or is for schools that use it.")
    way: Way | None = Field(default=None, description="Null: whichever way the school goes.")
    service: ServiceName
    there: str | None = Field(default=None, description="What there is, in a sentence.")
    missing: list[str] = Field(default_factory=list, description="What is not, a sentence each.")


class SetUp(PartialPage):
    """`way` is null while neither is begun or it cannot be told: the admin may look at both."""

    way: Way | None
    complete: bool | None = Field(description="Null while something needed is unknown.")
    put_away: bool | None = Field(description="Off the home page; null where that is unknown.")
    steps: list[SetUpStep]


class PutAway(Written):
    put_away: bool
