"""A message to support, as the rules see it (R28)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from services.identity.accounts.account import Account

__all__ = ["KEPT_FOR", "TOPICS", "Message", "Topic", "answer_to", "new_reference", "plain_page"]

KEPT_FOR = timedelta(days=30)
"""For so long the mail is tried, and its writer sees what they wrote."""

Topic = Literal["set_up", "pupils", "users", "mis_sync", "reports", "parents", "other"]
TOPICS: dict[Topic, str] = {
    "set_up": "Setting up the school",
    "pupils": "Pupils and groups",
    "users": "Users and signing in",
    "mis_sync": "MIS sync and mapping",
    "reports": "Assessment and reports",
    "parents": "Parents",
    "other": "Something else",
}

State = Literal["waiting", "sent", "failed"]

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""None that is taken for another on the telephone."""
_AN_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class Message:
    """One message; `state` is that of its mail. The text is in no log."""

    message_id: UUID
    reference: str
    topic: Topic
    message: str = field(repr=False)
    written_at: datetime
    state: State = "waiting"


def new_reference() -> str:
    """`CM-7F3K-92QD`: said on the telephone, and found in the mail's subject."""
    first, second = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))
    return f"CM-{first}-{second}"


def plain_page(path: str | None) -> str | None:
    """Which page it was, without ids and searches: those may say who a pupil is."""
    if path is None:
        return None
    return _AN_ID.sub("…", re.split(r"[?#]", path, maxsplit=1)[0])


def answer_to(accounts: Iterable[Account | None]) -> str | None:
    """The first of their addresses that every mail server takes.

    Nobody types in their own: a user's is what the admin or the MIS gave, the admin account's was
    confirmed by a link (R5).
    """
    addresses = (account.email for account in accounts if account)
    return next((address for address in addresses if address and address.isascii()), None)
