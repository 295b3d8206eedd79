"""Shapes that several features answer with."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from shared.contracts.vocabulary import GroupKind, Origin, YearGroup
from shared.school.names import CONTROLS, tidied

__all__ = ["GroupOfPupil", "LinkBadge", "Written"]


def _tidied(given: Any) -> Any:
    return tidied(given) if isinstance(given, str) else given


Written = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=rf"^[^{CONTROLS}]+$"),
    BeforeValidator(_tidied),
]
"""A name, or a reason, as somebody types or pastes it."""


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
