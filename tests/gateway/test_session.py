"""Signing in and out through the gateway, its cookie, and what each kind of session reaches."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.fakes import PASSWORD, Seen, person
from tests.gateway.routes import ADDRESS_LINKS, all_routes, filled
from tests.gateway.world import NO_BROKER, World

SIGN_IN = {"identifier": "ng75pn_smith", "password": PASSWORD}
ANONYMOUS = {
    ("POST", "/api/session"),
    ("POST", "/api/session/link"),
    ("POST", "/api/password/forgotten"),
    *ADDRESS_LINKS,
}
FIRST_PASSWORD = {
    ("GET", "/api/session"),
    ("DELETE", "/api/session"),
    ("POST", "/api/password"),
}


class TestTheAnonymousCaller:
    async def test_reaches_nothing_but_the_sign_in(self, world: World) -> None:
        visitor = world.anonymous()
        routes = all_routes() - ANONYMOUS
        answers = {route: await visitor.ask(route[0], filled(route[1])) for route in routes}
        assert {route: answer.status_code for route, answer in answers.items()} == dict.fromkeys(
            routes, 401
        )
        assert not world.roster.seen + world.mis_sync.seen

    async def test_with_a_made_up_cookie_too(self, world: World) -> None:
        visitor = world.anonymous()
        world.identity.answers["POST /sessions/lookup"] = _no_longer_than_identity_takes
        for token in ("nonsense", "x" * 201, "x" * 600):
            visitor.token = token
            assert (await visitor.get("/api/home")).status_code == 401


def _no_longer_than_identity_takes(seen: Seen) -> Any:
    return (422, {}) if len(seen.body["token"]) > 200 else (401, {})


class TestSignIn:
    async def test_gives_a_cookie_that_scripts_and_other_sites_cannot_have(
        self, world: World
    ) -> None:
        answer = await world.anonymous().post("/api/session", SIGN_IN)
        assert answer.status_code == 201
        cookie = answer.headers["Set-Cookie"]
        flags = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert cookie.startswith("__Host-session=")
        assert flags == {"httponly", "secure", "samesite=lax", "path=/"}
        assert "token" not in answer.json()

    async def test_tells_identity_where_it_came_from(self, world: World) -> None:
        await world.anonymous().post("/api/session", SIGN_IN)
        (asked,) = world.identity.asked("POST /sessions")
        assert asked.body == SIGN_IN | {"address": "127.0.0.1"}

    @pytest.mark.parametrize(
        ("trusted", "believed"),
        [
            ((), "127.0.0.1"),
            (("10.0.0.0/8",), "127.0.0.1"),
            (("127.0.0.1",), "203.0.113.9"),
            (("127.0.0.0/8", "203.0.113.0/24"), "198.51.100.7"),
        ],
    )
    async def test_believes_trusted_proxies_only_of_where_it_came_from(
        self, world: World, trusted: tuple[str, ...], believed: str
    ) -> None:
        """What a visitor writes into the header stands first, and is never asked for."""
        gateway = await world.another_gateway(NO_BROKER, trusted)
        said = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7, 203.0.113.9"}
        await world.anonymous(gateway).post("/api/session", SIGN_IN, headers=said)
        (asked,) = world.identity.asked("POST /sessions")
        assert asked.body["address"] == believed

    async def test_a_refusal_is_passed_on_without_a_cookie(self, world: World) -> None:
        answer = await world.anonymous().post("/api/session", SIGN_IN | {"password": "wrong"})
        assert answer.status_code == 401
        assert answer.json()["type"] == "urn:classroom:problem:sign-in-failed"
        assert "Set-Cookie" not in answer.headers

    async def test_may_take_longer_than_a_page(self, world: World) -> None:
        """Hashing waits its turn when a whole school signs in at once."""
        visitor = world.anonymous(await world.hurried_gateway())
        world.identity.seconds = 1.2
        assert (await visitor.post("/api/session", SIGN_IN)).status_code == 201

    async def test_then_the_session_is_there(self, world: World) -> None:
        browser = world.anonymous()
        await browser.post("/api/session", SIGN_IN)
        answer = await browser.get("/api/session")
        assert answer.status_code == 200
        assert answer.json()["account"]["name"] == "Zoë Smith"
        assert answer.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize(
        ("path", "form"), [("/api/session", SIGN_IN), ("/api/session/link", {"token": "t"})]
    )
    async def test_ends_the_session_that_the_browser_had(
        self, world: World, path: str, form: dict[str, str]
    ) -> None:
        """Nobody could end it any more once its cookie is overwritten."""
        browser = world.browser()
        before = browser.token
        assert (await browser.post(path, form)).status_code == 201
        assert browser.token != before
        assert list(world.identity.sessions) == [browser.token]

    async def test_that_fails_ends_nothing(self, world: World) -> None:
        browser = world.browser()
        await browser.post("/api/session", SIGN_IN | {"password": "wrong"})
        assert list(world.identity.sessions) == [browser.token]

    async def test_does_not_need_the_former_to_be_ended(self, world: World) -> None:
        world.identity.answers["DELETE /sessions/current"] = (503, {})
        assert (await world.browser().post("/api/session", SIGN_IN)).status_code == 201


class TestSignOut:
    async def test_ends_the_session_and_takes_the_cookie_away(self, world: World) -> None:
        browser = world.browser()
        answer = await browser.ask("DELETE", "/api/session")
        assert answer.status_code == 204
        assert browser.token is None
        assert not world.identity.sessions

    async def test_is_not_claimed_while_identity_is_away(self, world: World) -> None:
        browser = world.browser()
        world.identity.answers["DELETE /sessions/current"] = (503, {})
        assert (await browser.ask("DELETE", "/api/session")).status_code == 503
        assert browser.token is not None


class TestSetPasswordScope:
    """R2"""

    async def test_reaches_only_the_password_form(self, world: World) -> None:
        routes = all_routes() - ANONYMOUS - FIRST_PASSWORD
        browser = world.browser(person(scope="set_password"))
        answers = {route: await browser.ask(route[0], filled(route[1])) for route in routes}
        types = {answer.json()["type"] for answer in answers.values()}
        assert {answer.status_code for answer in answers.values()} == {403}
        assert types == {"urn:classroom:problem:password-not-set"}
        assert (await browser.get("/api/session")).json()["scope"] == "set_password"

    async def test_setting_it_opens_a_new_session(self, world: World) -> None:
        browser = world.browser(person(scope="set_password"))
        before = browser.token
        answer = await browser.post("/api/password", {"new_password": "quite new and long"})
        assert (answer.status_code, answer.json()["scope"]) == (200, "full")
        assert browser.token != before
        assert (await browser.get("/api/session")).status_code == 200
        browser.token = before
        assert (await browser.get("/api/session")).status_code == 401


class TestKinds:
    @pytest.mark.parametrize(
        "path",
        [
            "/api/users",
            "/api/mis",
            "/api/mis/differences",
            "/api/mis/runs",
            "/api/default-password",
        ],
    )
    async def test_a_teacher_does_not_reach_the_admins_pages(self, world: World, path: str) -> None:
        """R1"""
        teacher = world.browser(person("user", role="teacher"))
        assert (await teacher.get(path)).status_code == 403

    async def test_a_parent_reaches_no_page_of_the_staff(self, world: World) -> None:
        parent = world.browser(person("parent"))
        answers = [await parent.get(p) for p in ("/api/home", "/api/pupils", "/api/groups")]
        assert [answer.status_code for answer in answers] == [403, 403, 403]
