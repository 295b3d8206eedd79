"""Sends the e-mail that waits, through SMTP: a server that is down delays it and loses nothing.

A mail may arrive twice if we die between the server's answer and our note of it; its Message-ID is
then the same. What the server refuses for good is given up with its reason.
"""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

import aiosmtplib
import structlog

from services.identity.context import Clock
from services.identity.mail.repository import Mail, give_up, mark_sent, put_off, take_due
from services.identity.mail.server import MailServer
from services.identity.measures.figures import mail_ended
from shared.database.pool import Database

__all__ = ["MailWorker"]

_LEASE = timedelta(minutes=2)
_AT_ONCE = 20
_FIRST_PUT_OFF = timedelta(seconds=30)
_LONGEST_PUT_OFF = timedelta(hours=1)

_REFUSED_FOR_GOOD = 500
"""SMTP replies from here on are permanent (RFC 5321, 4.2.1)."""
_NO_REPLY = 0
_SERVER_AWAY = (
    aiosmtplib.SMTPConnectError,
    aiosmtplib.SMTPServerDisconnected,
    aiosmtplib.SMTPTimeoutError,
    OSError,
)

_log = structlog.get_logger(__name__)


class MailWorker:
    """One of these runs wherever the role `relay` does; several do not disturb each other."""

    def __init__(self, database: Database, server: MailServer, clock: Clock) -> None:
        self._database = database
        self._server = server
        self._clock = clock

    async def send_due(self) -> int:
        """Send all that is due; how many went. Raises if the server is away or lets us not in."""
        sent = 0
        while True:
            async with self._database.transaction() as connection:
                mails = await take_due(connection, self._clock(), _LEASE, _AT_ONCE)
            if not mails:
                return sent
            sent += await self._send_all(mails)

    async def _send_all(self, mails: list[Mail]) -> int:
        waiting = list(mails)
        sent = 0
        try:
            async with await self._server.enter() as smtp:
                while waiting:
                    sent += await self._send(smtp, waiting[0])
                    waiting.pop(0)
        except (aiosmtplib.SMTPException, OSError) as error:
            # What is said of one mail has been settled: this is the server's, or of our login.
            now = self._clock()
            async with self._database.transaction() as connection:
                for mail in waiting:
                    await put_off(connection, mail.mail_id, _reason(error), now)
                    mail_ended("put_off")
            raise
        return sent

    async def _send(self, smtp: aiosmtplib.SMTP, mail: Mail) -> bool:
        try:
            await smtp.send_message(self._message(mail))
        except _SERVER_AWAY:
            raise
        except aiosmtplib.SMTPRecipientsRefused as refusal:
            await self._settle_refusal(mail, refusal.recipients[0].code, refusal)
            return False
        except (aiosmtplib.SMTPHeloError, aiosmtplib.SMTPSenderRefused) as refusal:
            # Of us, and not of this mail, in whatever words: an operator can put that right.
            await self._settle_refusal(mail, _NO_REPLY, refusal)
            return False
        except aiosmtplib.SMTPResponseException as refusal:
            await self._settle_refusal(mail, refusal.code, refusal)
            return False
        except (aiosmtplib.SMTPException, ValueError) as fault:
            # Only this one cannot go: its address needs what the server lacks, or the like.
            await self._settle_refusal(mail, _NO_REPLY, fault)
            return False
        async with self._database.transaction() as connection:
            await mark_sent(connection, mail.mail_id, self._clock())
            mail_ended("sent")
        return True

    async def _settle_refusal(self, mail: Mail, code: int, refusal: Exception) -> None:
        now = self._clock()
        for_good = code >= _REFUSED_FOR_GOOD
        _log.warning("mail_refused", mail_id=str(mail.mail_id), code=code, for_good=for_good)
        async with self._database.transaction() as connection:
            if for_good:
                await give_up(connection, mail.mail_id, _reason(refusal), now)
                mail_ended("given_up")
            else:
                until = now + min(_FIRST_PUT_OFF * 2 ** min(mail.tries - 1, 10), _LONGEST_PUT_OFF)
                await put_off(connection, mail.mail_id, _reason(refusal), until)
                mail_ended("put_off")

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._server.sender
        message["To"] = mail.recipient
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.written_at)
        domain = parseaddr(self._server.sender)[1].partition("@")[2]
        message["Message-ID"] = f"<{mail.mail_id}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        if mail.reply_to:
            message["Reply-To"] = mail.reply_to
        message.set_content(mail.body_text)
        message.add_alternative(mail.body_html, subtype="html")
        return message


def _reason(error: BaseException | None) -> str:
    return f"{type(error).__name__}: {error}"
