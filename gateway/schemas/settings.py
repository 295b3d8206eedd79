"""How the product works for the school, each section kept by the service whose rule it is (R29)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gateway.schemas.parts import Email, Line, PartialPage, Shape, Written
from shared.contracts.vocabulary import YearGroup

__all__ = [
    "DetailsChange",
    "DetailsSettings",
    "IdentitySettings",
    "SchoolSettings",
    "SignInChange",
    "SignInSettings",
    "SignInValues",
]

FirstPasswords = Literal["default", "starting_codes"]
TwoStep = Literal["optional", "admin_and_slt"]


class SignInValues(Shape):
    first_passwords: FirstPasswords = Field(description="What a new user signs in with first.")
    two_step: TwoStep = Field(description="Who must have two-step sign-in; others may.")


class SignInSettings(SignInValues):
    version: int
    defaults: SignInValues


class SignInChange(Written):
    expected_version: int
    first_passwords: FirstPasswords
    two_step: TwoStep


class DetailsSettings(Shape):
    """What the school is called, where it is, and how it is reached. Null is not given."""

    version: int
    name: str
    address_line_1: str | None
    address_line_2: str | None
    town: str | None
    postcode: str
    telephone: str | None
    contact_email: str | None
    first_year_group: YearGroup
    last_year_group: YearGroup


class DetailsChange(Written):
    """The whole of them: what is not sent, or null, is taken away."""

    expected_version: int
    name: Line
    address_line_1: Line | None = None
    address_line_2: Line | None = None
    town: Line | None = None
    postcode: Line
    telephone: Line | None = None
    contact_email: Email | None = None
    first_year_group: YearGroup
    last_year_group: YearGroup


class IdentitySettings(Shape):
    details: DetailsSettings
    sign_in: SignInSettings


class SchoolSettings(PartialPage):
    """A section is null where its service does not answer."""

    details: DetailsSettings | None = None
    sign_in: SignInSettings | None = None
