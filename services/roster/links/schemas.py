"""The shape of links over HTTP."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, Field

from shared.contracts.vocabulary import GroupKind, LinkKind, Origin, YearGroup

__all__ = ["LinkView"]


class LinkView(BaseModel):
    """A link of a group and a person. One that is not `present` was removed, and is kept."""

    kind: LinkKind
    group_id: UUID
    group_name: str
    group_kind: GroupKind
    group_year_group: YearGroup | None
    person_id: UUID
    version: int = Field(ge=1)
    present: bool
    origin: Origin
    override: bool = Field(description="Set by hand: no sync undoes it (R13)")
