"""Many pupils at once: what the gateway asks of roster, and to whom it is open (R1, R6, R12)."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.gateway.fakes import person
from tests.gateway.test_pages import page
from tests.gateway.world import World

IDS = [str(UUID(int=1)), str(UUID(int=2))]
DONE = {
    "changed": 1,
    "items": [
        {"id": IDS[0], "name": "Zoë Hall", "outcome": "changed", "reason": None},
        {"id": IDS[1], "name": "Zoë Reed", "outcome": "unchanged", "reason": "Is so already."},
    ],
}
AHEAD = {**DONE, "in_other_class": 1, "without_class": 0, "class_of_other_year": 0}


@pytest.mark.parametrize(
    "given",
    [
        {"action": "make_inactive", "reason": "Left"},
        {"action": "move_to_year", "year_group": "4"},
        {"action": "add_to_group", "group_id": str(uuid4())},
    ],
    ids=lambda given: given["action"],
)
async def test_is_asked_of_roster_as_it_was_said(world: World, given: dict[str, str]) -> None:
    body = {**given, "ids": IDS}
    world.roster.answers["POST /pupils/bulk/preview"] = AHEAD
    world.roster.answers["POST /pupils/bulk"] = DONE
    browser = world.browser()
    assert (await browser.post("/api/pupils/many/preview", body)).json() == AHEAD
    assert (await browser.post("/api/pupils/many", body)).json() == DONE
    for path in ("/preview", ""):
        [asked] = world.roster.asked(f"POST /pupils/bulk{path}")
        assert asked.body == body


async def test_what_roster_refuses_is_told_with_its_reason(world: World) -> None:
    """R12."""
    problem = {
        "type": "urn:classroom:problem:waits-for-roll-up",
        "title": "This waits for the roll-up",
        "status": 409,
        "detail": "2 pupils would go up a year group.",
        "due_on": "2027-08-26",
    }
    world.roster.answers["POST /pupils/bulk"] = (409, problem)
    body = {"action": "move_to_year", "ids": IDS, "year_group": "4"}
    answer = await world.browser().post("/api/pupils/many", body)
    assert answer.status_code == 409
    assert answer.json() == problem


async def test_the_list_its_file_and_what_is_selected_have_the_same_filters(world: World) -> None:
    world.roster.answers["GET /pupils"] = page()
    world.roster.answers["GET /pupils/ids"] = {"ids": IDS, "total": 2}
    world.roster.answers["GET /pupils/export"] = b"\xef\xbb\xbfSurname\r\n"
    filters = "origin=hand&set_by_hand=true&missing_year=true&active=false&search=zo"
    file = await world.browser().get(f"/api/pupils/export?{filters}")
    assert file.content == b"\xef\xbb\xbfSurname\r\n"
    assert file.headers["content-disposition"] == 'attachment; filename="pupils.csv"'
    assert file.headers["cache-control"] == "no-store"
    assert (await world.browser().get(f"/api/pupils/ids?{filters}")).json()["total"] == 2
    assert (await world.browser().get(f"/api/pupils?{filters}")).status_code == 200
    for question in ("GET /pupils", "GET /pupils/export", "GET /pupils/ids"):
        [asked] = world.roster.asked(question)
        assert asked.query.pop("limit", ["50"]) == ["50"]
        assert asked.query == {
            "origin": ["hand"],
            "set_by_hand": ["true"],
            "missing_year": ["true"],
            "active": ["false"],
            "search": ["zo"],
        }


@pytest.mark.parametrize(
    "body",
    [
        {"action": "make_inactive", "ids": []},
        {"action": "delete", "ids": IDS},
        {"action": "make_active", "ids": ["x"]},
        {"action": "make_active", "ids": IDS, "school_id": str(uuid4())},
    ],
    ids=["nobody", "unknown", "no id", "school"],
)
async def test_what_nobody_meant_is_refused(world: World, body: dict[str, object]) -> None:
    answer = await world.browser().post("/api/pupils/many", body)
    assert answer.status_code == 422
    assert not world.roster.seen


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/ids"), ("GET", "/export"), ("POST", "/many"), ("POST", "/many/preview")],
)
async def test_it_is_the_admin_s_alone(world: World, method: str, path: str) -> None:
    """R1, R14."""
    for who in (person("user", role="slt"), person("user", role="teacher"), person("parent")):
        answer = await world.browser(who).ask(method, f"/api/pupils{path}", json={})
        assert answer.status_code == 403
    assert not world.roster.seen
