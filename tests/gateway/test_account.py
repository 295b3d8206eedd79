"""My account through the gateway: a forgotten password, and one's own sessions."""

from __future__ import annotations

from tests.gateway.fakes import person
from tests.gateway.world import World

ASKED = {"identifier": " ng75pn_smith "}


class TestForgottenPassword:
    async def test_anyone_may_ask_and_learns_nothing(self, world: World) -> None:
        """R3"""
        world.identity.answers["POST /password/forgotten"] = (202, b"")
        answer = await world.anonymous().post("/api/password/forgotten", ASKED)
        assert (answer.status_code, answer.content) == (202, b"")
        [seen] = world.identity.asked("POST /password/forgotten")
        assert seen.body["identifier"] == "ng75pn_smith"
        assert seen.body["address"] == "127.0.0.1"
        assert seen.principal is None

    async def test_other_sites_may_not(self, world: World) -> None:
        visitor = world.anonymous()
        visitor.origin = "https://elsewhere.example"
        assert (await visitor.post("/api/password/forgotten", ASKED)).status_code == 403
        assert not world.identity.asked("POST /password/forgotten")


class TestOwnSessions:
    async def test_they_are_listed_for_who_asks(self, world: World) -> None:
        session = person("user", role="teacher")
        one = {"id": session["id"], "created_at": session["created_at"]}
        one |= {"seen_at": session["created_at"], "current": True}
        world.identity.answers["GET /sessions"] = {"items": [one]}
        answer = await world.browser(session).get("/api/sessions")
        assert [item["id"] for item in answer.json()["items"]] == [session["id"]]
        [seen] = world.identity.asked("GET /sessions")
        assert seen.principal is not None
        assert str(seen.principal.account_id) == session["account"]["id"]

    async def test_ending_ones_own_takes_the_cookie(self, world: World) -> None:
        session = person()
        browser = world.browser(session)
        path = f"/sessions/{session['id']}"
        world.identity.answers[f"DELETE {path}"] = (204, b"")
        assert (await browser.ask("DELETE", f"/api{path}")).status_code == 204
        assert browser.token is None
