"""Pages: what they show, whom they ask, and what they do when someone does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from shared.security.principals import Kind, Scope
from tests.gateway.fakes import SCHOOL, Seen, person
from tests.gateway.world import World

SUMMARY = {
    "pupils": 418,
    "groups": 16,
    "pupils_without_class": 3,
    "missing_upn": 2,
    "academic_year": "2026/27",
}
LINK_BADGE = {"version": 1, "origin": "mis", "override": False}


def mis_summary(differences: int = 0) -> dict[str, Any]:
    return {
        "link_state": "healthy",
        "differences": differences,
        "not_here": 5,
        "last_run": None,
    }


def page(*items: dict[str, Any], next_cursor: str | None = None) -> dict[str, Any]:
    return {"items": list(items), "next_cursor": next_cursor, "total": len(items)}


def group(name: str = "3 Blue") -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "version": 1,
        "active": True,
        "active_reason": None,
        "name": name,
        "kind": "class",
        "year_group": "3",
        "origin": "mis",
        "overrides": [],
        "member_count": 28,
        "user_count": 1,
    }


def pupil() -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "version": 2,
        "active": True,
        "legal_forename": "Zoë",
        "legal_surname": "O'Neill",
        "date_of_birth": "2018-08-31",
        "year_group": "3",
        "origin": "mis",
        "groups": [],
    }


def user() -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "version": 1,
        "active": True,
        "username": "ng75pn_smith",
        "forename": "Ann",
        "surname": "Smith",
        "role": "teacher",
        "claimed": False,
        "password": "default",
        "origin": "mis",
    }


class TestAdminHome:
    """R19"""

    async def test_shows_the_alert_with_its_count(self, world: World) -> None:
        world.roster.answers["GET /summary"] = SUMMARY
        world.mis_sync.answers["GET /summary"] = mis_summary(differences=19)
        home = (await world.browser().get("/api/home")).json()
        assert home["alert"] == {
            "differences": 19,
            "message": "There are 19 differences between your MIS and Classroom Monitor "
            "for you to decide.",
            "link": "/data-management/mis-mapping",
        }
        assert (home["kind"], home["school"], home["summary"]) == ("admin", SCHOOL, SUMMARY)
        assert home["unavailable"] == []

    async def test_without_differences_there_is_no_alert(self, world: World) -> None:
        world.roster.answers["GET /summary"] = SUMMARY
        world.mis_sync.answers["GET /summary"] = mis_summary()
        home = (await world.browser().get("/api/home")).json()
        assert (home["alert"], home["mis"]["link_state"]) == (None, "healthy")

    @pytest.mark.parametrize(
        "answer", [(500, {}), (503, {}), (200, b"not json"), (200, {"pupils": "many"}), (403, {})]
    )
    async def test_comes_without_the_part_that_fails(self, world: World, answer: Any) -> None:
        world.roster.answers["GET /summary"] = answer
        world.mis_sync.answers["GET /summary"] = mis_summary(differences=1)
        found = await world.browser().get("/api/home")
        home = found.json()
        assert (found.status_code, home["summary"], home["unavailable"]) == (200, None, ["roster"])
        assert home["alert"]["differences"] == 1

    async def test_asks_side_by_side(self, world: World) -> None:
        """Neither answers before both are asked."""
        both = asyncio.Barrier(2)

        def once_both_are_asked(answer: dict[str, Any]) -> Callable[[Seen], Any]:
            async def answered() -> dict[str, Any]:
                await both.wait()
                return answer

            return lambda _: answered()

        world.roster.answers["GET /summary"] = once_both_are_asked(SUMMARY)
        world.mis_sync.answers["GET /summary"] = once_both_are_asked(mis_summary())
        home = (await world.browser().get("/api/home")).json()
        assert home["unavailable"] == []

    async def test_does_not_wait_for_the_slow(self, world: World) -> None:
        """They answer when the page has been."""
        browser, shown = world.browser(gateway=await world.hurried_gateway()), asyncio.Event()
        for service in (world.roster, world.mis_sync):
            service.answers["GET /summary"] = lambda _: shown.wait()
        home = (await browser.get("/api/home")).json()
        shown.set()
        assert home["unavailable"] == ["mis_sync", "roster"]


class TestUserHome:
    async def test_shows_the_users_own_groups(self, world: World) -> None:
        """R14"""
        blue = group()
        world.roster.answers["GET /groups"] = page(blue)
        teacher = person("user", role="teacher")
        home = (await world.browser(teacher).get("/api/home")).json()
        assert (home["kind"], home["groups"]) == ("user", [blue])
        (asked,) = world.roster.asked("GET /groups")
        assert asked.principal is not None
        assert (asked.principal.kind, asked.principal.role) == (Kind.USER, "teacher")
        assert not world.mis_sync.seen


class TestWhatServicesAreTold:
    async def test_the_originating_person_for_that_service_alone(self, world: World) -> None:
        session = person()
        world.roster.answers["GET /pupils"] = page()
        await world.browser(session).get("/api/pupils")
        (asked,) = world.roster.seen
        principal = asked.principal
        assert principal is not None
        assert str(principal.account_id) == session["account"]["id"]
        assert str(principal.session_id) == session["id"]
        assert str(principal.school_id) == SCHOOL["id"]
        assert (principal.scope, principal.name) == (Scope.FULL, "Zoë Smith")

    async def test_one_correlation_id_which_is_not_the_callers(self, world: World) -> None:
        world.roster.answers["GET /summary"] = SUMMARY
        world.mis_sync.answers["GET /summary"] = mis_summary()
        answer = await world.browser().get("/api/home", headers={"X-Correlation-ID": "forged-one"})
        told = {s.correlation_id for s in world.roster.seen + world.mis_sync.seen}
        assert told == {answer.headers["X-Correlation-ID"]} != {"forged-one"}

    async def test_filters_paging_and_search(self, world: World) -> None:
        world.roster.answers["GET /pupils"] = page(next_cursor="abc")
        query = "limit=20&sort=-surname&search=O'Neill&year_group=3&missing_upn=true&cursor=xyz"
        answer = await world.browser().get(f"/api/pupils?{query}&year_disagrees=true")
        (asked,) = world.roster.seen
        assert asked.query == {
            "limit": ["20"],
            "sort": ["-surname"],
            "search": ["O'Neill"],
            "cursor": ["xyz"],
            "year_group": ["3"],
            "missing_upn": ["true"],
            "year_disagrees": ["true"],
            "active": ["true"],
        }
        assert answer.json()["next_cursor"] == "abc"


class TestProblems:
    async def test_are_passed_on_with_status_type_and_extras(self, world: World) -> None:
        problem = {
            "type": "urn:classroom:problem:upn-taken",
            "title": "The UPN is taken",
            "status": 409,
            "detail": "Another pupil has it.",
            "in_the_way": "someone",
        }
        world.roster.answers["POST /pupils"] = (409, problem)
        new = {"legal_forename": "Zoë", "legal_surname": "O'Neill"}
        answer = await world.browser().post("/api/pupils", new)
        assert (answer.status_code, answer.json()) == (409, problem)
        assert answer.headers["Content-Type"] == "application/problem+json"

    async def test_a_service_that_is_needed_and_away_is_503(self, world: World) -> None:
        browser = world.browser(gateway=await world.hurried_gateway())
        world.roster.seconds = 5
        answer = await browser.get("/api/pupils")
        assert (answer.status_code, answer.json()["service"]) == (503, "roster")
        assert answer.headers["Retry-After"] == "5"

    async def test_our_own_signature_refused_does_not_sign_anyone_out(self, world: World) -> None:
        world.roster.answers["GET /pupils"] = (401, {})
        assert (await world.browser().get("/api/pupils")).status_code == 502

    async def test_a_session_that_ended_meanwhile_is_no_fault(self, world: World) -> None:
        """Such as of the second of two people who set one account's first password (R2)."""
        refusal = {"type": "urn:classroom:problem:session-over", "title": "Over", "status": 401}
        world.identity.answers["POST /password"] = (401, refusal | {"detail": "Sign in again."})
        answer = await world.browser().post("/api/password", {"new_password": "quite new"})
        assert (answer.status_code, answer.json()["type"]) == (401, refusal["type"])

    async def test_identity_away_is_not_signed_out(self, world: World) -> None:
        browser = world.browser()
        world.identity.answers["POST /sessions/lookup"] = (503, {})
        assert (await browser.get("/api/home")).status_code == 503

    async def test_a_field_that_is_not_known_is_said_to_be_wrong(self, world: World) -> None:
        form = {"name": "3 Blue", "kind": "class", "school_id": str(uuid4())}
        answer = await world.browser().post("/api/groups", form)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "#/school_id"


class TestUsers:
    def links(self, seen: Seen) -> dict[str, Any]:
        """Every user has two groups, on a page each."""
        first = "cursor" not in seen.query
        items = [
            {
                "kind": "teacher",
                "group_id": str(uuid4()),
                "group_name": "3 Blue" if first else "Choir",
                "group_kind": "class",
                "group_year_group": None,
                "person_id": user_id,
                "version": 1,
                "present": True,
                "origin": "mis",
                "override": False,
            }
            for user_id in seen.query["user_id"]
        ]
        return page(*items, next_cursor="more" if first else None)

    async def test_are_shown_with_their_groups(self, world: World) -> None:
        """R13"""
        world.identity.answers["GET /users"] = page(user(), user())
        world.roster.answers["GET /links"] = self.links
        found = (await world.browser().get("/api/users")).json()
        names = [[group["name"] for group in item["groups"]] for item in found["items"]]
        assert names == [["3 Blue", "Choir"]] * 2
        assert (found["total"], found["unavailable"]) == (2, [])
        assert len(world.roster.asked("GET /links")) == 2

    async def test_come_without_groups_while_roster_is_away(self, world: World) -> None:
        world.identity.answers["GET /users"] = page(user())
        world.roster.answers["GET /links"] = (500, {})
        found = (await world.browser().get("/api/users")).json()
        assert (len(found["items"]), found["unavailable"]) == (1, ["roster"])

    async def test_one_user(self, world: World) -> None:
        one = user()
        world.identity.answers[f"GET /users/{one['id']}"] = one
        world.roster.answers["GET /links"] = self.links
        found = (await world.browser().get(f"/api/users/{one['id']}")).json()
        assert [group["name"] for group in found["user"]["groups"]] == ["3 Blue", "Choir"]


class TestGroups:
    async def test_another_teachers_group_is_not_there(self, world: World) -> None:
        """R14"""
        teacher = world.browser(person("user", role="teacher"))
        assert (await teacher.get(f"/api/groups/{uuid4()}")).status_code == 404


class TestHealth:
    async def test_is_ready_while_identity_is(self, world: World) -> None:
        ready = await world.gateway.get("/ready")
        assert (ready.status_code, ready.json()["checks"]) == (200, {"identity": None})
        world.identity.answers["GET /ready"] = (503, {})
        assert (await world.gateway.get("/ready")).status_code == 503

    async def test_says_that_the_broker_is_away_and_goes_on(self, world: World) -> None:
        ready = await world.gateway.get("/ready")
        assert ready.json()["ready"]
        assert "ended sessions" in ready.json()["notices"]["broker"]
