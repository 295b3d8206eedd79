"""Groups, the people in them, and the links by hand (R13)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from gateway.schemas.parts import Line, LinkBadge, PartialPage, Shape, Written
from gateway.schemas.roll_up import GroupRollUp
from shared.contracts.vocabulary import GroupKind, Origin, StaffRole, YearGroup
from shared.web.paging import Page

__all__ = [
    "Group",
    "GroupChange",
    "GroupDetail",
    "GroupField",
    "GroupList",
    "GroupPage",
    "GroupReach",
    "GroupUser",
    "ManyMembers",
    "ManyUsersOfGroup",
    "Member",
    "MemberFate",
    "MemberList",
    "MembersChanged",
    "NewGroup",
    "TeacherReach",
]

MOST_AT_ONCE = 500
GroupField = Literal["name", "kind", "year_group", "active"]


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
    inactive_member_count: int = 0
    users: list[GroupUser]
    unlinked: list[GroupUser] = Field(
        default_factory=list, description="Users who were unlinked by hand; for the admin."
    )


class Member(Shape):
    """A pupil in the group, and how the two are linked."""

    id: UUID
    active: bool
    active_reason: str | None = None
    legal_forename: str
    legal_surname: str
    preferred_forename: str | None = None
    preferred_surname: str | None = None
    date_of_birth: date | None = None
    upn: str | None = None
    year_group: YearGroup | None = None
    link: LinkBadge


class MemberList(Page[Member]):
    pass


class GroupPage(PartialPage):
    group: GroupDetail
    pupils: list[Member]
    taken_out: list[Member] = Field(
        default_factory=list, description="Pupils who were taken out by hand; for the admin."
    )
    roll_up: GroupRollUp | None = Field(default=None, description="For the admin.")


class TeacherReach(Shape):
    id: UUID
    name: str
    pupils: int
    only_here: int = Field(description="Pupils whom they see by no other active group.")


class GroupReach(Shape):
    """What would change if the group were made inactive, or active again (R14)."""

    teachers: list[TeacherReach]
    members: int
    only_class: int = Field(description="Pupils who are in no other active class.")


class NewGroup(Written):
    name: Line
    kind: GroupKind
    year_group: YearGroup | None = None


class GroupChange(Written):
    """What is to change; what is not sent stays, and `null` takes the year group away."""

    expected_version: int = Field(description="The version that was looked at.")
    name: Line | None = None
    kind: GroupKind | None = None
    year_group: YearGroup | None = None
    active: bool | None = None
    active_reason: Line | None = None


class _ManyLinks(Written):
    """People put into the group (`present`), or taken out of it, by hand."""

    present: bool
    seen: dict[UUID, Annotated[int, Field(ge=0)]] | None = Field(
        default=None,
        max_length=MOST_AT_ONCE,
        description="The versions of their links that were looked at; 0 where there was none.",
    )


class ManyMembers(_ManyLinks):
    pupil_ids: list[UUID] = Field(min_length=1, max_length=MOST_AT_ONCE)


class ManyUsersOfGroup(_ManyLinks):
    user_ids: list[UUID] = Field(min_length=1, max_length=MOST_AT_ONCE)


class MemberFate(Shape):
    """What becomes of one person's link to the group, or would."""

    person_id: UUID
    name: str
    version: int
    outcome: Literal["changed", "unchanged", "refused"]
    reason: str | None = Field(description="Why they are left as they are, as a sentence.")
    note: str | None = Field(description="What to know of who is changed, as a sentence.")


class MembersChanged(Shape):
    changed: int
    items: list[MemberFate]
