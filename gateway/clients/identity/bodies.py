"""What questions to identity have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from gateway.schemas.sessions import Session

__all__ = ["HASHING_SECONDS", "Opened", "WithAddress"]

HASHING_SECONDS = 10.0
"""Passwords are hashed slowly on purpose, and in a queue when a whole school signs in at once."""


class Opened(BaseModel):
    """A session just opened, with the token that goes into the cookie and nowhere else."""

    token: str
    session: Session


class WithAddress(BaseModel):
    """What was typed, and where it comes from."""

    model_config = ConfigDict(extra="allow")

    address: str | None

    @classmethod
    def of(cls, form: BaseModel, address: str | None) -> WithAddress:
        return cls(address=address, **form.model_dump())
