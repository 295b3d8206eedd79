"""Writing an e-mail from its template, text and HTML, in the transaction of what it tells of.

What a feature writes stands with the feature, or in `service.py` here where several write it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from uuid_utils.compat import uuid7

from services.identity.mail.repository import Mail, insert_mail
from services.identity.measures import figures
from shared.database.pool import Connection

__all__ = ["NEWS_KEEPS", "at_school", "write_mail"]

NEWS_KEEPS = timedelta(days=7)
"""For as long is it of use to tell somebody what happened."""

_SCHOOL_TIME = ZoneInfo("Europe/London")


async def write_mail(
    connection: Connection,
    recipient: str,
    template: str,
    subject: str,
    now: datetime,
    expires_at: datetime,
    *,
    reply_to: str | None = None,
    **values: Any,
) -> UUID:
    """Write `templates/{template}.txt` and `.html`; it is of no use after `expires_at`. Its id.

    `reply_to` is where an answer goes; the address is of ASCII, as not every server takes others.
    """
    values["subject"] = subject
    mail = Mail(
        mail_id=uuid7(),
        recipient=recipient,
        subject=" ".join(subject.split()),
        body_text=_templates().get_template(f"{template}.txt").render(values),
        body_html=_templates().get_template(f"{template}.html").render(values),
        written_at=now,
        reply_to=reply_to,
    )
    await insert_mail(connection, mail, expires_at)
    figures.mail_written(template)
    return mail.mail_id


def at_school(at: datetime) -> str:
    """A time as the school's clock has it, in words."""
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
