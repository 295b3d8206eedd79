"""Groups, the people in them, and the links by hand (R13)."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from gateway.schemas.parts import Line, LinkBadge, PartialPage, Shape, Written
from gateway.schemas.pupils import Pupil
from shared.contracts.vocabulary import GroupKind, Origin, StaffRole, YearGroup
from shared.web.paging import Page

__all__ = ["Group", "GroupDetail", "GroupList", "GroupPage", "GroupUser", "NewGroup"]


class Group(Shape):
    id: UUID
    version: int
    active: bool
    active_reason: str | None = None
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
    """A user linked to the group."""

    id: UUID
    title: str | None
    forename: str
    surname: str
    role: StaffRole
    active: bool
    link: LinkBadge


class GroupDetail(Group):
    users: list[GroupUser]


class GroupPage(PartialPage):
    group: GroupDetail
    pupils: list[Pupil]


class NewGroup(Written):
    name: Line
    kind: GroupKind
    year_group: YearGroup | None = None
