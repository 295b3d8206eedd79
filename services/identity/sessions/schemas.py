"""The shapes of sessions over HTTP. Secrets are `SecretStr`, so that no log shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from services.identity.accounts.account import AccountKind, Leadership
from services.identity.schools.schemas import SchoolView
from services.identity.sessions.repository import OwnSession, Scope
from services.identity.sessions.session import OpenSession
from services.identity.sessions.tokens import csrf_token_of
from shared.contracts.vocabulary import StaffRole

__all__ = [
    "AccountView",
    "Credentials",
    "Device",
    "OwnSessionView",
    "OwnSessions",
    "SessionOpened",
    "SessionToken",
    "SessionView",
    "revealed",
]

Address = Annotated[str, StringConstraints(max_length=64)]
Device = Annotated[
    SecretStr,
    Field(
        description="What the browser keeps since somebody signed in in it. One that is not of our "
        "making is as none."
    ),
]


class Credentials(BaseModel):
    """`identifier` is a username or an e-mail address; the password is taken exactly as typed."""

    model_config = ConfigDict(extra="forbid")

    identifier: Annotated[str, StringConstraints(max_length=320)]
    password: Annotated[SecretStr, Field(max_length=4096)]
    address: Address | None = None
    device: Device | None = None


class SessionToken(BaseModel):
    model_config = ConfigDict(extra="forbid")

    token: Annotated[SecretStr, Field(max_length=200)]
    address: Address | None = None


class AccountView(BaseModel):
    id: UUID
    kind: AccountKind
    role: StaffRole | None
    leadership: Leadership | None
    username: str | None
    email: str | None
    name: str


class SessionView(BaseModel):
    """Who is signed in where. With the scope `set_password` nothing opens but that form (R2)."""

    id: UUID
    scope: Scope
    created_at: datetime
    expires_at: datetime
    csrf_token: str
    authenticator: str | None = Field(
        default=None, description="What the second step was done with, by its name."
    )
    account: AccountView
    school: SchoolView

    @classmethod
    def of(cls, session: OpenSession) -> SessionView:
        account = session.account
        return cls(
            id=session.stored.session_id,
            scope=session.stored.scope,
            created_at=session.stored.created_at,
            expires_at=session.stored.expires_at,
            csrf_token=csrf_token_of(session.token),
            authenticator=session.authenticator,
            account=AccountView(
                id=account.account_id,
                kind=account.kind,
                role=account.role,
                leadership=account.leadership,
                username=account.username,
                email=account.email,
                name=account.name,
            ),
            school=SchoolView.of(session.school),
        )


class SessionOpened(BaseModel):
    """A session and its secret, which the gateway puts into the cookie and nowhere else.

    So it does with `device`, which comes with a full session and outlives it.
    """

    token: str
    device: str | None = None
    session: SessionView

    @classmethod
    def of(cls, session: OpenSession, device: str | None = None) -> SessionOpened:
        return cls(token=session.token, device=device, session=SessionView.of(session))


class OwnSessionView(BaseModel):
    """Where the account is signed in: since when, and when it was last used."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    authenticator: str | None = Field(
        default=None, description="What its second step was done with, by its name."
    )
    current: bool

    @classmethod
    def of(cls, session: OwnSession, current: UUID | None) -> OwnSessionView:
        return cls(
            id=session.session_id,
            created_at=session.created_at,
            seen_at=session.seen_at,
            authenticator=session.authenticator,
            current=session.session_id == current,
        )


class OwnSessions(BaseModel):
    items: list[OwnSessionView]


def revealed(device: SecretStr | None) -> str | None:
    return device.get_secret_value() if device else None
