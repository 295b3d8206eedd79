"""Parents, as Parent Management shows them (R2, R4, R6, R8)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from gateway.schemas.parts import Email, Line, Shape, Written
from shared.contracts.vocabulary import Origin, YearGroup

__all__ = [
    "ActiveParents",
    "InvitationsSent",
    "NewParent",
    "Parent",
    "ParentChanges",
    "ParentChild",
    "ParentLinkSent",
    "ParentList",
    "ParentState",
    "ParentsActive",
    "ParentsToInvite",
]

ParentState = Literal["not_invited", "invited", "claimed", "lapsed"]
ParentIds = Annotated[list[UUID], Field(min_length=1, max_length=100)]


class ParentChild(Shape):
    id: UUID
    name: str
    year_group: YearGroup | None
    confirmed_at: AwareDatetime | None
    seen: bool = Field(description="Whether the parent sees the child.")
    hindrance: str | None = Field(description="Why not, in a sentence for the page.")


class Parent(Shape):
    id: UUID
    version: int
    active: bool
    title: str | None
    forename: str
    surname: str
    name: str
    email: str | None
    state: ParentState = Field(description="`claimed`: has set a password.")
    invited_until: AwareDatetime | None = Field(description="Until when the invitation works.")
    claimed_at: AwareDatetime | None
    origin: Origin
    children: list[ParentChild]
    can_send_link: bool
    cannot_send_reason: str | None = Field(description="A sentence for the page.")
    dates_paused: bool = Field(
        description="Too many wrong dates of birth were given; a new link takes it back."
    )


class ParentList(Shape):
    items: list[Parent]
    next_cursor: str | None = None
    total: int


class NewParent(Written):
    title: Line | None = None
    forename: Line
    surname: Line
    email: Email
    children: list[UUID] = Field(default_factory=list, max_length=20)


class ParentChanges(Written):
    """What is to change; what is not sent stays. Only an inactive parent's address may go."""

    expected_version: int = Field(description="The version that was looked at.")
    title: Line | None = None
    forename: Line | None = None
    surname: Line | None = None
    email: Email | None = None


class ParentsActive(Written):
    ids: ParentIds
    active: bool


class ActiveParents(Shape):
    changed: int


class ParentsToInvite(Written):
    """Either those of `ids`, or with `lapsed` all whose invitation works no more, or with
    `not_invited` all who never had one."""

    ids: ParentIds | None = None
    lapsed: bool = False
    not_invited: bool = False


class InvitationsSent(Shape):
    """`left`: who wait without one still, and are invited by asking once more."""

    sent: int
    claimed: int = Field(description="Passed over: they have a password.")
    inactive: int = Field(description="Passed over: they are inactive.")
    left: int


class ParentLinkSent(Shape):
    sent: Literal["invitation", "password_link"]
    parent: Parent
