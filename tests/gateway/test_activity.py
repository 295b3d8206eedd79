"""The activity log through the gateway: its page, its choices, and the file (R9)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.gateway.fakes import person
from tests.gateway.world import World

CSV = "\ufeffDate,Time\r\n10/06/2026,13:00:00\r\n".encode()

MIS = {"kind": "mis", "account_id": None, "name": "MIS sync", "authenticator": None}


def line() -> dict[str, Any]:
    return {
        "id": f"{uuid4()}-3",
        "event_id": str(uuid4()),
        "at": "2026-06-10T12:00:00Z",
        "actor": MIS,
        "action": "link.added",
        "subject": {"kind": "link", "id": None, "label": "Maya Patel in 3 Blue"},
        "sentence": "3 Blue: Maya Patel added",
        "alike": 1,
        "fields": [{"name": "Present", "before": "No", "after": "Yes"}],
    }


async def test_a_page_of_the_log_with_its_filters(world: World) -> None:
    one = line()
    world.identity.answers["GET /activity"] = {"items": [one], "next_cursor": "abc", "total": 7}
    account = str(uuid4())
    query = {
        "first_day": "2026-06-01",
        "last_day": "2026-06-30",
        "actor_kind": "person",
        "actor_account_id": account,
        "subject_kind": "link",
        "action": "link.added",
        "search": "maya",
        "together": "true",
        "limit": "20",
    }
    answer = await world.browser().get("/api/activity", params=query)
    assert answer.json() == {"items": [one], "next_cursor": "abc", "total": 7}
    (asked,) = world.identity.asked("GET /activity")
    assert asked.query == {name: [value] for name, value in query.items()}


async def test_the_choices(world: World) -> None:
    choices = {
        "actors": [MIS],
        "actions": [{"action": "pupil.created", "name": "Pupil added"}],
    }
    world.identity.answers["GET /activity/choices"] = choices
    assert (await world.browser().get("/api/activity/choices")).json() == choices


async def test_the_file_is_one_to_keep_and_is_kept_nowhere_else(world: World) -> None:
    world.identity.answers["GET /activity/export"] = CSV
    answer = await world.browser().get("/api/activity/export?search=maya")
    assert (answer.status_code, answer.content) == (200, CSV)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="activity-log.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    (asked,) = world.identity.asked("GET /activity/export")
    assert asked.query == {"search": ["maya"]}


@pytest.mark.parametrize(
    ("answer", "status"), [((503, {}), 503), ((500, {}), 502), ((403, {}), 403), ((401, {}), 502)]
)
async def test_a_file_that_cannot_be_had_is_a_problem(
    world: World, answer: Any, status: int
) -> None:
    world.identity.answers["GET /activity/export"] = answer
    found = await world.browser().get("/api/activity/export")
    assert found.status_code == status
    assert found.headers["Content-Type"] == "application/problem+json"
    assert "Content-Disposition" not in found.headers


async def test_a_file_that_is_slow_to_begin_is_not_waited_for(world: World) -> None:
    browser = world.browser(gateway=await world.hurried_gateway())
    await browser.get("/api/session")
    world.identity.answers["GET /activity/export"] = CSV
    session_looked_up = world.identity.answers["POST /sessions/lookup"]

    def then_slow(seen: Any) -> Any:
        world.identity.seconds = 5
        return session_looked_up(seen)

    world.identity.answers["POST /sessions/lookup"] = then_slow
    found: httpx.Response = await browser.get("/api/activity/export")
    assert found.status_code == 503


@pytest.mark.parametrize("path", ["", "/choices", "/export"])
@pytest.mark.parametrize("role", ["teacher", "slt"])
async def test_it_is_the_admin_s_alone(world: World, path: str, role: str) -> None:
    answer = await world.browser(person("user", role=role)).get(f"/api/activity{path}")
    assert answer.status_code == 403
    assert not world.identity.asked(f"GET /activity{path}")
