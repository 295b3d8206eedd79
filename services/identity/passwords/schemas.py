"""The shapes of passwords over HTTP. Secrets are `SecretStr`, so that no log shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from services.identity.sessions.schemas import Address, Device

__all__ = ["DefaultPassword", "DefaultPasswordMade", "NewPassword"]

Secret = Annotated[SecretStr, Field(max_length=4096)]


class NewPassword(BaseModel):
    """`current_password` is asked for unless the session is one that only sets a password."""

    model_config = ConfigDict(extra="forbid")

    current_password: Secret | None = None
    new_password: Secret
    address: Address | None = None
    device: Device | None = None


class DefaultPassword(BaseModel):
    """The words are a hash here: they can be made anew, and not shown again."""

    made_at: datetime
    in_use: bool = Field(
        description="Whether the school signs new users in with it; with starting codes it opens "
        "nothing (R2)."
    )
    paused_until: datetime | None = Field(
        description="Until when it opens nothing, because it was missed too often: whoever waits "
        "tries again then. Passwords of one's own work all the while (R2)."
    )


class DefaultPasswordMade(BaseModel):
    """Shown this once."""

    default_password: str
