"""The mail server, and how we enter it: by a login if there is one, and then only in private."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import aiosmtplib

from shared.kept import Lines, first_let_in

__all__ = ["MailServer", "Security"]

_TIMEOUT_SECONDS = 20.0

Security = Literal["", "starttls", "tls", "none"]


def _no_login() -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class MailServer:
    """Where mail goes, and from whom it comes.

    `logins` are `name:password`, the newest first, as they are at that moment. With one, `security`
    is `starttls` unless something else is said; without, STARTTLS is used where it is offered.
    """

    host: str
    port: int
    sender: str
    logins: Lines = _no_login
    security: Security = ""

    async def enter(self) -> aiosmtplib.SMTP:
        """Connected, and let in by the first login that the server takes.

        Raises `aiosmtplib.SMTPException` or `OSError`.
        """
        return await first_let_in(
            lambda: self.logins() or ("",), self._as, aiosmtplib.SMTPAuthenticationError
        )

    async def _as(self, login: str) -> aiosmtplib.SMTP:
        name, _, password = login.partition(":")
        smtp = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            timeout=_TIMEOUT_SECONDS,
            username=name or None,
            password=password if name else None,
            use_tls=self.security == "tls",
            start_tls=self._must_start_tls(login),
        )
        await smtp.connect()
        return smtp

    def _must_start_tls(self, login: str) -> bool | None:
        """`None`: where it is offered."""
        if not self.security:
            return True if login else None
        return self.security == "starttls"
