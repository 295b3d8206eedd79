"""Pupils, as lists and pages show them (R10, R11, R14)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from gateway.schemas.parts import GroupReference, Line, Shape, Written
from shared.contracts.vocabulary import Origin, Sex, YearGroup
from shared.web.paging import Page

__all__ = ["NewPupil", "Pupil", "PupilList"]


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
    origin: Origin
    overrides: list[str] = Field(
        default_factory=list, description="Fields set by hand, which the sync leaves alone."
    )
    groups: list[GroupReference] = Field(default_factory=list)


class PupilList(Page[Pupil]):
    pass


class NewPupil(Written):
    """A pupil added by hand. What is wrong with the UPN is answered position by position."""

    legal_forename: Line
    legal_surname: Line
    preferred_forename: Line | None = None
    preferred_surname: Line | None = None
    middle_names: Line | None = None
    date_of_birth: date | None = None
    sex: Sex | None = None
    year_group: YearGroup | None = None
    upn: Line | None = None
