"""What identity's routes and subscribers work with, wired once by `app.py`.

Rules take it as their first argument; they open their own transactions only where a password is
hashed in between, since no connection may wait for that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request

from services.identity.devices.devices import Devices
from services.identity.passwords.hashing import PasswordHashing
from services.identity.starting_codes.press import SlipPress
from services.identity.throttling.service import Throttle
from services.identity.two_step.sealing import Sealing
from shared.database.pool import Database
from shared.messaging.outbox import Outbox

__all__ = ["Clock", "Identity", "InContext"]

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Identity:
    """The parts of the service. `public_url` has no slash at its end; links in mails begin so."""

    database: Database
    outbox: Outbox
    hashing: PasswordHashing
    throttle: Throttle
    devices: Devices
    sealing: Sealing
    press: SlipPress
    clock: Clock
    public_url: str
    support_address: str | None = None
    """Of the operator's support; `None` where there is none (R28)."""
    version: str = "development"


def _of_request(request: Request) -> Identity:
    return cast(Identity, request.app.state.identity)


InContext = Annotated[Identity, Depends(_of_request)]
"""The service's parts, for a route."""
