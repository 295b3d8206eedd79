"""The shapes of a school's subjects, terms and scale over HTTP (R29)."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.reports.scale.band import Band, default_bands
from services.reports.school_settings.entries import NEW
from services.reports.school_settings.service import Settings
from services.reports.subjects.subject import Subject, default_subjects, in_school_order
from services.reports.terms.term import Term
from shared.contracts.vocabulary import AcademicYearName, YearGroup

__all__ = [
    "BandView",
    "ReportsSettings",
    "ScaleBody",
    "ScaleSettings",
    "SubjectView",
    "SubjectsBody",
    "SubjectsSettings",
    "TermView",
    "TermsBody",
    "TermsSettings",
]

_PRINTABLE = r"^[^\x00-\x1f\x7f]+$"


def _one_space(text: str) -> str:
    return " ".join(text.split())


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=_PRINTABLE),
    AfterValidator(_one_space),
]
Code = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=6, pattern=r"^[^\x00-\x20\x7f]+$"
    ),
]
Meaning = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
]
Version = Annotated[int, Field(ge=1, description="The version that was looked at.")]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _SaidEntry(_Said):
    id: UUID | None = Field(default=None, description="Null for one that is new.")
    name: Name
    active: bool = True


class SubjectView(BaseModel):
    id: UUID
    name: str
    year_groups: list[YearGroup] = Field(description="Those it is taught in; none is all.")
    active: bool


class SubjectsSettings(BaseModel):
    """All subjects, inactive ones too, in the school's order."""

    version: int
    subjects: list[SubjectView]
    defaults: list[str] = Field(description="The names of those that a new school has.")

    @classmethod
    def of(cls, settings: Settings) -> SubjectsSettings:
        return cls(
            version=settings.versions.subjects,
            subjects=[SubjectView(id=one.id, **one.values()) for one in settings.subjects],
            defaults=[subject.name for subject in default_subjects()],
        )


class SubjectBody(_SaidEntry):
    year_groups: list[YearGroup] = Field(default_factory=list, max_length=16)

    def said(self) -> Subject:
        return Subject(self.id or NEW, self.name, self.active, in_school_order(self.year_groups))


class SubjectsBody(_Said):
    """The whole list in its order: what is there may be changed and is not left out (R6)."""

    expected_version: Version
    subjects: list[SubjectBody] = Field(max_length=100)


class TermView(BaseModel):
    id: UUID
    name: str
    first_day: date
    last_day: date = Field(description="The last that belongs to it.")
    active: bool


class TermsSettings(BaseModel):
    """Those of the school's academic year, by their first days, inactive ones last."""

    version: int
    academic_year: AcademicYearName
    proposed: bool = Field(description="Made by the calendar, and nobody has saved them yet.")
    terms: list[TermView]

    @classmethod
    def of(cls, settings: Settings) -> TermsSettings:
        return cls(
            version=settings.versions.terms,
            academic_year=settings.academic_year,
            proposed=any(term.proposed for term in settings.terms),
            terms=[TermView.model_validate({"id": t.id, **t.values()}) for t in settings.terms],
        )


class TermBody(_SaidEntry):
    first_day: date
    last_day: date

    def said(self) -> Term:
        return Term(self.id or NEW, self.name, self.active, self.first_day, self.last_day)


class TermsBody(_Said):
    """As `SubjectsBody`, in any order."""

    expected_version: Version
    terms: list[TermBody] = Field(max_length=30)


class BandView(BaseModel):
    id: UUID
    code: str
    name: str
    meaning: str
    expectation: bool = Field(description="From this one on a pupil is where the year expects.")
    active: bool


class ScaleSettings(BaseModel):
    """All bands, inactive ones too, from the lowest to the highest."""

    version: int
    bands: list[BandView]
    defaults: list[str] = Field(description="The names of those that a new school has.")

    @classmethod
    def of(cls, settings: Settings) -> ScaleSettings:
        return cls(
            version=settings.versions.scale,
            bands=[BandView(id=band.id, **band.values()) for band in settings.bands],
            defaults=[band.name for band in default_bands()],
        )


class BandBody(_SaidEntry):
    code: Code
    meaning: Meaning = ""
    expectation: bool = False

    def said(self) -> Band:
        return Band(
            self.id or NEW, self.name, self.active, self.code, self.meaning, self.expectation
        )


class ScaleBody(_Said):
    """As `SubjectsBody`, from the lowest band to the highest."""

    expected_version: Version
    bands: list[BandBody] = Field(max_length=30)


class ReportsSettings(BaseModel):
    """All settings that reports keeps, each section with a version of its own."""

    subjects: SubjectsSettings
    terms: TermsSettings
    scale: ScaleSettings

    @classmethod
    def of(cls, settings: Settings) -> ReportsSettings:
        return cls(
            subjects=SubjectsSettings.of(settings),
            terms=TermsSettings.of(settings),
            scale=ScaleSettings.of(settings),
        )
