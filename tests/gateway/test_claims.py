"""Claimed and unclaimed accounts: what the gateway passes on, and to whom it is open."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.gateway.fakes import NOBODY_CLAIMED, person
from tests.gateway.world import World

ROUTES: list[tuple[str, str, Any]] = [
    ("GET", "", None),
    ("POST", "/slips", {"waiting": ["no_code"]}),
    ("POST", "/lapsed/reset", {}),
    ("POST", "/links", {"user_ids": [str(uuid4())]}),
]


@pytest.mark.parametrize("role", ["teacher", "slt"])
@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
async def test_users_see_and_do_nothing_here(
    world: World, method: str, path: str, body: Any, role: str
) -> None:
    """R1: it is refused here already."""
    colleague = world.browser(person("user", role=role))
    answer = await colleague.ask(method, f"/api/claims{path}", json=body)
    assert answer.status_code == 403
    assert not [seen for seen in world.identity.seen if seen.path.startswith(("/claims", "/slips"))]


async def test_filters_are_passed_on(world: World) -> None:
    found: dict[str, Any] = {
        "items": [],
        "next_cursor": None,
        "total": 0,
        "slips_for_all": 0,
        "first_passwords": "default",
    }
    world.identity.answers["GET /claims"] = found | {"counts": NOBODY_CLAIMED["counts"]}
    answer = await world.browser().get("/api/claims?state=code&state=no_code&search=smith")
    assert answer.status_code == 200, answer.text
    [asked] = world.identity.asked("GET /claims")
    assert asked.query["state"] == ["code", "no_code"]
    assert asked.query["search"] == ["smith"]


@pytest.mark.parametrize(("path", "asked"), [("lapsed/reset", "lapsed/reset"), ("links", "links")])
async def test_a_change_is_passed_on_as_it_was_sent(world: World, path: str, asked: str) -> None:
    world.identity.answers[f"POST /claims/{asked}"] = {"users": 3}
    body = {"user_ids": [str(uuid4())]}
    answer = await world.browser().ask("POST", f"/api/claims/{path}", json=body)
    assert answer.json() == {"users": 3}
    assert world.identity.asked(f"POST /claims/{asked}")[0].body == body


async def test_a_sheet_comes_as_a_file_that_nothing_keeps(world: World) -> None:
    world.identity.answers["POST /slips"] = (200, b"%PDF-1.7 the sheet")
    body = {"waiting": ["no_code"]}
    answer = await world.browser().ask("POST", "/api/claims/slips", json=body)
    assert answer.content == b"%PDF-1.7 the sheet"
    assert answer.headers["content-type"] == "application/pdf"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    assert world.identity.asked("POST /slips")[0].body == body


async def test_a_sheet_that_cannot_be_made_says_why(world: World) -> None:
    problem = {
        "type": "urn:classroom:problem:printed-meanwhile",
        "title": "Something changed while the slips were made",
        "status": 409,
        "detail": "Look at the list again.",
    }
    world.identity.answers["POST /slips"] = (409, problem)
    answer = await world.browser().ask("POST", "/api/claims/slips", json={"waiting": ["code"]})
    assert (answer.status_code, answer.json()) == (409, problem)


async def test_home_comes_without_the_claims_where_they_are_not_answered(world: World) -> None:
    """R2: the admin's page tells of claims, and is there without them."""
    world.roster.answers["GET /summary"] = {"pupils": 1, "groups": 1}
    home = (await world.browser().get("/api/home")).json()
    assert home["claims"] == NOBODY_CLAIMED
    world.identity.answers["GET /claims/summary"] = (500, b"")
    home = (await world.browser().get("/api/home")).json()
    assert home["claims"] is None
    assert "identity" in home["unavailable"]
