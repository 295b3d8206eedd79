"""Who changes what matters confirms with their present password, which nobody can guess here (R3).

It is asked for again, since a browser may have been left open.
"""

from __future__ import annotations

from services.identity.accounts.account import Account
from services.identity.context import Identity
from shared.web.problems import Unprocessable

__all__ = ["CurrentPasswordWrong", "confirm_password"]


class CurrentPasswordWrong(Unprocessable):
    slug, title = "current-password-wrong", "That is not your present password"

    def __init__(self) -> None:
        detail = "Please give the password that you sign in with now."
        super().__init__(detail, errors=[{"pointer": "#/current_password", "detail": detail}])


async def confirm_password(identity: Identity, account: Account, given: str | None) -> None:
    """Raises `CurrentPasswordWrong`, `TooManyTries` or `Busy`. Outside of transactions."""
    # In capitals, so that nobody uses these up by typing the id as a username.
    whose = f"PASSWORD of {account.account_id}"
    with identity.hashing.place():
        await identity.throttle.guess(whose, None)
        if not given or not await identity.hashing.verify(given, account.password_hash):
            raise CurrentPasswordWrong
    await identity.throttle.forgive(whose)
