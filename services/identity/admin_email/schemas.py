"""The shapes of the admin account's address over HTTP. Secrets are `SecretStr`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from services.identity.accounts.account import Account, Leadership
from services.identity.accounts.schemas import Email
from services.identity.admin_email.by_link import Shown
from services.identity.admin_email.problems import not_yet_sentence
from services.identity.admin_email.request import Request, may_ask_from
from services.identity.admin_email.service import AdminEmail
from services.identity.two_step.schemas import ProofBody

__all__ = ["AddressLink", "AddressLinkShown", "AdminEmailView", "NewAddressBody", "TokenBody"]

Token = Annotated[SecretStr, Field(max_length=200)]


class NewAddressBody(ProofBody):
    """The address that is wanted, with the proof that it is still the head or deputy who asks."""

    email: Email


class TokenBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    token: Token


class AddressLink(TokenBody):
    does: Literal["confirm", "cancel"]


class WaitingView(BaseModel):
    id: UUID
    email: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, request: Request, asked_by: str) -> WaitingView:
        return cls(
            id=request.request_id,
            email=request.new_email,
            asked_by=asked_by,
            asked_at=request.asked_at,
            expires_at=request.expires_at,
        )


class LeaderView(BaseModel):
    """`may_ask_from` is null until they have a password of their own."""

    name: str
    leadership: Leadership
    may_ask_from: datetime | None


class AdminEmailView(BaseModel):
    """The admin account's address, for itself and for heads and deputies (R5)."""

    email: str | None
    waiting: WaitingView | None
    leaders: list[LeaderView] = Field(description="Active heads and deputies, who may ask.")
    can_ask: bool
    cannot_ask_reason: str | None = Field(
        description="A sentence for the page of a head or deputy; null for the admin account."
    )

    @classmethod
    def of(cls, found: AdminEmail, now: datetime) -> AdminEmailView:
        since = may_ask_from(found.own)
        early = since is not None and now < since
        return cls(
            email=found.email,
            waiting=WaitingView.of(found.waiting, found.asked_by or "") if found.waiting else None,
            leaders=[_leader(account) for account in found.leaders],
            can_ask=since is not None and not early,
            cannot_ask_reason=not_yet_sentence(since) if since and early else None,
        )


class AddressLinkShown(BaseModel):
    """What a link is about, for who holds it."""

    school: str
    email: str
    asked_by: str
    expires_at: datetime

    @classmethod
    def of(cls, shown: Shown) -> AddressLinkShown:
        return cls(
            school=shown.school.name,
            email=shown.request.new_email,
            asked_by=shown.asked_by,
            expires_at=shown.request.expires_at,
        )


def _leader(account: Account) -> LeaderView:
    return LeaderView(
        name=account.name,
        leadership=account.leadership or "head",
        may_ask_from=may_ask_from(account),
    )
