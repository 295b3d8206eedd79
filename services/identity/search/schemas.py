"""The shapes of what the search at the top right finds here (R28)."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, Field

from services.identity.accounts.account import Leadership
from shared.contracts.vocabulary import StaffRole

__all__ = ["FoundUser", "FoundUsers"]


class FoundUser(BaseModel):
    """A user, and what tells them from another of the same name."""

    id: UUID
    title: str | None
    forename: str
    surname: str
    username: str
    role: StaffRole
    leadership: Leadership | None
    active: bool


class FoundUsers(BaseModel):
    items: list[FoundUser]
    active: int = Field(description="How many of all that fit can sign in")
    inactive: int
