"""A request for another address of the admin account: who may ask, and for how long it stands (R5).

Rules only: nothing is read or written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from services.identity.accounts.account import Account

__all__ = ["LIFE", "SETTLING", "LinkDoes", "Request", "leads", "may_ask_from", "stands"]

LIFE = timedelta(days=3)
"""An office that is asked on a Friday afternoon reads it on Monday morning, so the hour of a link
for a password is too short. This link signs nobody in and changes nothing but what a head or deputy
has asked for, and whoever has the old address can cancel it all that time."""
SETTLING = timedelta(days=7)
"""Whoever has just come by an account, by a reset or by being flagged, cannot ask yet: its real
holder, and the school, have that long to notice."""

LinkDoes = Literal["confirm", "cancel"]
State = Literal["waiting", "confirmed", "cancelled", "superseded"]


@dataclass(frozen=True)
class Request:
    """One at a time waits; it stops to be of use at `expires_at`, whatever its state says."""

    request_id: UUID
    asked_by: UUID
    former_email: str | None
    new_email: str
    asked_at: datetime
    expires_at: datetime
    state: State = "waiting"


def leads(account: Account) -> bool:
    """Whether it is an active head's or deputy's."""
    return account.active and account.leadership is not None


def may_ask_from(account: Account) -> datetime | None:
    """The first moment at which this head or deputy may ask; `None` for everybody else (R5)."""
    if not leads(account) or account.claimed_at is None or account.leader_since is None:
        return None
    since = max(account.claimed_at, account.leader_since, account.reset_at or account.claimed_at)
    return since + SETTLING


def stands(request: Request, asker: Account | None, now: datetime) -> bool:
    """Whether it can still be confirmed.

    It falls with who asked: once they are no head or deputy any more, or their account was reset,
    it may not have been them.
    """
    if request.state != "waiting" or now >= request.expires_at or asker is None:
        return False
    since = may_ask_from(asker)
    return since is not None and since <= request.asked_at
