"""The shapes of schools over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    StringConstraints,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from services.identity.schools.contact import postcode
from services.identity.schools.repository import ListedSchool
from services.identity.schools.school import School
from shared.contracts.vocabulary import YearGroup
from shared.school.year_groups import year_group_label, year_groups_between

__all__ = [
    "AdminMade",
    "LastYearGroup",
    "Name",
    "NewSchoolBody",
    "Postcode",
    "SchoolMade",
    "SchoolView",
    "SchoolsFound",
    "SessionsOfSchoolEnded",
    "checked",
]

Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=2, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
]


def checked(rule: Callable[[str], str]) -> AfterValidator:
    """The rule, with what is wrong in its own words at the field."""

    def check(text: str) -> str:
        try:
            return rule(text)
        except ValueError as wrong:
            raise PydanticCustomError("rule", "{wrong}", {"wrong": str(wrong)}) from None

    return AfterValidator(check)


def _not_before_the_first(last: YearGroup, info: ValidationInfo) -> YearGroup:
    first = info.data.get("first_year_group")
    try:
        year_groups_between(first or last, last)
    except ValueError:
        raise PydanticCustomError(
            "rule",
            "{last} comes before {first}. Choose {first} or a later one.",
            {"first": year_group_label(str(first)), "last": year_group_label(last)},
        ) from None
    return last


Postcode = Annotated[str, checked(postcode)]
LastYearGroup = Annotated[YearGroup, AfterValidator(_not_before_the_first)]
"""In a model that has a `first_year_group` before it."""


class NewSchoolBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name
    postcode: Postcode
    first_year_group: YearGroup
    last_year_group: LastYearGroup
    admin_email: Annotated[EmailStr, StringConstraints(max_length=254)]


class SchoolView(BaseModel):
    id: UUID
    name: str
    postcode: str
    first_year_group: YearGroup
    last_year_group: YearGroup

    @classmethod
    def of(cls, school: School | ListedSchool) -> SchoolView:
        return cls(
            id=school.school_id,
            name=school.name,
            postcode=school.postcode,
            first_year_group=school.first_year_group,
            last_year_group=school.last_year_group,
        )


class SchoolsFound(BaseModel):
    items: list[SchoolView]


class AdminMade(BaseModel):
    id: UUID
    username: str
    sign_in_link: str = Field(description="Works once, for seven days; sent by e-mail as well.")
    link_expires_at: datetime


class SchoolMade(BaseModel):
    """What setting a school up gives: the link and the words are shown here and never again."""

    school: SchoolView
    admin: AdminMade
    default_password: str


class SessionsOfSchoolEnded(BaseModel):
    ended: int
