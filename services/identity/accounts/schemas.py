"""The shapes of users over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    StringConstraints,
    model_validator,
)

from services.identity.accounts.account import Account, Leadership
from services.identity.accounts.password_state import (
    PasswordState,
    Slip,
    password_state,
    slip_for,
)
from services.identity.accounts.resettable import why_not_reset
from services.identity.accounts.service import NewUser
from services.identity.school_settings.school_settings import FirstPasswords
from shared.contracts.vocabulary import Origin, StaffRole
from shared.school.names import CONTROLS, tidied

__all__ = [
    "ActiveBody",
    "Code",
    "Detail",
    "Email",
    "NewUserBody",
    "PasswordWasReset",
    "PersonName",
    "ReplacementBody",
    "UserChanges",
    "UserView",
    "UsersFound",
]

Detail = Literal["title", "forename", "surname", "email", "staff_code"]
"""What can be set by hand and handed back to the MIS (R13)."""


def _tidied(given: Any) -> Any:
    return tidied(given) if isinstance(given, str) else given


PersonName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, pattern=rf"^[^{CONTROLS}]+$"),
    BeforeValidator(_tidied),
]
"""As somebody types or pastes it."""
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


class ReplacementBody(NewUserBody):
    """A new account for somebody who has one. `email` may be the one that they have now (R8)."""

    expected_version: int = Field(ge=1, description="The version that was looked at.")

    def as_new_user(self) -> NewUser:
        return NewUser(**self.model_dump(exclude={"expected_version"}))


class UserChanges(BaseModel):
    """What is to change; what is not sent stays. `null` takes a detail away."""

    model_config = ConfigDict(extra="forbid")

    expected_version: int = Field(ge=1, description="The version that was looked at.")
    title: Code | None = None
    forename: PersonName | None = None
    surname: PersonName | None = None
    email: Email | None = None
    role: StaffRole | None = None
    leadership: Leadership | None = None
    staff_code: Code | None = None
    username: str | None = Field(default=None, description="Never changes (R7).", max_length=320)

    @model_validator(mode="after")
    def names_and_role_stay(self) -> UserChanges:
        for name in ("forename", "surname", "role"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"every user has a {name}")
        return self

    def said(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True, exclude={"expected_version"})


class ActiveBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    active: bool


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
    claimed_at: datetime | None = Field(description="When the password became their own (R2).")
    default_until: datetime | None = Field(
        description="Until when the default password works, or a starting code, where the school "
        "uses those; null where neither does (R2)."
    )
    first_passwords: FirstPasswords = Field(description="What the school gives out (R29).")
    password: PasswordState = Field(
        description="Their own; or they wait with the `default`, with a printed `code`, with "
        "`no_code` yet, with what has `lapsed`, or as a head or deputy for their `link` (R2)."
    )
    code_made_at: datetime | None = Field(description="When the newest slip was printed (R2).")
    code_until: datetime | None = Field(description="Until when the code on it works (R2).")
    slip: Slip | None = Field(
        description="What a slip would hold: a new `code`, or username and address only, `plain`; "
        "null where none can be printed."
    )
    can_reset_password: bool
    cannot_reset_reason: str | None = Field(description="A sentence for the page (R4).")

    @classmethod
    def of(cls, account: Account, now: datetime) -> UserView:
        reason = why_not_reset(account, now)
        return cls(
            **account.for_others().model_dump(),
            name=account.name,
            claimed_at=account.claimed_at,
            default_until=account.default_until,
            first_passwords=account.first_passwords,
            password=password_state(account, now),
            code_made_at=account.code_made_at,
            code_until=account.code_until if account.code_made_at else None,
            slip=slip_for(account, now),
            can_reset_password=reason is None,
            cannot_reset_reason=reason,
        )


class UsersFound(BaseModel):
    items: list[UserView]


class PasswordWasReset(BaseModel):
    """What the user signs in with next, and the user as they are now."""

    to: Literal["default", "starting_code", "link"] = Field(
        description="A starting code has to be printed: there is none before that."
    )
    user: UserView
