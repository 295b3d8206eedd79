"""How the product works for the school, each section kept by the service whose rule it is (R29)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from gateway.schemas.parts import Email, Line, PartialPage, Shape, Written
from gateway.schemas.roll_up import RollUpSettings
from shared.contracts.vocabulary import AcademicYearName, YearGroup

__all__ = [
    "Band",
    "BandChange",
    "DetailsChange",
    "DetailsSettings",
    "IdentitySettings",
    "PupilFieldsChange",
    "PupilFieldsSettings",
    "PupilFieldsValues",
    "ReportsSettings",
    "ScaleChange",
    "ScaleSettings",
    "SchoolSettings",
    "SignInChange",
    "SignInSettings",
    "SignInValues",
    "Subject",
    "SubjectChange",
    "SubjectsChange",
    "SubjectsSettings",
    "SyncChange",
    "SyncSettings",
    "SyncValues",
    "Term",
    "TermChange",
    "TermsChange",
    "TermsSettings",
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


class Subject(Shape):
    id: UUID
    name: str
    year_groups: list[YearGroup] = Field(description="Those it is taught in; none is all.")
    active: bool


class SubjectsSettings(Shape):
    """All subjects, inactive ones too, in the school's order."""

    version: int
    subjects: list[Subject]
    defaults: list[str]


class EntryChange(Written):
    id: UUID | None = Field(default=None, description="Null for one that is new.")
    name: Line
    active: bool = True


class SubjectChange(EntryChange):
    year_groups: list[YearGroup] = Field(default_factory=list, max_length=16)


class SubjectsChange(Written):
    """The whole list in its order: what is there may be changed and is not left out (R6)."""

    expected_version: int
    subjects: list[SubjectChange] = Field(max_length=100)


class Term(Shape):
    id: UUID
    name: str
    first_day: date
    last_day: date = Field(description="The last that belongs to it.")
    active: bool


class TermsSettings(Shape):
    """Those of the school's academic year, by their first days, inactive ones last."""

    version: int
    academic_year: AcademicYearName
    proposed: bool = Field(description="Made by the calendar, and nobody has saved them yet.")
    terms: list[Term]


class TermChange(EntryChange):
    first_day: date
    last_day: date


class TermsChange(Written):
    """As `SubjectsChange`, in any order."""

    expected_version: int
    terms: list[TermChange] = Field(max_length=30)


class Band(Shape):
    id: UUID
    code: str
    name: str
    meaning: str
    expectation: bool = Field(description="From this one on a pupil is where the year expects.")
    active: bool


class ScaleSettings(Shape):
    """All bands, inactive ones too, from the lowest to the highest."""

    version: int
    bands: list[Band]
    defaults: list[str]


class BandChange(EntryChange):
    code: Line
    meaning: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    expectation: bool = False


class ScaleChange(Written):
    """As `SubjectsChange`, from the lowest band to the highest."""

    expected_version: int
    bands: list[BandChange] = Field(max_length=30)


class ReportsSettings(Shape):
    subjects: SubjectsSettings
    terms: TermsSettings
    scale: ScaleSettings


class SyncValues(Shape):
    hour: int | None = Field(description="In London's time; null leaves it to us.")
    parents: bool = Field(description="Whether contacts of the MIS become parents.")


class SyncSettings(SyncValues):
    """`at` and `usual_at` are London's times, as `02:37`: schools are spread over each hour."""

    version: int
    at: str = Field(description="When the MIS is asked every night.")
    usual_at: str = Field(description="When it is where the hour is left to us.")
    minute: int = Field(description="The minute of whichever hour.")
    defaults: SyncValues


class SyncChange(Written):
    expected_version: int
    hour: Annotated[int, Field(ge=0, le=6)] | None
    parents: bool | None = Field(default=None, description="Null leaves it as it is.")


class SchoolSettings(PartialPage):
    """A section is null where its service does not answer."""

    details: DetailsSettings | None = None
    sign_in: SignInSettings | None = None
    pupil_fields: PupilFieldsSettings | None = None
    roll_up: RollUpSettings | None = None
    subjects: SubjectsSettings | None = None
    terms: TermsSettings | None = None
    scale: ScaleSettings | None = None
    sync: SyncSettings | None = None
