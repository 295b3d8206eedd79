"""One action for many users: what it would do, and what it did (R4, R6, R13)."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field, model_validator

from gateway.schemas.parts import Shape, Written

__all__ = [
    "LinkedUser",
    "ManyLinked",
    "ManyUsers",
    "ManyUsersChange",
    "ManyUsersChanged",
    "ManyUsersPreview",
    "UserFate",
    "UserSelection",
]

MOST_AT_ONCE = 500
Outcome = Literal["changed", "unchanged", "refused"]
LINKING = frozenset({"link", "unlink"})


class ManyUsers(Written):
    """The action as identity takes it."""

    action: Literal["make_inactive", "make_active", "reset_password"]
    ids: list[UUID] = Field(min_length=1, max_length=MOST_AT_ONCE)


class ManyUsersChange(Written):
    """`link` and `unlink` are by hand, and need the group."""

    action: Literal["make_inactive", "make_active", "reset_password", "link", "unlink"]
    ids: list[UUID] = Field(min_length=1, max_length=MOST_AT_ONCE)
    group_id: UUID | None = None

    @model_validator(mode="after")
    def groups_are_for_links(self) -> ManyUsersChange:
        if (self.action in LINKING) != (self.group_id is not None):
            raise ValueError("a group is given to link users to it or unlink them, and only then")
        return self


class UserSelection(Shape):
    """Ids of those that fit the filters, 500 at most; `total` counts all of them."""

    ids: list[UUID]
    total: int


class UserFate(Shape):
    id: UUID
    name: str
    username: str | None = None
    outcome: Outcome
    reason: str | None = Field(
        default=None, description="Why they are left as they are, as a sentence."
    )


class ManyUsersChanged(Shape):
    """What became of each; who is `refused` or `unchanged` is as before."""

    changed: int
    items: list[UserFate]


class ManyUsersPreview(ManyUsersChanged):
    """What would become of each."""

    signs_out: int = Field(
        default=0, description="How many of them are signed in now, and would be out."
    )
    sends_links: int = Field(
        default=0, description="How many heads and deputies would be sent a link."
    )
    must_be_reset: int = Field(
        default=0,
        description="How many could not sign in then, since what they wait with has lapsed.",
    )


class LinkedUser(Shape):
    """What becomes of one user's link, as roster answers it."""

    person_id: UUID
    name: str
    outcome: Outcome
    reason: str | None


class ManyLinked(Shape):
    changed: int
    items: list[LinkedUser]

    def fates(self) -> list[UserFate]:
        return [
            UserFate(id=one.person_id, name=one.name, outcome=one.outcome, reason=one.reason)
            for one in self.items
        ]
