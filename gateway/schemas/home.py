"""The first page after signing in: the school's for the admin, one's own groups for users (R19)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateway.schemas.claims import ClaimsSummary
from gateway.schemas.groups import Group
from gateway.schemas.mis import LinkHealth, Run
from gateway.schemas.parts import PartialPage, Shape
from gateway.schemas.sessions import School
from shared.contracts.vocabulary import AcademicYearName

__all__ = ["AdminHome", "Home", "MappingAlert", "MisState", "SchoolSummary", "UserHome"]


class MappingAlert(Shape):
    """There are differences between the MIS and here that a person must decide."""

    differences: int
    message: str
    link: str


class SchoolSummary(Shape):
    """Active ones only."""

    pupils: int
    groups: int
    pupils_without_class: int = 0
    missing_upn: int = 0
    academic_year: AcademicYearName | None = None


class MisState(Shape):
    link_state: LinkHealth
    last_run: Run | None = None


class AdminHome(PartialPage):
    kind: Literal["admin"] = "admin"
    school: School
    alert: MappingAlert | None = None
    summary: SchoolSummary | None = None
    mis: MisState | None = None
    claims: ClaimsSummary | None = None


class UserHome(PartialPage):
    kind: Literal["user"] = "user"
    school: School
    groups: list[Group] = Field(default_factory=list)


Home = Annotated[AdminHome | UserHome, Field(discriminator="kind")]
