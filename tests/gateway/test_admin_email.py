"""The admin account's address through the gateway: who reaches it, and what is passed on (R5)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.fakes import person
from tests.gateway.world import World

ADDRESS: dict[str, Any] = {
    "email": "office@heronpark.example",
    "waiting": None,
    "leaders": [],
    "can_ask": True,
    "cannot_ask_reason": None,
}
SHOWN = {
    "school": "Heron Park Primary School",
    "email": "new@heronpark.example",
    "asked_by": "Zoë Smith",
    "expires_at": "2026-11-28T12:00:00Z",
}


def leader(leadership: str | None) -> dict[str, Any]:
    session = person("user", role="slt")
    session["account"]["leadership"] = leadership
    return session


@pytest.mark.parametrize("session", [person(), leader("head"), leader("deputy")])
async def test_the_admin_and_the_heads_see_it(world: World, session: dict[str, Any]) -> None:
    world.identity.answers["GET /admin-email"] = ADDRESS
    answer = await world.browser(session).get("/api/admin-email")
    assert answer.json() == ADDRESS


@pytest.mark.parametrize("session", [leader(None), person("user", role="teacher")])
async def test_nobody_else_does(world: World, session: dict[str, Any]) -> None:
    browser = world.browser(session)
    assert (await browser.get("/api/admin-email")).status_code == 403
    asked = {"email": "a@b.example", "current_password": "x"}
    assert (await browser.post("/api/admin-email/requests", asked)).status_code == 403
    assert {seen.path for seen in world.identity.seen} == {"/sessions/lookup"}


async def test_a_head_asks_with_the_proof_and_from_where(world: World) -> None:
    world.identity.answers["POST /admin-email/requests"] = (201, ADDRESS)
    form = {"email": " new@heronpark.example ", "current_password": "x", "code": "123456"}
    answer = await world.browser(leader("head")).post("/api/admin-email/requests", form)
    assert answer.status_code == 201, answer.text
    [seen] = world.identity.asked("POST /admin-email/requests")
    assert seen.body["email"] == "new@heronpark.example"
    assert (seen.body["current_password"], seen.body["code"]) == ("x", "123456")
    assert seen.body["address"] == "127.0.0.1"


@pytest.mark.parametrize("path", ["link", "confirmation", "cancellation"])
async def test_a_link_needs_nobody_signed_in_and_our_own_page(world: World, path: str) -> None:
    world.identity.answers[f"POST /admin-email/{path}"] = SHOWN
    form = {"token": "t", **({"does": "confirm"} if path == "link" else {})}
    visitor = world.anonymous()
    assert (await visitor.post(f"/api/admin-email/{path}", form)).json() == SHOWN
    [seen] = world.identity.asked(f"POST /admin-email/{path}")
    assert seen.principal is None
    visitor.origin = "https://elsewhere.example"
    assert (await visitor.post(f"/api/admin-email/{path}", form)).status_code == 403
    assert len(world.identity.asked(f"POST /admin-email/{path}")) == 1
    assert (await visitor.get(f"/api/admin-email/{path}")).status_code in (404, 405)
