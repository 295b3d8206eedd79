"""Starting codes and the list of claims, as tests ask for them."""

from __future__ import annotations

from typing import Any

import httpx

from tests.identity.door import SchoolInTest
from tests.identity.user_management import ask
from tests.slips import codes_on

__all__ = ["code_for", "sheet", "use", "use_codes"]


async def use(school: SchoolInTest, first_passwords: str) -> None:
    """Switch the setting, whatever it is now."""
    now = (await ask(school, "GET", "/school/settings")).json()["sign_in"]
    body = {
        "expected_version": now["version"],
        "first_passwords": first_passwords,
        "two_step": now["two_step"],
    }
    answer = await ask(school, "PUT", "/school/settings/sign-in", body)
    assert answer.status_code == 200, answer.text


async def use_codes(school: SchoolInTest) -> None:
    await use(school, "starting_codes")


async def sheet(school: SchoolInTest, *users: dict[str, Any], **body: Any) -> httpx.Response:
    """Slips for these users, or for whom `body` says."""
    body = body or {"user_ids": [user["id"] for user in users]}
    return await ask(school, "POST", "/slips", body)


async def code_for(school: SchoolInTest, user: dict[str, Any]) -> str:
    """A new one, as it stands on the slip."""
    answer = await sheet(school, user)
    assert answer.status_code == 200, answer.text
    return codes_on(answer.content)[user["username"]]
