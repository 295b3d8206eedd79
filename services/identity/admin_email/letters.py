"""The mails about the admin account's address: all whom it concerns hear of each step (R5)."""

from __future__ import annotations

from datetime import datetime

from services.identity.accounts.account import Account
from services.identity.admin_email.request import Request
from services.identity.mail.writing import NEWS_KEEPS, at_school, write_mail
from services.identity.schools.school import School
from shared.database.pool import Connection

__all__ = ["asked", "cancelled", "changed"]


async def asked(
    connection: Connection,
    school: School,
    asker: Account,
    request: Request,
    *,
    confirm: str,
    cancel: str,
) -> None:
    """To the new address with the link that confirms, to the old one with the link that cancels.

    Whoever is said to have asked is told too, since it may have been somebody else.
    """
    who = f"{asker.name}, {'head' if asker.leadership == 'head' else 'deputy head'}"
    await _to_new(connection, school, who, request, confirm)
    await _to_old(connection, school, who, request, cancel)
    await _to_asker(connection, school, asker, request)


async def _to_new(
    connection: Connection, school: School, who: str, request: Request, link: str
) -> None:
    what = (
        f"{who} of {school.name}, asks that this becomes the e-mail address of the school’s admin "
        "account in Classroom Monitor. It counts once you confirm it."
    )
    await _write(
        connection,
        request.new_email,
        f"Confirm your address for {school.name}",
        request.asked_at,
        [what],
        link=link,
        words="Look at the request and confirm it",
        after=f"The link works until {at_school(request.expires_at)}. If you know nothing of "
        "this, do nothing: the address then stays as it is.",
        expires_at=request.expires_at,
    )


async def _to_old(
    connection: Connection, school: School, who: str, request: Request, link: str
) -> None:
    if request.former_email is None:
        return
    what = (
        f"On {at_school(request.asked_at)}, {who} of {school.name}, asked that "
        f"{request.new_email} takes the place of this address for the school’s admin account. It "
        f"does so once it is confirmed from there, until {at_school(request.expires_at)}."
    )
    await _write(
        connection,
        request.former_email,
        f"Another address for the admin account of {school.name}",
        request.asked_at,
        [what],
        link=link,
        words="Stop this change",
        after="If it is right, you need not do anything. If it is not, stop it with the link "
        "above, or in My account of the admin account, and speak to your head.",
        expires_at=request.expires_at,
    )


async def _to_asker(
    connection: Connection, school: School, asker: Account, request: Request
) -> None:
    if asker.email is None:
        return
    what = (
        f"On {at_school(request.asked_at)} it was asked in your name that {request.new_email} "
        "becomes the address of the school’s admin account. It counts once it is confirmed from "
        f"there, until {at_school(request.expires_at)}."
    )
    otherwise = (
        "If this was not you, sign in, cancel it under “Admin account”, and choose a new password "
        "at once."
    )
    subject = f"You asked for another address of the admin account of {school.name}"
    await _write(connection, asker.email, subject, request.asked_at, [what, otherwise])


async def changed(
    connection: Connection, school: School, asker: Account, request: Request, now: datetime
) -> None:
    """To both addresses, and to who asked."""
    what = (
        f"On {at_school(now)}, {request.new_email} became the e-mail address of the admin account "
        f"of {school.name}, as {asker.name} had asked."
    )
    if request.former_email:
        await _write(
            connection,
            request.former_email,
            f"The admin account of {school.name} has another address",
            now,
            [
                what,
                "This is the last message to this address. Links for a new password that were sent "
                "here no longer work. If this is not right, speak to your head.",
            ],
        )
    await _write(
        connection,
        request.new_email,
        f"This is now the address of the admin account of {school.name}",
        now,
        [
            what,
            "You can sign in with this address from now on, and a forgotten password is sent here. "
            "The username and the password are as they were.",
        ],
    )
    if asker.email:
        await _write(
            connection,
            asker.email,
            f"The admin account of {school.name} has another address",
            now,
            [what],
        )


async def cancelled(
    connection: Connection, school: School, asker: Account | None, request: Request, now: datetime
) -> None:
    """To all who were told that it was asked for."""
    what = (
        f"The request that {request.new_email} becomes the e-mail address of the admin account of "
        f"{school.name} was cancelled on {at_school(now)}. Nothing was changed."
    )
    told = [request.former_email, request.new_email, asker.email if asker else None]
    for recipient in dict.fromkeys(told):
        if recipient:
            subject = f"The admin account of {school.name} keeps its address"
            await _write(connection, recipient, subject, now, [what])


async def _write(
    connection: Connection,
    recipient: str,
    subject: str,
    now: datetime,
    what: list[str],
    *,
    link: str | None = None,
    words: str = "",
    after: str = "",
    expires_at: datetime | None = None,
) -> None:
    await write_mail(
        connection,
        recipient,
        "admin_email",
        subject,
        now,
        expires_at or now + NEWS_KEEPS,
        what=what,
        link=link,
        words=words,
        after=after,
    )
