"""What many pages have in common: the part of the system that did not answer, and references."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.vocabulary import GroupKind, Origin, YearGroup

__all__ = [
    "Email",
    "GroupReference",
    "Line",
    "LinkBadge",
    "PartialPage",
    "ServiceName",
    "Shape",
    "Written",
]

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254)]


class Shape(BaseModel):
    """An answer. Fields that a newer service adds are passed over until a page shows them."""

    model_config = ConfigDict(extra="ignore", json_schema_serialization_defaults_required=True)


class Written(BaseModel):
    """Something sent to us. A field that we do not know is a mistake, and said to be one."""

    model_config = ConfigDict(extra="forbid")


class ServiceName(StrEnum):
    IDENTITY = "identity"
    ROSTER = "roster"
    MIS_SYNC = "mis_sync"
    REPORTS = "reports"


class PartialPage(Shape):
    """A page that can come without some of its parts."""

    unavailable: list[ServiceName] = Field(
        default_factory=list, description="The services that did not answer in time."
    )


class LinkBadge(Shape):
    """Where a link came from; with `override` it was set by hand and no sync undoes it (R13)."""

    version: int
    origin: Origin
    override: bool


class GroupReference(Shape):
    """A group that a person is linked to, and how."""

    id: UUID
    name: str
    kind: GroupKind
    year_group: YearGroup | None
    link: LinkBadge
