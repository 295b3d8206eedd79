"""What the search at the top right finds: pupils and groups by roster, users by identity (R28)."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from gateway.schemas.parts import PartialPage, Shape
from gateway.schemas.users import Leadership
from shared.contracts.vocabulary import GroupKind, StaffRole, YearGroup

__all__ = [
    "FoundGroup",
    "FoundGroups",
    "FoundInRoster",
    "FoundPupil",
    "FoundPupils",
    "FoundUser",
    "FoundUsers",
    "SearchResults",
]


class FoundGroup(Shape):
    id: UUID
    name: str
    kind: GroupKind
    year_group: YearGroup | None = None
    active: bool


class FoundPupil(Shape):
    id: UUID
    forename: str
    surname: str
    year_group: YearGroup | None = None
    active: bool
    groups: list[FoundGroup] = Field(
        default_factory=list, description="Active ones that the person may see, classes first."
    )


class FoundUser(Shape):
    id: UUID
    title: str | None = None
    forename: str
    surname: str
    username: str
    role: StaffRole
    leadership: Leadership | None = None
    active: bool


class FoundPupils(Shape):
    """The first few, inactive ones last, and how many fit in all."""

    items: list[FoundPupil]
    active: int
    inactive: int


class FoundGroups(Shape):
    """As of pupils."""

    items: list[FoundGroup]
    active: int
    inactive: int


class FoundUsers(Shape):
    """As of pupils."""

    items: list[FoundUser]
    active: int
    inactive: int


class FoundInRoster(Shape):
    """As roster answers."""

    pupils: FoundPupils
    groups: FoundGroups


class SearchResults(PartialPage):
    """Null is what was not looked for, since it is not for this person, or not answered."""

    pupils: FoundPupils | None
    groups: FoundGroups | None
    users: FoundUsers | None
