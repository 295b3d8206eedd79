"""An account as the rules see it, and what it tells other services (R1, R2, R6)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from services.identity.school_settings.school_settings import FirstPasswords
from shared.contracts.identity import UserState
from shared.contracts.vocabulary import Origin, StaffRole

__all__ = [
    "DEFAULT_PASSWORD_LIFE",
    "NOBODY",
    "Account",
    "AccountKind",
    "AccountState",
    "Leadership",
    "sign_in_key",
]

AccountKind = Literal["admin", "user", "parent"]
AccountState = Literal["awaiting_first_password", "claimed"]
Leadership = Literal["head", "deputy"]

DEFAULT_PASSWORD_LIFE = timedelta(days=14)
NOBODY = UUID(int=0)
"""Looked up in the place of whom there is not, so that the work is the same (R3)."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """One account at one version. `overrides` names the fields that were set by hand (R13)."""

    account_id: UUID
    school_id: UUID
    kind: AccountKind
    role: StaffRole | None = None
    leadership: Leadership | None = None
    title: str | None = None
    forename: str | None = None
    surname: str | None = None
    username: str | None = None
    email: str | None = None
    staff_code: str | None = None
    origin: Origin
    overrides: frozenset[str] = frozenset()
    state: AccountState = "awaiting_first_password"
    password_hash: str | None = field(default=None, repr=False)
    default_until: datetime | None = None
    code_hash: str | None = field(default=None, repr=False)
    code_made_at: datetime | None = None
    claimed_at: datetime | None = None
    reset_at: datetime | None = None
    """When somebody came by it without its password or its authenticator: by a reset, by a link."""
    leader_since: datetime | None = None
    """Since when they are head or deputy; the database keeps it, whatever is written."""
    active: bool = True
    version: int = 1
    created_at: datetime
    first_passwords: FirstPasswords = "default"
    """What the users of its school sign in with first: read with the account, kept elsewhere."""

    @property
    def name(self) -> str:
        """What the person is called on a page."""
        if self.kind == "admin":
            return "Administrator"
        return f"{self.forename or ''} {self.surname or ''}".strip() or "Parent"

    @property
    def claimed(self) -> bool:
        return self.state == "claimed"

    def takes_default(self, now: datetime) -> bool:
        """Whether the school's default password opens the form for the first own one (R2)."""
        return (
            self.kind == "user"
            and self.first_passwords == "default"
            and self.leadership is None
            and self.active
            and not self.claimed
            and self.default_until is not None
            and now < self.default_until
        )

    def takes_code(self, now: datetime) -> bool:
        """Whether a starting code opens that form: within the same 14 days (R2).

        A head or deputy can be given another at any time, so theirs run from the printing.
        What the school does not use opens nothing; it is kept for when the school uses it again.
        """
        until = self.code_until
        return (
            self.first_passwords == "starting_codes"
            and self.code_hash is not None
            and self.active
            and not self.claimed
            and until is not None
            and now < until
        )

    @property
    def code_until(self) -> datetime | None:
        """Until when the starting code that the user has, or would be given, works."""
        if self.leadership is None:
            return self.default_until
        return self.code_made_at + DEFAULT_PASSWORD_LIFE if self.code_made_at else None

    def for_others(self) -> UserState:
        """The state that other services hear of. Only for users."""
        if self.role is None or self.username is None:
            raise ValueError("only users are told of")
        return UserState(
            id=self.account_id,
            version=self.version,
            active=self.active,
            username=self.username,
            email=self.email,
            title=self.title,
            forename=self.forename or "",
            surname=self.surname or "",
            staff_code=self.staff_code,
            role=self.role,
            leadership=self.leadership,
            claimed=self.claimed,
            origin=self.origin,
            overrides=tuple(sorted(self.overrides)),
        )

    def for_the_log(self) -> dict[str, Any]:
        """What the activity log keeps of it (R9): nothing secret."""
        return {
            "username": self.username,
            "title": self.title,
            "forename": self.forename,
            "surname": self.surname,
            "email": self.email,
            "staff_code": self.staff_code,
            "role": self.role.value if self.role else None,
            "leadership": self.leadership,
            "active": self.active,
        }


def sign_in_key(identifier: str) -> str:
    """A username or e-mail address as the directory has it: trimmed, without case (R7, R8).

    An accent that a keyboard writes as a character of its own is the same letter.
    """
    return unicodedata.normalize("NFC", identifier.strip().casefold())
