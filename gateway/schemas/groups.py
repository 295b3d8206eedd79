"""Groups, the people in them, and the links by hand (R13)."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from gateway.schemas.parts import Line, PartialPage, Shape, Written
from gateway.schemas.pupils import Pupil
from shared.contracts.vocabulary import GroupKind, Origin, StaffRole, YearGroup
from shared.web.paging import Page

__all__ = ["Group", "GroupList", "GroupPage", "GroupUser", "NewGroup"]


class Group(Shape):
    id: UUID
    version: int
    active: bool
    name: str
    kind: GroupKind
    year_group: YearGroup | None = None
    origin: Origin
    overrides: list[str] = Field(default_factory=list)
    member_count: int = 0
    user_count: int = 0


class GroupList(Page[Group]):
    pass


class GroupUser(Shape):
    """A user linked to the group. `override`: by hand, so that no sync undoes it."""

    id: UUID
    name: str
    role: StaffRole | None = None
    origin: Origin
    override: bool = False


class GroupPage(PartialPage):
    group: Group
    users: list[GroupUser]
    pupils: list[Pupil]


class NewGroup(Written):
    name: Line
    kind: GroupKind
    year_group: YearGroup | None = None
