"""The shapes of a group's pupils over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.roster.schemas import LinkBadge
from shared.contracts.vocabulary import YearGroup

__all__ = ["GroupReach", "MemberView", "TeacherReach", "member_view"]


class MemberView(BaseModel):
    """A pupil in a group, or taken out of it by hand, and how the two are linked (R13)."""

    id: UUID
    active: bool
    active_reason: str | None
    legal_forename: str
    legal_surname: str
    preferred_forename: str | None
    preferred_surname: str | None
    date_of_birth: date | None
    upn: str | None
    year_group: YearGroup | None
    link: LinkBadge


class TeacherReach(BaseModel):
    """A teacher of a group, who sees its pupils by it while it is active (R14)."""

    id: UUID
    name: str
    pupils: int
    only_here: int = Field(description="Whom they see by no other active group.")


class GroupReach(BaseModel):
    """What depends on a group being active. Inactive pupils and users never count."""

    teachers: list[TeacherReach]
    members: int
    only_class: int = Field(description="Pupils who are in no other active class.")


def member_view(row: Mapping[str, Any]) -> MemberView:
    badge = {name: row[name] for name in ("version", "origin", "override")}
    return MemberView.model_validate({**row, "link": badge})
