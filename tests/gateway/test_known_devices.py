"""By what a browser is known again: its own cookie, kept from scripts, and handed to identity."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.fakes import PASSWORD, person
from tests.gateway.test_two_step import AUTHENTICATOR
from tests.gateway.world import World

SIGN_IN = {"identifier": "ng75pn_smith", "password": PASSWORD}
DEVICE = "gAAAAABm-what_identity_made=="
AUTHENTICATOR_PATH = f"/two-step/authenticators/{AUTHENTICATOR}"
BRAKED: list[tuple[str, str, str, dict[str, Any]]] = [
    ("two_step", "/api/two-step", "/two-step", {"code": "123456"}),
    (
        "set_up_two_step",
        f"/api{AUTHENTICATOR_PATH}/confirmation",
        f"{AUTHENTICATOR_PATH}/confirmation",
        {"code": "123456"},
    ),
    (
        "confirm_children",
        "/api/children/first-confirmation",
        "/children/first-confirmation",
        {"dates": [{"child_id": AUTHENTICATOR, "date_of_birth": "2018-05-17"}]},
    ),
]


async def test_signing_in_gives_it_a_cookie_that_lasts_and_no_script_can_have(
    world: World,
) -> None:
    world.identity.device = DEVICE
    answer = await world.anonymous().post("/api/session", SIGN_IN)
    session, device = answer.headers.get_list("Set-Cookie")
    assert session.startswith("__Host-session=")
    name, *flags = device.split(";")
    assert name.partition("=")[2].strip('"') == DEVICE
    assert name.startswith("__Host-device=")
    assert {flag.strip().lower() for flag in flags} == {
        "httponly",
        "secure",
        "samesite=lax",
        "path=/",
        "max-age=15552000",
    }
    assert DEVICE not in answer.text
    assert "device" not in answer.json()


async def test_it_is_handed_to_identity_and_stays_as_one_signs_out(world: World) -> None:
    world.identity.device = DEVICE
    browser = world.anonymous()
    signed_in = await browser.post("/api/session", SIGN_IN)
    browser.csrf = signed_in.json()["csrf_token"]
    gone = await browser.ask("DELETE", "/api/session")
    assert gone.status_code == 204
    assert (browser.token, browser.device) == (None, DEVICE)
    await browser.post("/api/session", SIGN_IN)
    first, second = world.identity.asked("POST /sessions")
    assert "device" not in first.body
    assert second.body["device"] == DEVICE
    await browser.post("/api/password/forgotten", {"identifier": "ng75pn_smith"})
    (asked,) = world.identity.asked("POST /password/forgotten")
    assert asked.body["device"] == DEVICE


async def test_it_stays_when_one_ends_ones_own_session_in_the_list(world: World) -> None:
    session = person()
    browser = world.browser(session)
    browser.device = DEVICE
    world.identity.answers[f"DELETE /sessions/{session['id']}"] = (204, b"")
    answer = await browser.ask("DELETE", f"/api/sessions/{session['id']}")
    assert answer.status_code == 204
    assert (browser.token, browser.device) == (None, DEVICE)


async def test_a_refused_sign_in_takes_nothing_away(world: World) -> None:
    browser = world.anonymous()
    browser.device = DEVICE
    answer = await browser.post("/api/session", SIGN_IN | {"password": "wrong"})
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers


async def test_a_step_that_is_not_the_last_leaves_it_as_it_is(world: World) -> None:
    world.identity.sign_in_as = person(scope="two_step")
    browser = world.anonymous()
    browser.device = DEVICE
    await browser.post("/api/session", SIGN_IN)
    assert browser.device == DEVICE


async def test_another_password_gives_another(world: World) -> None:
    browser = world.browser(person(scope="set_password"))
    browser.device = DEVICE
    world.identity.device = "another"
    answer = await browser.post("/api/password", {"new_password": "quite new and long"})
    (asked,) = world.identity.asked("POST /password")
    assert asked.body["device"] == DEVICE
    assert browser.device == "another"
    assert "another" not in answer.text


@pytest.mark.parametrize(("scope", "path", "asked", "form"), BRAKED, ids=[b[0] for b in BRAKED])
async def test_the_later_steps_hand_it_over_and_give_it(
    world: World, scope: str, path: str, asked: str, form: dict[str, Any]
) -> None:
    full = person()
    opened = {"token": world.identity.open(full), "device": "another", "session": full}
    world.identity.answers[f"POST {asked}"] = (201, opened | {"recovery_codes": None})
    browser = world.browser(person(scope=scope, kind="parent"))
    browser.device = DEVICE
    answer = await browser.post(path, form)
    assert answer.is_success, answer.text
    (seen,) = world.identity.asked(f"POST {asked}")
    assert seen.body["device"] == DEVICE
    assert browser.device == "another"
    assert "another" not in answer.text


@pytest.mark.parametrize(
    "odd", ['"\\000"', "a b", "ключ".encode().decode("latin-1"), "x" * 2049, ""]
)
async def test_what_is_none_is_left_out(world: World, odd: str) -> None:
    """Whatever a browser has come by, it can sign in."""
    browser = world.anonymous()
    cookie = f"__Host-device={odd}".encode("latin-1")
    answer = await browser.post("/api/session", SIGN_IN, headers={"Cookie": cookie})
    assert answer.status_code == 201
    (asked,) = world.identity.asked("POST /sessions")
    assert "device" not in asked.body


async def test_it_opens_nothing(world: World) -> None:
    visitor = world.anonymous()
    visitor.device = DEVICE
    assert (await visitor.get("/api/session")).status_code == 401
    assert not world.identity.asked("POST /sessions/lookup")
