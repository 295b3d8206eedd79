"""Parent Management and the parents' own pages: what is passed on, and to whom it is open."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.gateway.fakes import Seen, person
from tests.gateway.routes import all_routes, filled
from tests.gateway.test_pages import page
from tests.gateway.test_session import ANONYMOUS
from tests.gateway.world import World

PARENTS_OWN = {
    ("GET", "/api/session"),
    ("DELETE", "/api/session"),
    ("POST", "/api/password"),
    ("GET", "/api/sessions"),
    ("DELETE", "/api/sessions/{session_id}"),
    ("GET", "/api/children"),
    ("GET", "/api/contact"),
    ("GET", "/api/children/{child_id}/reports"),
    ("GET", "/api/children/{child_id}/reports/{report_id}"),
    ("GET", "/api/children/{child_id}/reports/{report_id}/file"),
    ("GET", "/api/children/{child_id}/reports/{report_id}/school-logo.png"),
    ("GET", "/api/two-step"),
    ("POST", "/api/two-step/authenticators"),
    ("POST", "/api/two-step/authenticators/{authenticator_id}/confirmation"),
    ("PATCH", "/api/two-step/authenticators/{authenticator_id}"),
    ("POST", "/api/two-step/authenticators/{authenticator_id}/removal"),
    ("POST", "/api/two-step/recovery-codes"),
    ("GET", "/api/logo"),
    ("GET", "/api/logo/school-logo.png"),
}
"""Their children, their own account, and the school's logo."""


def parent() -> dict[str, Any]:
    return {
        "id": str(UUID(int=7)),
        "version": 3,
        "active": True,
        "title": None,
        "forename": "Anna",
        "surname": "Patel",
        "name": "Anna Patel",
        "email": "anna@home.example",
        "state": "invited",
        "invited_until": "2026-12-01T09:00:00Z",
        "claimed_at": None,
        "origin": "hand",
        "children": [],
        "can_send_link": True,
        "cannot_send_reason": None,
        "dates_paused": False,
    }


ONE = parent()
PUPIL = str(UUID(int=8))
ASKED: list[tuple[str, str, Any, Any]] = [
    ("PATCH", f"/parents/{ONE['id']}", {"expected_version": 3, "title": None}, ONE),
    ("PUT", f"/parents/{ONE['id']}/active", {"active": False}, ONE),
    ("POST", f"/parents/{ONE['id']}/link", None, {"sent": "invitation", "parent": ONE}),
    ("PUT", f"/parents/{ONE['id']}/children/{PUPIL}", None, ONE),
    ("DELETE", f"/parents/{ONE['id']}/children/{PUPIL}", None, ONE),
    ("POST", "/parents/active", {"ids": [ONE["id"]], "active": False}, {"changed": 1}),
    (
        "POST",
        "/parents/invitations",
        {"lapsed": True},
        {"sent": 2, "claimed": 0, "inactive": 0, "left": 0},
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "answered"), ASKED)
async def test_a_change_is_passed_on_as_it_was_sent(
    world: World, method: str, path: str, body: Any, answered: Any
) -> None:
    """What was not sent is not made up: `null` would take it away."""
    world.identity.answers[f"{method} {path}"] = answered
    answer = await world.browser().ask(method, f"/api{path}", json=body)
    assert answer.status_code == 200, answer.text
    [asked] = world.identity.asked(f"{method} {path}")
    assert asked.body == body
    assert answer.json() == answered


@pytest.mark.parametrize(("method", "path", "body", "answered"), ASKED)
@pytest.mark.parametrize(("kind", "role"), [("user", "teacher"), ("user", "slt"), ("parent", None)])
async def test_it_is_the_admins_alone(
    world: World, method: str, path: str, body: Any, answered: Any, kind: str, role: str | None
) -> None:
    world.identity.answers[f"{method} {path}"] = answered
    answer = await world.browser(person(kind, role=role)).ask(method, f"/api{path}", json=body)
    assert answer.status_code == 403
    assert not world.identity.asked(f"{method} {path}")


async def test_the_list_is_asked_for_as_it_is_filtered(world: World) -> None:
    world.identity.answers["GET /parents"] = page(parent())
    query = "state=lapsed&without_children=true&search=maya"
    found = (await world.browser().get(f"/api/parents?{query}")).json()
    assert [one["name"] for one in found["items"]] == ["Anna Patel"]
    [asked] = world.identity.asked("GET /parents")
    assert asked.query == {
        "limit": ["50"],
        "active": ["true"],
        "state": ["lapsed"],
        "without_children": ["true"],
        "search": ["maya"],
    }


async def test_the_file_is_one_to_keep(world: World) -> None:
    world.identity.answers["GET /parents/export"] = b"Title\r\n"
    answer = await world.browser().get("/api/parents/export?active=false")
    assert (answer.status_code, answer.content) == (200, b"Title\r\n")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="parents.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    [asked] = world.identity.asked("GET /parents/export")
    assert asked.query == {"active": ["false"]}


async def test_a_parent_reaches_their_children_and_account_alone(world: World) -> None:
    """R1, R2: whatever route there is."""
    browser = world.browser(person("parent"))
    routes = all_routes() - PARENTS_OWN - ANONYMOUS
    answers = {route: await browser.ask(route[0], filled(route[1])) for route in routes}
    assert {route: answer.status_code for route, answer in answers.items()} == dict.fromkeys(
        routes, 403
    )
    assert not world.roster.seen + world.mis_sync.seen + world.reports.seen


async def test_a_parent_sees_the_children_that_identity_tells_of(world: World) -> None:
    child = {"id": PUPIL, "name": "Maya Patel", "year_group": "3"}
    told = {"items": [child], "to_confirm": 1, "without_date": 0}
    world.identity.answers["GET /children"] = told
    assert (await world.browser(person("parent")).get("/api/children")).json() == told
    assert (await world.browser(person("admin")).get("/api/children")).status_code == 403


async def test_right_dates_go_on_with_another_cookie(world: World) -> None:
    half, full = person("parent", "confirm_children"), person("parent")
    browser = world.browser(half)
    former = browser.token
    dates = [{"child_id": PUPIL, "date_of_birth": "2018-05-17"}]

    def confirm(seen: Seen) -> Any:
        assert seen.body == {"dates": dates, "address": "127.0.0.1"}
        assert seen.principal is not None
        assert seen.principal.scope == "confirm_children"
        world.identity.end(half["id"])
        return 201, {"token": world.identity.open(full), "session": full}

    world.identity.answers["POST /children/first-confirmation"] = confirm
    answer = await browser.post("/api/children/first-confirmation", {"dates": dates})
    assert answer.status_code == 200, answer.text
    assert "token" not in answer.json()
    assert browser.token not in (None, former)
    assert (await browser.get("/api/session")).json()["scope"] == "full"


async def test_wrong_dates_are_answered_in_identitys_words(world: World) -> None:
    problem = {
        "type": "urn:classroom:problem:dates-refused",
        "title": "Not all of these are the dates that the school has",
        "status": 422,
        "detail": "Please look again.",
    }
    world.identity.answers["POST /children/first-confirmation"] = (422, problem)
    browser = world.browser(person("parent", "confirm_children"))
    dates = [{"child_id": PUPIL, "date_of_birth": "2018-05-18"}]
    answer = await browser.post("/api/children/first-confirmation", {"dates": dates})
    assert (answer.status_code, answer.json()) == (422, problem)
