"""Heads and deputies, and what they ask for the admin account, as tests do it (R5)."""

from __future__ import annotations

import re
from typing import Any, Literal

import httpx

from services.identity.mail.server import MailServer
from services.identity.mail.worker import MailWorker
from tests.eventually import eventually
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest
from tests.identity.second_step import text_of
from tests.identity.user_management import link_mailed_to

__all__ = [
    "PAGES",
    "ask",
    "by_link",
    "cancel",
    "entries",
    "lead",
    "new_address",
    "seen",
    "send_mails",
    "texts_to",
    "token_to",
]

Does = Literal["confirm", "cancel"]

PAGES: dict[Does, str] = {"confirm": "/confirm-address", "cancel": "/stop-address-change"}
_PATHS = {"confirm": "/admin-email/confirmation", "cancel": "/admin-email/cancellation"}


def new_address(school: SchoolInTest, name: str = "new-office") -> str:
    return f"{name}@{school.postcode}.example"


async def lead(
    door: Door, school: SchoolInTest, leadership: str = "head", surname: str = "Hart"
) -> dict[str, Any]:
    """The full session of a new head or deputy, who has just set their first password."""
    email = f"{surname.lower()}@{school.postcode}.example"
    await school.add_user(role="slt", leadership=leadership, email=email, surname=surname)
    await send_mails(door)
    token = await link_mailed_to(door, email)
    form = (await door.client.post("/sessions/link", json={"token": token})).json()
    answer = await door.set_password(form, OWN_PASSWORD)
    assert answer.status_code == 201, answer.text
    session: dict[str, Any] = answer.json()["session"]
    return session


async def ask(door: Door, session: dict[str, Any], email: str, **proof: Any) -> httpx.Response:
    body = {"email": email, "current_password": OWN_PASSWORD, **proof}
    return await door.client.post(
        "/admin-email/requests", json=body, headers=door.as_session(session)
    )


async def seen(door: Door, session: dict[str, Any]) -> dict[str, Any]:
    answer = await door.client.get("/admin-email", headers=door.as_session(session))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def cancel(door: Door, session: dict[str, Any], request_id: str) -> httpx.Response:
    return await door.client.delete(
        f"/admin-email/requests/{request_id}", headers=door.as_session(session)
    )


async def by_link(door: Door, does: Does, token: str) -> httpx.Response:
    return await door.client.post(_PATHS[does], json={"token": token})


async def texts_to(door: Door, recipient: str) -> list[str]:
    """All mails to an address, in the order they were written, once none waits to be sent."""
    waiting = "SELECT 1 FROM mails WHERE recipient = $1 AND sent_at IS NULL AND given_up_at IS NULL"
    await send_mails(door)
    await eventually(lambda: door.rows(waiting, recipient), lambda left: not left)
    sent = sorted(door.mailbox.sent_to(recipient), key=lambda mail: str(mail["Message-ID"]))
    return [text_of(mail) for mail in sent]


async def send_mails(door: Door) -> None:
    """Now, and not when the worker looks next."""
    identity = door.app.state.identity
    server = MailServer("127.0.0.1", door.mailbox.port, "no-reply@classroom.example")
    await MailWorker(identity.database, server, identity.clock).send_due()


async def token_to(door: Door, recipient: str, does: Does) -> str:
    """The secret of the newest link of this kind that was mailed there."""
    texts = await texts_to(door, recipient)
    found = [t for text in texts for t in re.findall(rf"{PAGES[does]}#([\w-]+)", text)]
    assert found, texts
    return str(found[-1])


async def entries(door: Door, school: SchoolInTest, action: str) -> list[dict[str, Any]]:
    events = await door.told(school.id, "activity.recorded.v1")
    return [e for one in events for e in one["data"]["entries"] if e["action"] == action]
