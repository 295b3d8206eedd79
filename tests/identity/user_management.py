"""What the admin does in User Management, as tests ask for it."""

from __future__ import annotations

from typing import Any

import httpx

from tests.eventually import eventually
from tests.identity.door import Door, SchoolInTest

__all__ = [
    "ask",
    "change",
    "last_entry",
    "link_mailed_to",
    "read",
    "reset",
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
    async def mails() -> Any:
        found = [m for m in door.mailbox.sent_to(email) if "/link#" in text_of(m)]
        return found if len(found) >= nth else None

    return text_of((await eventually(mails))[nth - 1]).partition("/link#")[2].split()[0]


def text_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())
