"""Authenticators: apps that show a new code every 30 seconds (RFC 6238), and the codes they show.

An account may have several, each named for who holds it, since the admin account is shared (R1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
import segno
from pyotp.utils import strings_equal

__all__ = [
    "MOST",
    "SETTING_UP",
    "Authenticator",
    "Proof",
    "Waiting",
    "address_of",
    "as_typed",
    "new_secret",
    "picture_of",
    "step_of",
]

MOST = 10
"""Authenticators of one account. Each makes a guessed code likelier to be one that is right."""
SETTING_UP = timedelta(minutes=15)
"""For as long may the first code of a new authenticator be awaited."""
_ISSUER = "Classroom Monitor"
_SKEW_STEPS = 1
"""A clock may be half a minute off, either way."""


@dataclass(frozen=True)
class Authenticator:
    """One that works, as its account sees it."""

    authenticator_id: UUID
    name: str
    created_at: datetime
    used_at: datetime | None
    version: int


@dataclass(frozen=True)
class Waiting:
    """One that is being set up: its first code is awaited."""

    authenticator_id: UUID
    name: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Proof:
    """What a second step was done with; a recovery code is no authenticator."""

    authenticator_id: UUID | None
    name: str


def new_secret() -> str:
    """160 random bits in base32, as RFC 4226 recommends."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step that a code is of: the present one or one beside it, else `None`."""
    totp = pyotp.TOTP(secret)
    present = totp.timecode(now)
    near = range(present - _SKEW_STEPS, present + _SKEW_STEPS + 1)
    return next((step for step in near if strings_equal(code, totp.generate_otp(step))), None)


def address_of(secret: str, username: str, school: str) -> str:
    """What the app reads from the picture: `otpauth://…`, named for school and username."""
    issuer = f"{_ISSUER} {school}".replace(":", " ")
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def picture_of(address: str) -> str:
    """A QR code of it, as an image in a `data:` address."""
    return segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=4)


def as_typed(secret: str) -> str:
    """The key in groups of four, for who types it."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
