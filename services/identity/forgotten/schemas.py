"""The shape of asking for a link."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.identity.forgotten.repository import Door
from services.identity.sessions.schemas import Address, Device

__all__ = ["ForgottenPassword"]


class ForgottenPassword(BaseModel):
    """`identifier` is a username or an e-mail address; parents ask on a page of their own."""

    model_config = ConfigDict(extra="forbid")

    identifier: Annotated[str, StringConstraints(min_length=1, max_length=320)] = Field(repr=False)
    door: Door = "staff"
    address: Address | None = None
    device: Device | None = None
