"""What identity is told by its environment, each under `CLASSROOM_`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import EmailStr, Field, SecretStr

from services.identity.mail.server import Security
from shared.kept import Lines, Reread, lines
from shared.web.process import ServiceSettings

__all__ = ["Settings"]


class Settings(ServiceSettings):
    """`pepper_file` holds lines of 32 bytes or more, made at random, the newest first: one, but
    while another takes its place."""

    pepper_file: Path
    two_step_keys_file: Path
    """Fernet keys, one a line, the newest first: each opens what it has sealed."""
    public_url: str
    smtp_host: str
    smtp_port: int = 25
    smtp_login: SecretStr = SecretStr("")
    """`name:password`, two lines while another takes its place; none where nobody is asked."""
    smtp_security: Security = ""
    """`starttls`, `tls` from the first byte, `none`; unset: STARTTLS where it is offered, and
    always with a login."""
    mail_from: str
    support_address: EmailStr | Literal[""] = ""
    """Of the operator's support (R28); unset: the page says whom to ask instead."""
    mail_seconds: float = Field(default=1.0, gt=0)
    """How often mail that waits, and requests for links, are looked for."""
    hashing_threads: int | None = Field(default=None, ge=1)
    """`None`: as many as there are cores."""
    hashing_queue: int = Field(default=128, ge=0)
    """How many may wait for a password to be checked; the next is asked to come back."""

    @property
    def peppers(self) -> Reread[tuple[bytes, ...]]:
        """As the file has them at any moment, the newest first."""
        return Reread(self.pepper_file, lambda text: tuple(map(str.encode, lines(text))))

    @property
    def smtp_logins(self) -> Lines:
        """As the file has them at any moment, the newest first."""
        return self.kept("smtp_login", needed=False)

    @property
    def two_step_keys(self) -> Reread[tuple[str, ...]]:
        """Those that seal the secrets of authenticators, at any moment, the newest first."""
        return Reread(self.two_step_keys_file, lines)
