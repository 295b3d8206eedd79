"""An authenticator app of the tests' own, and the steps in which a session becomes a full one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import httpx
import pyotp

from tests.eventually import eventually
from tests.identity.door import OWN_PASSWORD, Door

__all__ = [
    "STEP",
    "Phone",
    "begin",
    "confirm",
    "enter",
    "later",
    "mails_to",
    "set_up",
    "sign_in",
    "text_of",
]

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

    def step(self) -> int:
        return int(self.door.clock().timestamp()) // STEP


@contextmanager
def later(door: Door, *, steps: int) -> Iterator[None]:
    """By that many steps, and in the middle of one, so that none begins within the next seconds."""
    middle = STEP / 2 - door.clock().timestamp() % STEP
    with door.clock.moved_by(seconds=STEP * steps + middle):
        yield


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


async def sign_in(door: Door, username: str, password: str = OWN_PASSWORD) -> dict[str, Any]:
    """The first step; what it opened."""
    answer = await door.sign_in(username, password)
    assert answer.status_code == 201, answer.text
    opened: dict[str, Any] = answer.json()
    return opened


async def mails_to(door: Door, recipient: str, subject: str) -> list[EmailMessage]:
    """Once all that waits to be sent there is sent."""
    waiting = "SELECT 1 FROM mails WHERE recipient = $1 AND sent_at IS NULL"
    await eventually(lambda: door.rows(waiting, recipient), lambda left: not left)
    return [mail for mail in door.mailbox.sent_to(recipient) if mail["Subject"] == subject]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
