"""The shapes of groups over HTTP."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.roster.schemas import LinkBadge, Written
from shared.contracts.vocabulary import GroupKind, Origin, StaffRole, YearGroup

__all__ = ["GroupChange", "GroupDetail", "GroupField", "GroupUser", "GroupView", "NewGroup"]

GroupField: TypeAlias = Literal["name", "kind", "year_group", "active"]


class GroupView(BaseModel):
    """A group. Inactive pupils and users are never counted."""

    id: UUID
    version: int = Field(ge=1)
    active: bool
    active_reason: str | None
    name: str
    kind: GroupKind
    year_group: YearGroup | None
    origin: Origin
    overrides: list[str]
    member_count: int
    user_count: int


class GroupUser(BaseModel):
    """A user who is linked to the group."""

    id: UUID
    title: str | None
    forename: str
    surname: str
    role: StaffRole
    active: bool
    link: LinkBadge


class GroupDetail(GroupView):
    inactive_member_count: int = Field(description="Inactive pupils who are in it.")
    users: list[GroupUser]
    unlinked: list[GroupUser] = Field(description="Who was unlinked by hand; for the admin.")


class NewGroup(BaseModel):
    """A group added by hand."""

    model_config = ConfigDict(extra="forbid")

    name: Written
    kind: GroupKind = GroupKind.CLASS
    year_group: YearGroup | None = None


class GroupChange(BaseModel):
    """What is to be different; a field that is left out stays.

    The defaults are never read: only what was sent is (`fields`).
    """

    model_config = ConfigDict(extra="forbid")

    expected_version: int = Field(ge=1, description="The version that the change was made on")
    name: Written = ""
    kind: GroupKind = GroupKind.CLASS
    year_group: YearGroup | None = None
    active: bool = True
    active_reason: Written | None = None

    def fields(self) -> dict[str, Any]:
        """Those that were sent."""
        return {name: getattr(self, name) for name in self.model_fields_set - {"expected_version"}}
