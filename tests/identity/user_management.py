"""What the admin does in User Management, as tests ask for it."""

from __future__ import annotations

from typing import Any

import httpx

from services.identity.mail.server import MailServer
from services.identity.mail.worker import MailWorker
from tests.eventually import eventually
from tests.identity.door import Door, SchoolInTest

__all__ = [
    "ask",
    "change",
    "last_entry",
    "link_mailed_to",
    "read",
    "reset",
    "send_due",
    "set_active",
    "text_of",
]


async def ask(
    school: SchoolInTest, method: str, path: str, body: Any = None, headers: Any = None
) -> httpx.Response:
    headers = headers or await school.as_admin()
    return await school.door.client.request(method, path, json=body, headers=headers)


async def change(school: SchoolInTest, user: dict[str, Any], **said: Any) -> httpx.Response:
    body = {"expected_version": user["version"], **said}
    return await ask(school, "PATCH", f"/users/{user['id']}", body)


async def read(school: SchoolInTest, user: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await ask(school, "GET", f"/users/{user['id']}")).json()
    return found


async def set_active(school: SchoolInTest, user: dict[str, Any], active: bool) -> httpx.Response:
    return await ask(school, "PUT", f"/users/{user['id']}/active", {"active": active})


async def reset(school: SchoolInTest, user: dict[str, Any]) -> httpx.Response:
    return await ask(school, "POST", f"/users/{user['id']}/password-reset")


async def last_entry(school: SchoolInTest) -> dict[str, Any]:
    [entry] = (await school.door.told(school.id, "activity.recorded.v1"))[-1]["data"]["entries"]
    return dict(entry)


async def link_mailed_to(door: Door, email: str, nth: int = 1) -> str:
    await send_due(door)

    async def mails() -> Any:
        found = [m for m in door.mailbox.sent_to(email) if "/link#" in text_of(m)]
        return found if len(found) >= nth else None

    return text_of((await eventually(mails))[nth - 1]).partition("/link#")[2].split()[0]


async def send_due(door: Door) -> None:
    """Without waiting for the worker that does it every other second."""
    server = MailServer("127.0.0.1", door.mailbox.port, "no-reply@classroom.example")
    identity = door.app.state.identity
    await MailWorker(identity.database, server, identity.clock).send_due()


def text_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())
