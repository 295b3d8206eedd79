"""The shapes of what the search at the top right finds here (R28)."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, Field

from shared.contracts.vocabulary import GroupKind, YearGroup

__all__ = ["Found", "FoundGroup", "FoundGroups", "FoundPupil", "FoundPupils"]


class FoundGroup(BaseModel):
    """A class or set, as one is told from another."""

    id: UUID
    name: str
    kind: GroupKind
    year_group: YearGroup | None
    active: bool


class FoundPupil(BaseModel):
    """A pupil by the names of every day, and what tells them from another of the same name."""

    id: UUID
    forename: str
    surname: str
    year_group: YearGroup | None
    active: bool
    groups: list[FoundGroup] = Field(
        description="Active ones that the caller may see, classes first"
    )


class FoundPupils(BaseModel):
    items: list[FoundPupil]
    active: int = Field(description="How many of all that fit are on roll")
    inactive: int


class FoundGroups(BaseModel):
    items: list[FoundGroup]
    active: int
    inactive: int


class Found(BaseModel):
    pupils: FoundPupils
    groups: FoundGroups
