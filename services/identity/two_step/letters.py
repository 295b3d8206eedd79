"""The mails about the second step: whoever did not do it themselves must hear of it."""

from __future__ import annotations

from datetime import datetime

from services.identity.accounts.account import Account
from services.identity.mail.writing import NEWS_KEEPS, at_school, write_mail
from shared.database.pool import Connection

__all__ = [
    "authenticator_added",
    "authenticator_removed",
    "codes_guessed",
    "recovery_code_used",
    "recovery_codes_made",
    "two_step_reset",
]

_NOT_YOU = (
    "If this was not you or a colleague who shares the account, choose a new password now and tell "
    "your school."
)


async def authenticator_added(
    connection: Connection, account: Account, now: datetime, name: str
) -> None:
    what = f"A new authenticator, “{name}”, can now be used to sign in to your account."
    await _tell(connection, account, now, "An authenticator was added", what)


async def authenticator_removed(
    connection: Connection, account: Account, now: datetime, name: str
) -> None:
    what = f"The authenticator “{name}” was removed from your account."
    await _tell(connection, account, now, "An authenticator was removed", what)


async def recovery_codes_made(connection: Connection, account: Account, now: datetime) -> None:
    what = "New recovery codes were made for your account. The old ones no longer work."
    await _tell(connection, account, now, "New recovery codes were made", what)


async def recovery_code_used(
    connection: Connection, account: Account, now: datetime, left: int
) -> None:
    codes = "1 code is" if left == 1 else f"{left} codes are"
    what = f"A recovery code of your account was used. {codes} left."
    await _tell(connection, account, now, "A recovery code was used", what)


async def codes_guessed(connection: Connection, account: Account, now: datetime) -> None:
    what = (
        "Somebody has typed your password rightly and ten codes of your authenticator wrongly. "
        "They are not signed in."
    )
    await _tell(connection, account, now, "Somebody is trying to sign in", what)


async def two_step_reset(connection: Connection, account: Account, now: datetime, by: str) -> None:
    what = (
        f"Two-step sign-in of your account was reset by {by}. Your authenticators and recovery "
        "codes no longer work, and you were signed out. Your password is as it was."
    )
    await _tell(connection, account, now, "Your two-step sign-in was reset", what)


async def _tell(
    connection: Connection, account: Account, now: datetime, subject: str, what: str
) -> None:
    if account.email is None:
        return
    await write_mail(
        connection,
        account.email,
        "two_step_news",
        subject,
        now,
        now + NEWS_KEEPS,
        name=account.name,
        what=what,
        advice=_NOT_YOU,
        at=at_school(now),
    )
