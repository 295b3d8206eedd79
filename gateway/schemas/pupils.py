"""Pupils, as lists and pages show them (R10, R11, R14)."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from gateway.schemas.parents import ParentState
from gateway.schemas.parts import GroupReference, Line, PartialPage, Shape, Written
from shared.contracts.vocabulary import Origin, Sex, YearGroup
from shared.web.paging import Page

__all__ = [
    "NewPupil",
    "Pupil",
    "PupilChange",
    "PupilDetail",
    "PupilFields",
    "PupilList",
    "PupilPage",
    "PupilParent",
]


class Pupil(Shape):
    id: UUID
    version: int
    active: bool
    active_reason: str | None = None
    upn: str | None = None
    former_upns: list[str] = Field(default_factory=list)
    legal_forename: str
    legal_surname: str
    preferred_forename: str | None = None
    preferred_surname: str | None = None
    middle_names: str | None = None
    date_of_birth: date | None = None
    sex: Sex | None = None
    year_group: YearGroup | None = None
    year_offset: int = Field(
        default=0, description="Years above (negative: below) their age, by a person's word."
    )
    year_group_of_age: YearGroup | None = Field(
        default=None, description="What the date of birth tells."
    )
    year_disagrees: bool = Field(
        default=False, description="Year group and date of birth do not fit."
    )
    origin: Origin
    overrides: list[str] = Field(
        default_factory=list, description="Fields set by hand, which the sync leaves alone."
    )
    groups: list[GroupReference] = Field(default_factory=list)


class PupilList(Page[Pupil]):
    pass


class PupilDetail(Pupil):
    """One pupil, for the admin and SLT with the optional fields that the school keeps (R29)."""

    fields: list[str] = Field(
        default_factory=list, description="The optional fields that are shown; others are null."
    )
    upn_warning: str | None = Field(
        default=None, description="What should be looked at in a UPN that is right in form."
    )
    ethnicity: str | None = None
    first_language: str | None = None
    sen_provision: str | None = None
    free_school_meals: bool | None = None
    pupil_premium: bool | None = None
    in_care: bool | None = None
    eal: bool | None = Field(
        default=None, description="English as an additional language, by the first language."
    )


class PupilParent(Shape):
    """A parent as the page of their child shows them."""

    id: UUID
    name: str
    active: bool
    state: ParentState
    seen: bool = Field(description="Whether the parent sees the child.")
    hindrance: str | None = Field(description="Why not, in a sentence for the page.")


class PupilPage(PartialPage):
    """`removed` and `parents` are for the admin; others get none."""

    pupil: PupilDetail
    removed: list[GroupReference] = Field(
        default_factory=list, description="Groups that the pupil was taken out of by hand."
    )
    parents: list[PupilParent] = Field(default_factory=list)


class FieldChoice(Shape):
    code: str
    label: str


class PupilField(Shape):
    """What can be said of a pupil, with DfE's codes and what they are called."""

    name: str
    label: str
    kind: Literal["text", "upn", "day", "choice", "yes_no"]
    required: bool
    optional: bool = Field(description="Kept only by schools that chose to.")
    help: str
    choices: list[FieldChoice]
    open_choices: bool = Field(description="A code of the right form counts without a label, too.")


class PupilFields(Shape):
    """Those that this school keeps, in the order of a form."""

    items: list[PupilField]


class _OptionalFields(Written):
    """Accepted only where the school keeps the field (R29)."""

    ethnicity: Line | None = None
    first_language: Line | None = None
    sen_provision: Line | None = None
    free_school_meals: bool | None = None
    pupil_premium: bool | None = None
    in_care: bool | None = None


class NewPupil(_OptionalFields):
    """A pupil added by hand. What is wrong with the UPN is answered position by position."""

    legal_forename: Line
    legal_surname: Line
    preferred_forename: Line | None = None
    preferred_surname: Line | None = None
    middle_names: Line | None = None
    date_of_birth: date | None = None
    sex: Sex | None = None
    year_group: YearGroup | None = None
    year_offset: int = 0
    upn: Line | None = None


class PupilChange(_OptionalFields):
    """What is to be different; a field that is not sent stays, and `null` empties it."""

    expected_version: int = Field(description="The version that was looked at.")
    legal_forename: Line = ""
    legal_surname: Line = ""
    preferred_forename: Line | None = None
    preferred_surname: Line | None = None
    middle_names: Line | None = None
    date_of_birth: date | None = None
    sex: Sex | None = None
    year_group: YearGroup | None = None
    year_offset: int = 0
    upn: Line | None = None
    active: bool = True
    active_reason: Line | None = None
