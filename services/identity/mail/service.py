"""What is written in an e-mail, and to whom; each is sent only if its change commits."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from uuid_utils.compat import uuid7

from services.identity.mail.repository import Mail, insert_mail
from shared.database.pool import Connection

__all__ = [
    "address_was_changed",
    "first_link",
    "first_password_waits",
    "forgotten_password",
    "password_was_reset",
    "password_was_set",
]

_SCHOOL_TIME = ZoneInfo("Europe/London")
_NEWS_KEEPS = timedelta(days=7)


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
    await _write(
        connection,
        recipient,
        "first_link",
        f"Your account for {school}",
        now,
        expires_at,
        school=school,
        username=username,
        link=link,
        until=_at_school(expires_at),
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
    await _write(
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
        until=_at_school(expires_at),
    )


async def first_password_waits(
    connection: Connection,
    recipient: str,
    *,
    name: str,
    school: str,
    username: str,
    works: bool,
    address: str,
    now: datetime,
) -> None:
    """To who asks for a new password before the first; `works` is whether the default does (R2)."""
    await _write(
        connection,
        recipient,
        "first_password_waits",
        "Your first password for Classroom Monitor",
        now,
        now + _NEWS_KEEPS,
        name=name,
        school=school,
        username=username,
        works=works,
        address=address,
    )


async def password_was_set(
    connection: Connection, recipient: str, name: str, now: datetime, *, first: bool
) -> None:
    """Whoever did not set it themselves must hear of it (R2)."""
    subject = "Your account is ready" if first else "Your password was changed"
    await _write(
        connection,
        recipient,
        "password_was_set",
        subject,
        now,
        now + _NEWS_KEEPS,
        name=name,
        first=first,
        at=_at_school(now),
    )


async def password_was_reset(
    connection: Connection, recipient: str, name: str, now: datetime
) -> None:
    """The admin did it (R4). The default itself is never mailed."""
    await _write(
        connection,
        recipient,
        "password_was_reset",
        "Your password was reset",
        now,
        now + _NEWS_KEEPS,
        name=name,
        at=_at_school(now),
    )


async def address_was_changed(
    connection: Connection, recipient: str, name: str, now: datetime
) -> None:
    """To the old address, when another takes its place."""
    await _write(
        connection,
        recipient,
        "address_was_changed",
        "Your e-mail address was changed",
        now,
        now + _NEWS_KEEPS,
        name=name,
        at=_at_school(now),
    )


async def _write(
    connection: Connection,
    recipient: str,
    template: str,
    subject: str,
    now: datetime,
    expires_at: datetime,
    **values: Any,
) -> None:
    values["subject"] = subject
    mail = Mail(
        mail_id=uuid7(),
        recipient=recipient,
        subject=" ".join(subject.split()),
        body_text=_templates().get_template(f"{template}.txt").render(values),
        body_html=_templates().get_template(f"{template}.html").render(values),
        written_at=now,
    )
    await insert_mail(connection, mail, expires_at)


def _at_school(at: datetime) -> str:
    local = at.astimezone(_SCHOOL_TIME)
    return f"{local.day} {local:%B %Y at %H:%M}"


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("services.identity.mail"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
