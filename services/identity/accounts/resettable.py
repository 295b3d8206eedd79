"""Whether the admin can reset a user's password, and the sentence that says why not (R4)."""

from __future__ import annotations

from datetime import datetime

from services.identity.accounts.account import Account
from services.identity.accounts.password_state import password_state

__all__ = ["why_not_reset"]


def why_not_reset(account: Account, now: datetime) -> str | None:
    """`None` where it can be done: in the page it is greyed out by the same rule as refused here.

    What has lapsed can be reset, which starts the 14 days anew; so can who has nothing to sign in
    with, because the school uses starting codes and none was printed.
    """
    if not account.active:
        return "This user is inactive. Make them active again first."
    state = password_state(account, now)
    if state == "default":
        return (
            "The password is still the default password, and it still works. The user chooses "
            "their own when they sign in."
        )
    if state == "code" and account.leadership is None:
        return (
            "The user still has a starting code, and it still works. If the slip is lost, print "
            "another one, which takes its place."
        )
    if account.leadership and not account.email:
        return "A head or deputy is sent a link by e-mail. Give this user an e-mail address first."
    return None
