"""The shapes of a school's settings over HTTP (R29)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints

from services.identity.school_settings.school_settings import (
    FirstPasswords,
    SchoolSettings,
    TwoStep,
)
from services.identity.schools.contact import telephone
from services.identity.schools.schemas import LastYearGroup, Name, Postcode, checked
from services.identity.schools.school import School
from shared.contracts.vocabulary import YearGroup

__all__ = [
    "DetailsBody",
    "DetailsSettings",
    "IdentitySettings",
    "SignInBody",
    "SignInSettings",
    "SignInValues",
]

Line = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
]
Telephone = Annotated[Line, checked(telephone)]


class SignInValues(BaseModel):
    first_passwords: FirstPasswords = Field(
        description="What a new user signs in with first: the school's default password, or a "
        "code of their own (R2)."
    )
    two_step: TwoStep = Field(description="Who must have two-step sign-in; others may.")


class SignInSettings(SignInValues):
    version: int = Field(description="0 until somebody changes something.")
    defaults: SignInValues

    @classmethod
    def of(cls, settings: SchoolSettings) -> SignInSettings:
        return cls(
            **settings.values(),
            version=settings.version,
            defaults=SignInValues(**SchoolSettings().values()),
        )


class DetailsSettings(BaseModel):
    """What the school is called, where it is, and how it is reached. Null is not given."""

    name: str
    address_line_1: str | None
    address_line_2: str | None
    town: str | None
    postcode: str
    telephone: str | None
    contact_email: str | None
    first_year_group: YearGroup
    last_year_group: YearGroup
    version: int

    @classmethod
    def of(cls, school: School) -> DetailsSettings:
        return cls(**school.values(), version=school.version)


class DetailsBody(BaseModel):
    """The whole of them: what is not sent, or null, is taken away."""

    model_config = ConfigDict(extra="forbid")

    expected_version: int = Field(ge=1, description="The version that was looked at.")
    name: Name
    address_line_1: Line | None = None
    address_line_2: Line | None = None
    town: Line | None = None
    postcode: Postcode = Field(
        description="Usernames that are made from now on begin with it; others stay (R7)."
    )
    telephone: Telephone | None = None
    contact_email: Annotated[EmailStr, StringConstraints(max_length=254)] | None = None
    first_year_group: YearGroup
    last_year_group: LastYearGroup


class IdentitySettings(BaseModel):
    """All settings that identity keeps, each section with a version of its own."""

    details: DetailsSettings
    sign_in: SignInSettings


class SignInBody(SignInValues):
    model_config = ConfigDict(extra="forbid")

    expected_version: int = Field(description="The version that was looked at.")
