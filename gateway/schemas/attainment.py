"""Attainment and progress, as figures and pupil by pupil (R26)."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from shared.contracts.vocabulary import GroupKind, YearGroup

__all__ = ["AttainmentChoices", "AttainmentFigures", "ProgressFigures", "PupilsProgress"]


class Share(BaseModel):
    """`per_cent` is rounded; null of nobody."""

    pupils: int
    per_cent: int | None


class AttainmentTerm(BaseModel):
    id: UUID
    name: str
    academic_year: str
    first_day: date
    last_day: date
    marked: bool = Field(description="Whether anything was recorded in it.")


class AttainmentGroup(BaseModel):
    id: UUID
    name: str
    kind: GroupKind
    year_group: YearGroup | None
    pupils: int


class AttainmentYearGroup(BaseModel):
    code: YearGroup
    label: str


class AttainmentSubject(BaseModel):
    id: UUID
    name: str
    active: bool


class AttainmentComparison(BaseModel):
    """A characteristic, and what its two sides are called."""

    name: str
    label: str
    sides: tuple[str, str]


class AttainmentChoices(BaseModel):
    """What one can ask for: a teacher their groups, senior leaders the school too (R14)."""

    whole_school: bool
    academic_year: str | None
    year_groups: list[AttainmentYearGroup]
    groups: list[AttainmentGroup]
    terms: list[AttainmentTerm]
    subjects: list[AttainmentSubject]
    comparisons: list[AttainmentComparison]


class AttainmentBand(BaseModel):
    id: UUID
    code: str
    name: str
    at_or_above: bool = Field(description="Whether it meets the year's expectation.")


class Attained(BaseModel):
    """Per cents are of `recorded`; that of `not_recorded` is of `pupils`."""

    pupils: int
    recorded: int
    bands: list[Share] = Field(description="In the order of the table's bands.")
    at_or_above: Share
    not_recorded: Share


class AttainedInSubject(BaseModel):
    """`compared`: a comparison's name → its two sides; null where a group would be too small."""

    subject_id: UUID
    subject: str
    total: Attained
    compared: dict[str, tuple[Attained, Attained] | None]


class AttainmentFigures(BaseModel):
    of: str
    term: AttainmentTerm
    bands: list[AttainmentBand]
    comparisons: list[AttainmentComparison]
    subjects: list[AttainedInSubject]


class Moved(BaseModel):
    """Per cents are of `compared`: those with a mark in both terms."""

    pupils: int
    compared: int
    up: Share
    same: Share
    down: Share
    not_compared: Share


class MovedInSubject(BaseModel):
    subject_id: UUID
    subject: str
    total: Moved
    compared: dict[str, tuple[Moved, Moved] | None]


class ProgressFigures(BaseModel):
    of: str
    earlier: AttainmentTerm
    later: AttainmentTerm
    comparisons: list[AttainmentComparison]
    subjects: list[MovedInSubject]


class PupilProgress(BaseModel):
    """`bands` are of the table's terms; `step` is from the first of these to the last."""

    id: UUID
    forename: str
    surname: str
    bands: list[AttainmentBand | None]
    step: Literal["up", "same", "down"] | None


class PupilsProgress(BaseModel):
    of: str
    subject: str
    terms: list[AttainmentTerm]
    pupils: list[PupilProgress]
