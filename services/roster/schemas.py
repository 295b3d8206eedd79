"""Shapes that several features answer with."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, Field

from shared.contracts.vocabulary import GroupKind, Origin, YearGroup

__all__ = ["GroupOfPupil", "LinkBadge"]


class LinkBadge(BaseModel):
    """Where a link came from; with `override` it was set by hand and no sync undoes it (R13)."""

    version: int = Field(ge=1)
    origin: Origin
    override: bool


class GroupOfPupil(BaseModel):
    """A group that a pupil is in."""

    id: UUID
    name: str
    kind: GroupKind
    year_group: YearGroup | None
    link: LinkBadge
