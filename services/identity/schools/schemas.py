"""The shapes of schools over HTTP."""

from __future__ import annotations

import re
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
    model_validator,
)

from services.identity.schools.repository import ListedSchool
from services.identity.schools.school import School
from shared.contracts.vocabulary import YearGroup
from shared.school.year_groups import year_groups_between

__all__ = ["AdminMade", "NewSchoolBody", "SchoolMade", "SchoolView", "SchoolsFound"]

# Source: gov.uk, "Bulk data transfer: additional validation", without the special cases.
_POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$")


def _postcode(text: str) -> str:
    found = _POSTCODE.match(re.sub(r"\s", "", text).upper())
    if found is None:
        raise ValueError("a postcode looks like NG7 5PN")
    return f"{found[1]} {found[2]}"


class NewSchoolBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=2, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"
        ),
    ]
    postcode: Annotated[str, AfterValidator(_postcode)]
    first_year_group: YearGroup
    last_year_group: YearGroup
    admin_email: Annotated[EmailStr, StringConstraints(max_length=254)]

    @model_validator(mode="after")
    def year_groups_are_in_order(self) -> NewSchoolBody:
        year_groups_between(self.first_year_group, self.last_year_group)
        return self


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
