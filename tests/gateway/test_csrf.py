"""A change is taken only from our own pages."""

from __future__ import annotations

import pytest

from tests.gateway.fakes import PASSWORD
from tests.gateway.routes import ADDRESS_LINKS, all_routes, filled
from tests.gateway.world import PUBLIC, World

SIGN_IN = {"identifier": "ng75pn_smith", "password": PASSWORD}
FORGOTTEN = ("POST", "/api/password/forgotten")
"""Asked for by people who have no session, whose token it would be."""
CHANGES = sorted(route for route in all_routes() if route[0] != "GET")


class TestOrigin:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Origin": "https://elsewhere.example"},
            {"Origin": "null"},
            {"Origin": "http://classroom.example"},
            {"Origin": PUBLIC + ".elsewhere.example"},
            {"Origin": PUBLIC, "Sec-Fetch-Site": "cross-site"},
            {"Origin": PUBLIC, "Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "none"},
        ],
    )
    async def test_another_site_cannot_sign_anyone_in(
        self, world: World, headers: dict[str, str]
    ) -> None:
        visitor = world.anonymous()
        visitor.origin = None
        answer = await visitor.post("/api/session", SIGN_IN, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (
            403,
            "urn:classroom:problem:foreign-origin",
        )
        assert not world.identity.seen

    @pytest.mark.parametrize("headers", [{"Origin": PUBLIC}, {"Sec-Fetch-Site": "same-origin"}])
    async def test_our_own_page_can(self, world: World, headers: dict[str, str]) -> None:
        visitor = world.anonymous()
        visitor.origin = None
        answer = await visitor.post("/api/session", SIGN_IN, headers=headers)
        assert answer.status_code == 201

    async def test_every_change_is_guarded(self, world: World) -> None:
        browser = world.browser()
        browser.origin = "https://elsewhere.example"
        answers = {c: (await browser.ask(c[0], filled(c[1]))).status_code for c in CHANGES}
        assert answers == dict.fromkeys(CHANGES, 403)


class TestToken:
    @pytest.mark.parametrize("token", [None, "", "guessed", b"\xff"])
    async def test_every_change_of_a_session_needs_its_own(
        self, world: World, token: str | bytes | None
    ) -> None:
        browser = world.browser()
        browser.csrf = token
        sign_ins = {("POST", "/api/session"), ("POST", "/api/session/link"), FORGOTTEN}
        sign_ins |= ADDRESS_LINKS
        changes = [change for change in CHANGES if change not in sign_ins]
        answers = {
            change: (await browser.ask(change[0], filled(change[1]))).json()["type"]
            for change in changes
        }
        assert answers == dict.fromkeys(changes, "urn:classroom:problem:csrf-token")
        assert not world.roster.seen + world.mis_sync.seen

    async def test_reading_needs_none(self, world: World) -> None:
        browser = world.browser()
        browser.csrf = None
        assert (await browser.get("/api/session")).status_code == 200
