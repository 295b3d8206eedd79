"""The shape of asking for slips over HTTP; the answer is a PDF."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.identity.starting_codes.press import MOST_SLIPS
from services.identity.starting_codes.printing import SlipsWanted

__all__ = ["SlipsBody"]


class SlipsBody(BaseModel):
    """Either `user_ids` or `waiting`."""

    model_config = ConfigDict(extra="forbid")

    user_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_SLIPS)] | None = None
    waiting: (
        Annotated[list[Literal["default", "code", "no_code"]], Field(min_length=1, max_length=3)]
        | None
    ) = Field(default=None, description="All who wait so, but heads and deputies.")

    @model_validator(mode="after")
    def one_of_both(self) -> SlipsBody:
        if (self.user_ids is None) == (self.waiting is None):
            raise ValueError("give either user_ids or waiting")
        return self

    def wanted(self) -> SlipsWanted:
        return SlipsWanted(self.user_ids, self.waiting or ())
