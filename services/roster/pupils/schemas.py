"""The shapes of pupils over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.roster.fields.field import OPTIONAL_FIELDS, coded, field_named
from services.roster.schemas import GroupOfPupil, Written
from shared.contracts.vocabulary import Origin, Sex, YearGroup
from shared.school.characteristics import is_eal
from shared.school.upn import check_upn
from shared.school.year_groups import (
    MOST_YEARS_OFF,
    year_group_disagrees,
    year_group_of_birth,
)

__all__ = [
    "NewPupil",
    "OverridableField",
    "PupilChange",
    "PupilDetail",
    "PupilView",
    "pupil_detail",
    "pupil_view",
]

OverridableField: TypeAlias = Literal[
    "upn",
    "legal_forename",
    "legal_surname",
    "preferred_forename",
    "preferred_surname",
    "middle_names",
    "date_of_birth",
    "sex",
    "year_group",
    "ethnicity",
    "first_language",
    "sen_provision",
    "free_school_meals",
    "pupil_premium",
    "in_care",
    "active",
]

YearOffset = Annotated[int, Field(ge=-MOST_YEARS_OFF, le=MOST_YEARS_OFF)]


def _code_of(name: str) -> AfterValidator:
    """Taken in its present form, or refused by the field's name."""

    def check(text: str) -> str:
        code = coded(name, text)
        if code is None:
            raise ValueError(f"this is not one of DfE's codes: {field_named(name).label}")
        return str(code)

    return AfterValidator(check)


Ethnicity = Annotated[str, Field(max_length=10), _code_of("ethnicity")]
Language = Annotated[str, Field(max_length=10), _code_of("first_language")]
SenProvision = Annotated[str, Field(max_length=10), _code_of("sen_provision")]


class PupilView(BaseModel):
    """A pupil. `overrides` names the fields set by hand, which the sync leaves alone (R13)."""

    id: UUID
    version: int = Field(ge=1)
    active: bool
    active_reason: str | None
    upn: str | None
    former_upns: list[str]
    legal_forename: str
    legal_surname: str
    preferred_forename: str | None
    preferred_surname: str | None
    middle_names: str | None
    date_of_birth: date | None
    sex: Sex | None
    year_group: YearGroup | None
    year_offset: int = Field(
        description="How many years above (negative: below) their age a person said they are taught"
    )
    year_group_of_age: YearGroup | None = Field(
        description="What the date of birth tells; null where it is unknown or outside N1 to 13"
    )
    year_disagrees: bool = Field(
        description="Year group and date of birth do not fit, beyond the offset that was set"
    )
    origin: Origin
    overrides: list[str]
    groups: list[GroupOfPupil] = Field(description="Active ones, of those the caller may see")


class PupilDetail(PupilView):
    """One pupil with the optional fields that the school keeps, for the admin and SLT (R29).

    The others are null, as all are for a teacher; `fields` names those that are shown.
    """

    fields: list[str]
    upn_warning: str | None = Field(
        description="What should be looked at in a UPN that is right in form (R11)"
    )
    ethnicity: str | None = None
    first_language: str | None = None
    sen_provision: str | None = None
    free_school_meals: bool | None = None
    pupil_premium: bool | None = None
    in_care: bool | None = None
    eal: bool | None = Field(
        default=None, description="English as an additional language, by the first language"
    )


class OptionalFields(BaseModel):
    """Accepted only where the school keeps the field (R29)."""

    model_config = ConfigDict(extra="forbid")

    ethnicity: Ethnicity | None = None
    first_language: Language | None = None
    sen_provision: SenProvision | None = None
    free_school_meals: bool | None = None
    pupil_premium: bool | None = None
    in_care: bool | None = None


class NewPupil(OptionalFields):
    """A pupil added by hand. Without a UPN they are listed as such until they have one (R11)."""

    upn: str | None = Field(default=None, max_length=30)
    legal_forename: Written
    legal_surname: Written
    preferred_forename: Written | None = None
    preferred_surname: Written | None = None
    middle_names: Written | None = None
    date_of_birth: date | None = None
    sex: Sex | None = None
    year_group: YearGroup | None = None
    year_offset: YearOffset = 0


class PupilChange(OptionalFields):
    """What is to be different; a field that is left out stays, and `null` empties it.

    The defaults are never read: only what was sent is (`fields`).
    """

    expected_version: int = Field(ge=1, description="The version that the change was made on")
    upn: str | None = Field(default=None, max_length=30)
    legal_forename: Written = ""
    legal_surname: Written = ""
    preferred_forename: Written | None = None
    preferred_surname: Written | None = None
    middle_names: Written | None = None
    date_of_birth: date | None = None
    sex: Sex | None = None
    year_group: YearGroup | None = None
    year_offset: YearOffset = 0
    active: bool = True
    active_reason: Written | None = None

    def fields(self) -> dict[str, Any]:
        """Those that were sent."""
        return {name: getattr(self, name) for name in self.model_fields_set - {"expected_version"}}


def pupil_view(row: Mapping[str, Any]) -> PupilView:
    return PupilView.model_validate(_seen(row))


def pupil_detail(row: Mapping[str, Any], *, with_optional: bool) -> PupilDetail:
    """`with_optional`: who asks may see what the school keeps of the optional fields."""
    shown = [name for name in OPTIONAL_FIELDS if with_optional and name in row["kept"]]
    hidden = frozenset(OPTIONAL_FIELDS) - frozenset(shown)
    seen = {name: value for name, value in _seen(row).items() if name not in hidden}
    seen["overrides"] = [name for name in row["overrides"] if name not in hidden]
    return PupilDetail.model_validate(
        {
            **seen,
            "fields": shown,
            "upn_warning": _warning(row["upn"]),
            "eal": is_eal(seen.get("first_language")),
        }
    )


def _warning(upn: str | None) -> str | None:
    return " ".join(fault.message for fault in check_upn(upn).warnings) or None if upn else None


def _seen(row: Mapping[str, Any]) -> dict[str, Any]:
    """A list tells nothing of the optional fields, nor that one of them was set by hand."""
    born, year, school_year = row["date_of_birth"], row["year_group"], row["academic_year"]
    return {
        **row,
        "groups": json.loads(row["groups"]),
        "overrides": [name for name in row["overrides"] if name not in OPTIONAL_FIELDS],
        "year_group_of_age": year_group_of_birth(born, school_year) if born else None,
        "year_disagrees": year_group_disagrees(year, born, school_year, row["year_offset"]),
    }
