"""The search at the top right asks side by side, and says which part did not answer (R28)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.gateway.fakes import person
from tests.gateway.world import World

NONE: dict[str, Any] = {"items": [], "active": 0, "inactive": 0}


def roster_finds() -> dict[str, Any]:
    pupil = {
        "id": str(uuid4()),
        "forename": "Zoë",
        "surname": "O’Neill",
        "year_group": "3",
        "active": True,
        "groups": [],
    }
    return {"pupils": {"items": [pupil], "active": 1, "inactive": 0}, "groups": NONE}


async def test_an_admin_is_told_of_pupils_groups_and_users(world: World) -> None:
    world.roster.answers["GET /search"] = roster_finds()
    world.identity.answers["GET /search"] = NONE
    answer = await world.browser().get("/api/search", params={"q": " zoë "})
    assert answer.json() == {
        **world.roster.answers["GET /search"],
        "users": NONE,
        "unavailable": [],
    }
    assert answer.headers["Cache-Control"] == "no-store"
    for service in (world.roster, world.identity):
        [asked] = service.asked("GET /search")
        assert asked.query == {"q": ["zoë"], "limit": ["5"]}
        assert asked.principal is not None


@pytest.mark.parametrize("role", ["teacher", "slt"])
async def test_users_are_nobody_elses(world: World, role: str) -> None:
    world.roster.answers["GET /search"] = roster_finds()
    found = (await world.browser(person("user", role=role)).get("/api/search?q=zoe")).json()
    assert (found["users"], found["unavailable"]) == (None, [])
    assert world.identity.asked("GET /search") == []


async def test_a_part_that_is_away_is_named_and_the_rest_is_there(world: World) -> None:
    world.roster.answers["GET /search"] = (503, {})
    world.identity.answers["GET /search"] = NONE
    found = (await world.browser().get("/api/search?q=zoe")).json()
    assert (found["pupils"], found["groups"], found["users"]) == (None, None, NONE)
    assert found["unavailable"] == ["roster"]


@pytest.mark.parametrize("q", ["", "z", " z ", "z" * 101, "z%00z"])
async def test_what_is_no_search_is_asked_of_nobody(world: World, q: str) -> None:
    answer = await world.browser().get(f"/api/search?q={q}")
    assert answer.status_code in (400, 422)
    assert world.roster.asked("GET /search") == []


async def test_is_for_staff_who_are_signed_in(world: World) -> None:
    assert (await world.anonymous().get("/api/search?q=zoe")).status_code == 401
    assert (await world.browser(person("parent")).get("/api/search?q=zoe")).status_code == 403
    half = person("admin", "two_step")
    assert (await world.browser(half).get("/api/search?q=zoe")).status_code == 403


async def test_what_was_typed_is_in_no_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """They are names of children. What a whole stack writes is looked at by tests/browser."""
    answers: list[Any] = [roster_finds(), (500, {}), (503, {}), (200, b"nothing"), (400, {})]
    for answer in answers:
        world.roster.answers["GET /search"] = answer
        await world.browser().get("/api/search?q=Quillfeather")
    written = caplog.text.lower()
    assert "service failed" in written
    assert "quillfeather" not in written
