"""A mail server that asks for a login, as a provider's does."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from aiosmtpd.smtp import Envelope as _Envelope
from aiosmtpd.smtp import Session as _Session

__all__ = ["Post", "post"]


class Post:
    """`logins` are let in, each as `name:password`. `port` is on 127.0.0.1."""

    def __init__(self) -> None:
        self.logins: set[str] = set()
        self.tried: list[tuple[str, bool]] = []
        """Each login, and whether it was said in private."""
        self.sent: list[tuple[str, str]] = []
        """To whom, and who was let in to say so."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    def by(self, login: str) -> int:
        return sum(1 for _, each in self.sent if each == login)

    def authenticate(
        self, _server: Any, session: _Session, _envelope: _Envelope, _how: str, given: Any
    ) -> AuthResult:
        login = f"{given.login.decode()}:{given.password.decode()}"
        self.tried.append((login, session.ssl is not None))
        return AuthResult(success=login in self.logins, handled=False, auth_data=login)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, session: _Session, envelope: _Envelope
    ) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[arg-type]
        self.sent.append((str(mail["To"]), str(session.auth_data)))
        return "250 OK"


@contextmanager
def post(tls: ssl.SSLContext | None = None) -> Iterator[Post]:
    """With `tls` it offers STARTTLS, and takes a login only then."""
    taken = Post()
    controller = Controller(
        taken,
        hostname="127.0.0.1",
        port=taken.port,
        ready_timeout=30,
        tls_context=tls,
        authenticator=taken.authenticate,
        auth_required=True,
        auth_require_tls=tls is not None,
    )
    controller.start()
    try:
        yield taken
    finally:
        controller.stop()
