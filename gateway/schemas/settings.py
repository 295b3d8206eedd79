"""How the product works for the school, each section kept by the service whose rule it is (R29)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gateway.schemas.parts import Email, Line, PartialPage, Shape, Written
from gateway.schemas.roll_up import RollUpSettings
from shared.contracts.vocabulary import YearGroup

__all__ = [
    "DetailsChange",
    "DetailsSettings",
    "IdentitySettings",
    "PupilFieldsChange",
    "PupilFieldsSettings",
    "PupilFieldsValues",
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


class PupilFieldsValues(Shape):
    """Whether each optional field of pupils is kept."""

    ethnicity: bool
    first_language: bool
    sen_provision: bool
    free_school_meals: bool
    pupil_premium: bool
    in_care: bool


class PupilFieldHelp(Shape):
    name: str
    label: str
    help: str


class PupilFieldsSettings(PupilFieldsValues):
    version: int
    defaults: PupilFieldsValues
    about: list[PupilFieldHelp] = Field(description="What each is called, in the order of a form.")


class PupilFieldsChange(Written):
    """The whole of them."""

    expected_version: int
    ethnicity: bool
    first_language: bool
    sen_provision: bool
    free_school_meals: bool
    pupil_premium: bool
    in_care: bool


class SchoolSettings(PartialPage):
    """A section is null where its service does not answer."""

    details: DetailsSettings | None = None
    sign_in: SignInSettings | None = None
    pupil_fields: PupilFieldsSettings | None = None
    roll_up: RollUpSettings | None = None
