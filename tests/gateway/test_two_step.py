"""The second step through the gateway: whom it opens what, and the cookie that goes on."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import pytest

from tests.gateway.fakes import Seen, person
from tests.gateway.routes import ADDRESS_LINKS, all_routes, filled
from tests.gateway.world import World

ALWAYS = {("GET", "/api/session"), ("DELETE", "/api/session")}
STEPS = {
    "set_password": {("POST", "/api/password")},
    "two_step": {("POST", "/api/two-step")},
    "set_up_two_step": {
        ("POST", "/api/two-step/authenticators"),
        ("POST", "/api/two-step/authenticators/{authenticator_id}/confirmation"),
    },
    "confirm_children": {
        ("GET", "/api/children/first-confirmation"),
        ("POST", "/api/children/first-confirmation"),
    },
}
ANYONE = {
    ("POST", "/api/session"),
    ("POST", "/api/session/link"),
    ("POST", "/api/password/forgotten"),
    *ADDRESS_LINKS,
}
AUTHENTICATOR = "0192f3a0-0000-7000-8000-000000000000"


@pytest.mark.parametrize("scope", STEPS)
async def test_a_session_half_way_reaches_its_step_and_nothing_else(
    world: World, scope: str
) -> None:
    """Each route is asked by one kind of person, the next by another."""
    browsers = cycle([world.browser(person(kind, scope)) for kind in ("admin", "user", "parent")])
    routes = sorted(all_routes() - ALWAYS - STEPS[scope] - ANYONE)
    answers = {route: await next(browsers).ask(route[0], filled(route[1])) for route in routes}
    assert {route: answer.status_code for route, answer in answers.items()} == dict.fromkeys(
        routes, 403
    )
    assert not world.roster.seen + world.mis_sync.seen
    assert {f"{seen.method} {seen.path}" for seen in world.identity.seen} == {
        "POST /sessions/lookup"
    }


async def test_a_code_goes_on_with_another_cookie(world: World) -> None:
    half, full = person("user", "two_step"), person("user")
    browser = world.browser(half)
    former = browser.token

    def enter(seen: Seen) -> Any:
        assert seen.body["code"] == "123456"
        assert seen.body["address"] == "127.0.0.1"
        assert seen.principal is not None
        assert seen.principal.scope == "two_step"
        world.identity.end(half["id"])
        return 201, {"token": world.identity.open(full), "session": full}

    world.identity.answers["POST /two-step"] = enter
    answer = await browser.post("/api/two-step", {"code": "123456"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["scope"] == "full"
    assert "token" not in answer.json()
    assert browser.token != former
    stale = world.anonymous()
    stale.token = former
    assert (await stale.get("/api/session")).status_code == 401


async def test_a_wrong_code_is_told_in_the_services_words(world: World) -> None:
    browser = world.browser(person("user", "two_step"))
    former = browser.token
    for status in (422, 429):
        world.identity.answers["POST /two-step"] = (
            status,
            {"type": "urn:x", "title": "No", "status": status, "detail": "In its own words."},
        )
        answer = await browser.post("/api/two-step", {"code": "000000"})
        assert (answer.status_code, answer.json()["detail"]) == (status, "In its own words.")
    assert browser.token == former


async def test_the_first_code_goes_on_and_shows_recovery_codes(world: World) -> None:
    full = {**person("admin"), "authenticator": "Office iPad"}
    browser = world.browser(person("admin", "set_up_two_step"))
    world.identity.answers[f"POST /two-step/authenticators/{AUTHENTICATOR}/confirmation"] = (
        201,
        {"token": world.identity.open(full), "session": full, "recovery_codes": ["a", "b"]},
    )
    path = f"/api/two-step/authenticators/{AUTHENTICATOR}/confirmation"
    answer = await browser.post(path, {"code": "123456"})
    assert answer.json()["recovery_codes"] == ["a", "b"]
    assert answer.json()["session"]["authenticator"] == "Office iPad"
    assert "token" not in answer.json()
    assert answer.headers["Cache-Control"] == "no-store"
    assert (await browser.get("/api/session")).json()["scope"] == "full"


async def test_every_service_hears_by_what_it_was_done(world: World) -> None:
    """R1, R9: of who shares an account, whose authenticator it was."""
    browser = world.browser({**person("admin"), "authenticator": "Mrs Smith's phone"})
    await browser.get("/api/pupils")
    (seen,) = world.roster.asked("GET /pupils")
    assert seen.principal is not None
    assert seen.principal.authenticator == "Mrs Smith's phone"
