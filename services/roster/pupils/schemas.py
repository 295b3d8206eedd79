"""The shapes of pupils over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.roster.schemas import GroupOfPupil
from shared.contracts.vocabulary import Name, Origin, Sex, YearGroup

__all__ = ["NewPupil", "OverridableField", "PupilChange", "PupilView", "pupil_view"]

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
    "active",
]


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
    origin: Origin
    overrides: list[str]
    groups: list[GroupOfPupil] = Field(description="Active ones, of those the caller may see")


class NewPupil(BaseModel):
    """A pupil added by hand. Without a UPN they are listed as such until they have one (R11)."""

    model_config = ConfigDict(extra="forbid")

    upn: str | None = Field(default=None, max_length=30)
    legal_forename: Name
    legal_surname: Name
    preferred_forename: Name | None = None
    preferred_surname: Name | None = None
    middle_names: Name | None = None
    date_of_birth: date | None = None
    sex: Sex | None = None
    year_group: YearGroup | None = None


class PupilChange(BaseModel):
    """What is to be different; a field that is left out stays, and `null` empties it.

    The defaults are never read: only what was sent is (`fields`).
    """

    model_config = ConfigDict(extra="forbid")

    expected_version: int = Field(ge=1, description="The version that the change was made on")
    upn: str | None = Field(default=None, max_length=30)
    legal_forename: Name = ""
    legal_surname: Name = ""
    preferred_forename: Name | None = None
    preferred_surname: Name | None = None
    middle_names: Name | None = None
    date_of_birth: date | None = None
    sex: Sex | None = None
    year_group: YearGroup | None = None
    active: bool = True
    active_reason: Name | None = None

    def fields(self) -> dict[str, Any]:
        """Those that were sent."""
        return {name: getattr(self, name) for name in self.model_fields_set - {"expected_version"}}


def pupil_view(row: Mapping[str, Any]) -> PupilView:
    return PupilView.model_validate({**row, "groups": json.loads(row["groups"])})
