"""What an operator says of a school that leaves, and what is known of those that have left."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.identity.leaving.left_school import LeftSchool

__all__ = ["LeaveBody", "LeftSchoolView", "LeftSchools", "NamedBody"]


class NamedBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=200, description="As it stands here, typed out.")]


class LeaveBody(NamedBody):
    days: Annotated[int, Field(ge=0, le=365, description="For which everything is still kept.")]


class LeftSchoolView(BaseModel):
    school_id: UUID
    name: str
    left_at: datetime
    erase_after: datetime
    erasing_at: datetime | None
    erased: dict[str, int] = Field(description="Service → rows that it held.")
    gone: bool = Field(description="Every service has said that it holds nothing any more.")

    @classmethod
    def of(cls, left: LeftSchool) -> LeftSchoolView:
        return cls(
            school_id=left.school_id,
            name=left.name,
            left_at=left.left_at,
            erase_after=left.erase_after,
            erasing_at=left.erasing_at,
            erased=dict(left.erased),
            gone=left.is_gone,
        )


class LeftSchools(BaseModel):
    items: list[LeftSchoolView]
