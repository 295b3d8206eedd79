"""An authenticator app of the tests' own, and the steps in which a session becomes a full one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pyotp

from tests.identity.door import OWN_PASSWORD, Door

__all__ = ["STEP", "Phone", "begin", "confirm", "enter", "set_up"]

STEP = 30
"""Seconds for which a code is shown."""


@dataclass
class Phone:
    """Shows codes for one account. `clock` is the door's, so that time moves for both."""

    door: Door
    id: str
    key: str

    @classmethod
    def of(cls, door: Door, begun: dict[str, Any]) -> Phone:
        return cls(door, begun["id"], begun["key"].replace(" ", ""))

    def code(self, steps: int = 0) -> str:
        """What it shows now, or some steps of half a minute later or earlier."""
        return pyotp.TOTP(self.key).at(self.door.clock() + timedelta(seconds=STEP * steps))


async def begin(
    door: Door, session: dict[str, Any], name: str = "My phone", **proof: Any
) -> httpx.Response:
    return await door.client.post(
        "/two-step/authenticators",
        json={"name": name, **proof},
        headers=door.as_session(session),
    )


async def confirm(door: Door, session: dict[str, Any], phone: Phone, code: str) -> httpx.Response:
    return await door.client.post(
        f"/two-step/authenticators/{phone.id}/confirmation",
        json={"code": code},
        headers=door.as_session(session),
    )


async def set_up(
    door: Door, session: dict[str, Any], name: str = "My phone", **proof: Any
) -> tuple[Phone, dict[str, Any]]:
    """A new authenticator, and what was answered to its first code. That code is spent."""
    proof = {"current_password": OWN_PASSWORD, **proof}
    begun = await begin(door, session, name, **proof)
    assert begun.status_code == 201, begun.text
    phone = Phone.of(door, begun.json())
    done = await confirm(door, session, phone, phone.code())
    assert done.status_code == 201, done.text
    return phone, done.json()


async def enter(door: Door, opened: dict[str, Any], **given: str) -> httpx.Response:
    """The second step of signing in, with `code` or `recovery_code`."""
    return await door.client.post(
        "/two-step", json=given, headers=door.as_session(opened["session"])
    )
