"""The shapes of users over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints, model_validator

from services.identity.accounts.account import Account, Leadership
from services.identity.accounts.service import NewUser
from shared.contracts.vocabulary import Origin, StaffRole

__all__ = ["NewUserBody", "UserView", "UsersFound"]

PersonName = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
]
Code = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
]
Email = Annotated[EmailStr, StringConstraints(max_length=254)]


class NewUserBody(BaseModel):
    """A user made by hand. The username is made from the school's postcode and the surname (R7)."""

    model_config = ConfigDict(extra="forbid")

    title: Code | None = None
    forename: PersonName
    surname: PersonName
    email: Email | None = None
    role: StaffRole
    leadership: Leadership | None = None
    staff_code: Code | None = None

    @model_validator(mode="after")
    def leaders_are_slt(self) -> NewUserBody:
        if self.leadership and self.role is not StaffRole.SLT:
            raise ValueError("a head or deputy is a member of the SLT")
        return self

    def as_new_user(self) -> NewUser:
        return NewUser(**self.model_dump())


class UserView(BaseModel):
    """A user as the admin and SLT see them."""

    id: UUID
    version: int
    active: bool
    username: str
    email: str | None
    title: str | None
    forename: str
    surname: str
    name: str
    staff_code: str | None
    role: StaffRole
    leadership: Leadership | None
    claimed: bool = Field(description="Has set a password of their own (R2).")
    origin: Origin
    overrides: list[str] = Field(description="Fields set by hand, which the sync leaves (R13).")

    @classmethod
    def of(cls, account: Account) -> UserView:
        return cls(
            **account.for_others().model_dump(),
            name=account.name,
            overrides=sorted(account.overrides),
        )


class UsersFound(BaseModel):
    items: list[UserView]
