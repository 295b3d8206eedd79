"""What an action does to each of the users it was chosen for: rules without a database (R4, R6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.identity.accounts.account import Account
from services.identity.accounts.resettable import why_not_reset
from shared.school.names import search_key

__all__ = ["BulkAction", "Fate", "FateOutcome", "fates_of", "must_be_reset"]

BulkAction = Literal["make_inactive", "make_active", "reset_password"]
FateOutcome = Literal["changed", "unchanged", "refused"]


@dataclass(frozen=True)
class Fate:
    """`reason` is a sentence for the page, where the user is left as they are."""

    user: Account
    outcome: FateOutcome
    reason: str | None = None


def fates_of(users: Iterable[Account], action: BulkAction, now: datetime) -> list[Fate]:
    """In the order of their names, as a person looks for them."""
    return [_fate(user, action, now) for user in sorted(users, key=_by_name)]


def _fate(user: Account, action: BulkAction, now: datetime) -> Fate:
    if action == "reset_password":
        reason = why_not_reset(user, now)
        return Fate(user, "refused", reason) if reason else Fate(user, "changed")
    active = action == "make_active"
    if user.active == active:
        return Fate(user, "unchanged", f"Is {'active' if active else 'inactive'} already.")
    return Fate(user, "changed")


def must_be_reset(user: Account, now: datetime) -> bool:
    """Whether they could not sign in if they were active: what they wait with has lapsed (R2)."""
    active = replace(user, active=True)
    return not (active.claimed or active.takes_default(now) or active.takes_code(now))


def _by_name(user: Account) -> tuple[str, str, str]:
    return search_key(user.surname or ""), search_key(user.forename or ""), str(user.account_id)
