"""What the local post has taken in: every e-mail that the services meant to send."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from deploy.local.state import State

__all__ = ["SentMail", "links_sent_to", "sent"]

LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class SentMail:
    at: datetime
    recipient: str
    subject: str
    text: str


def sent(state: State) -> Sequence[SentMail]:
    """All of them, oldest first."""
    folder = mailbox.Maildir(state.mail, create=True)
    parser = BytesParser(policy=policy.default)
    found = [_mail(parser.parsebytes(folder.get_bytes(key))) for key in folder.iterkeys()]
    return sorted(found, key=lambda mail: mail.at)


def links_sent_to(state: State, address: str) -> list[str]:
    """The links in the e-mails to this address, oldest first."""
    return [
        link
        for mail in sent(state)
        if address.casefold() in mail.recipient.casefold()
        for link in LINK.findall(mail.text)
    ]


def _mail(message: EmailMessage) -> SentMail:
    body = message.get_body(("plain", "html"))
    return SentMail(
        at=message["date"].datetime,
        recipient=str(message["to"]),
        subject=str(message["subject"]),
        text=str(body.get_content()).strip() if body is not None else "",
    )
