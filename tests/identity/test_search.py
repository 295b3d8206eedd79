"""The search at the top right, of users, for the admin alone (R28)."""

from __future__ import annotations

from typing import Any

from tests.identity.door import Door, SchoolInTest
from tests.identity.user_management import set_active


async def found(school: SchoolInTest, q: str) -> Any:
    headers = await school.as_admin()
    answer = await school.door.client.get("/search", params={"q": q}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_finds_by_what_the_list_of_users_finds_by(school: SchoolInTest, door: Door) -> None:
    zoe = await school.add_user(forename="Zoë", surname="Ånström", staff_code="QZA")
    left = await school.add_user(forename="Zoey", surname="Able")
    await set_active(school, left, active=False)
    for typed in ("anstrom zoe", "Zoë Ån", "qza", zoe["username"]):
        [user] = (await found(school, typed))["items"]
        assert (user["id"], user["username"], user["active"]) == (
            zoe["id"],
            zoe["username"],
            True,
        )
    both = await found(school, "zoe")
    assert [user["surname"] for user in both["items"]] == ["Ånström", "Able"]
    assert (both["active"], both["inactive"]) == (1, 1)
    assert "email" not in both["items"][0]
    for nothing in ("--", "%_"):
        assert await found(school, nothing) == {"items": [], "active": 0, "inactive": 0}
    elsewhere = await door.new_school()
    assert (await found(elsewhere, "zoe"))["items"] == []


async def test_is_the_admins_alone(school: SchoolInTest, door: Door) -> None:
    user = await school.add_user(role="slt")
    leader = door.as_session((await school.claim(user["username"]))["session"])
    answer = await door.client.get("/search", params={"q": "zoe"}, headers=leader)
    assert answer.status_code == 403
    headers = await school.as_admin()
    short = await door.client.get("/search", params={"q": "z"}, headers=headers)
    assert short.status_code == 422
