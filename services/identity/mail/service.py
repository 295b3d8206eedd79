"""What is written in an e-mail, and to whom; each is sent only if its change commits."""

from __future__ import annotations

from datetime import datetime

from services.identity.mail.writing import NEWS_KEEPS, at_school, write_mail
from shared.database.pool import Connection

__all__ = [
    "address_was_changed",
    "first_link",
    "first_password_waits",
    "forgotten_password",
    "password_was_reset",
    "password_was_set",
]


async def first_link(
    connection: Connection,
    recipient: str,
    *,
    school: str,
    username: str,
    link: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """The single-use link with which an admin, a head or a deputy signs in first (R2, R5)."""
    await write_mail(
        connection,
        recipient,
        "first_link",
        f"Your account for {school}",
        now,
        expires_at,
        school=school,
        username=username,
        link=link,
        until=at_school(expires_at),
    )


async def forgotten_password(
    connection: Connection,
    recipient: str,
    *,
    name: str,
    school: str,
    username: str | None,
    link: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """The link that was asked for; of no use to anybody once it has lapsed (R3, R5)."""
    await write_mail(
        connection,
        recipient,
        "forgotten_password",
        "A new password for Classroom Monitor",
        now,
        expires_at,
        name=name,
        school=school,
        username=username,
        link=link,
        until=at_school(expires_at),
    )


async def first_password_waits(
    connection: Connection,
    recipient: str,
    *,
    name: str,
    school: str,
    username: str,
    works: bool,
    by_code: bool,
    address: str,
    now: datetime,
) -> None:
    """To who asks for a new password before the first (R2).

    `works` is whether the default does, or with `by_code` the starting code on a slip.
    """
    await write_mail(
        connection,
        recipient,
        "first_password_waits",
        "Your first password for Classroom Monitor",
        now,
        now + NEWS_KEEPS,
        name=name,
        school=school,
        username=username,
        works=works,
        by_code=by_code,
        address=address,
    )


async def password_was_set(
    connection: Connection, recipient: str, name: str, now: datetime, *, first: bool
) -> None:
    """Whoever did not set it themselves must hear of it (R2)."""
    subject = "Your account is ready" if first else "Your password was changed"
    await write_mail(
        connection,
        recipient,
        "password_was_set",
        subject,
        now,
        now + NEWS_KEEPS,
        name=name,
        first=first,
        at=at_school(now),
    )


async def password_was_reset(
    connection: Connection, recipient: str, name: str, now: datetime, *, by_code: bool
) -> None:
    """The admin did it (R4). Neither the default nor a starting code is ever mailed."""
    await write_mail(
        connection,
        recipient,
        "password_was_reset",
        "Your password was reset",
        now,
        now + NEWS_KEEPS,
        name=name,
        by_code=by_code,
        at=at_school(now),
    )


async def address_was_changed(
    connection: Connection, recipient: str, name: str, now: datetime
) -> None:
    """To the old address, when another takes its place."""
    await write_mail(
        connection,
        recipient,
        "address_was_changed",
        "Your e-mail address was changed",
        now,
        now + NEWS_KEEPS,
        name=name,
        at=at_school(now),
    )
