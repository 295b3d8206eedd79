"""Whether the admin can reset a user's password, and the sentence that says why not (R4)."""

from __future__ import annotations

from datetime import datetime

from services.identity.accounts.account import Account

__all__ = ["why_not_reset"]


def why_not_reset(account: Account, now: datetime) -> str | None:
    """`None` where it can be done: in the page it is greyed out by the same rule as refused here.

    A default that has lapsed can be reset, which starts its 14 days anew.
    """
    if not account.active:
        return "This user is inactive. Make them active again first."
    if account.takes_default(now):
        return (
            "The password is still the default password, and it still works. The user chooses "
            "their own when they sign in."
        )
    if account.leadership and not account.email:
        return "A head or deputy is sent a link by e-mail. Give this user an e-mail address first."
    return None
