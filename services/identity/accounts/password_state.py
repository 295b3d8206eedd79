"""What a user signs in with now, or waits for, and what a slip for them would hold (R2, R4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Literal

from services.identity.accounts.account import Account

__all__ = ["PasswordState", "Slip", "password_state", "slip_for"]

PasswordState = Literal["own", "default", "code", "no_code", "lapsed", "link"]
"""Their own; or they wait, with the default, with a code that was printed, for one to be printed,
with neither any more since the 14 days are over, or, as a head or deputy, for their link."""
Slip = Literal["code", "plain"]
"""With a new code, or with no secret: the default is known to nobody here."""


def password_state(account: Account, now: datetime) -> PasswordState:
    """Of an inactive user, what would be if they were made active again."""
    if account.claimed:
        return "own"
    account = replace(account, active=True)
    if account.takes_code(now):
        return "code"
    if account.leadership:
        return "link"
    if account.takes_default(now):
        return "default"
    until = account.code_until
    waits = account.first_passwords == "starting_codes" and until is not None and now < until
    return "no_code" if waits else "lapsed"


def slip_for(account: Account, now: datetime) -> Slip | None:
    """`None` where a slip would open nothing, or the user has a password of their own."""
    if account.kind != "user" or account.claimed or not account.active:
        return None
    if account.first_passwords == "starting_codes":
        return None if password_state(account, now) == "lapsed" else "code"
    return "plain" if account.takes_default(now) else None
