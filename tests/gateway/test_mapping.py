"""MIS Mapping and 'in the MIS, not here' through the gateway (R18–R20)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.gateway.fakes import person
from tests.gateway.world import World

NOBODY: dict[str, Any] = {"items": [], "next_cursor": None, "total": 0, "counts": []}
CHANGE = {"kind": "staff", "mis_id": "S 1/2", "action": "take_apart", "expected_version": 3}


def decision(**changed: object) -> dict[str, Any]:
    return {"difference_id": str(uuid4()), "action": "map", "expected_version": 1} | changed


async def test_the_list_of_who_is_not_here_and_its_file_have_the_same_filters(
    world: World,
) -> None:
    world.mis_sync.answers["GET /not-here"] = NOBODY
    world.mis_sync.answers["GET /not-here/export"] = b"\xef\xbb\xbfWho\r\n"
    filters = "kind=pupil&because=pupil_without_upn&search=zo"
    file = await world.browser().get(f"/api/mis/not-here/export?{filters}")
    assert file.content == b"\xef\xbb\xbfWho\r\n"
    named = 'attachment; filename="in-the-mis-not-here.csv"'
    assert file.headers["content-disposition"] == named
    assert file.headers["cache-control"] == "no-store"
    assert (await world.browser().get(f"/api/mis/not-here?{filters}")).json() == NOBODY
    for question in ("GET /not-here", "GET /not-here/export"):
        [asked] = world.mis_sync.asked(question)
        assert asked.query.pop("limit", ["50"]) == ["50"]
        assert asked.query == {"who": ["pupil"], "kind": ["pupil_without_upn"], "search": ["zo"]}


async def test_who_was_faster_is_told_as_it_is(world: World) -> None:
    """R19: with what the other one did, for the page to show."""
    conflicts = [{"label": "3 Blue", "detail": "The office has ignored it."}]
    told = {
        "type": "urn:classroom:problem:mapping-changed",
        "title": "Changed",
        "status": 409,
        "detail": "3 Blue: The office has ignored it.",
        "conflicts": conflicts,
    }
    for path, body in (
        ("/mapping", {"decisions": [decision()]}),
        ("/mapping/preview", {"decisions": [decision()]}),
        ("/mapping/changes", {"changes": [CHANGE]}),
        ("/mapping/changes/preview", {"changes": [CHANGE]}),
    ):
        world.mis_sync.answers[f"POST {path}"] = (409, told)
        answer = await world.browser().post(f"/api/mis{path}", body)
        assert (answer.status_code, answer.json()["conflicts"]) == (409, conflicts)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/mapping", {"decisions": []}),
        ("/mapping", {"decisions": [decision()] * 501}),
        ("/mapping", {"decisions": [decision(action="delete")]}),
        ("/mapping", {"decisions": [decision(school_id=str(uuid4()))]}),
        ("/mapping/changes", {"changes": [CHANGE | {"kind": "link"}]}),
        ("/mapping/changes", {"changes": [CHANGE | {"mis_id": "x" * 201}]}),
        ("/mapping/changes", {"changes": [CHANGE | {"record_id": "7"}]}),
    ],
    ids=["none", "too many", "unknown", "school", "kind", "long", "no id"],
)
async def test_what_nobody_meant_is_refused(
    world: World, path: str, body: dict[str, object]
) -> None:
    answer = await world.browser().post(f"/api/mis{path}", body)
    assert answer.status_code == 422
    assert not world.mis_sync.seen


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/differences"),
        ("GET", "/mapping"),
        ("GET", "/not-here"),
        ("GET", "/not-here/export"),
        ("POST", "/mapping"),
        ("POST", "/mapping/preview"),
        ("POST", "/mapping/changes"),
        ("POST", "/mapping/changes/preview"),
    ],
)
async def test_it_is_the_admin_s_alone(world: World, method: str, path: str) -> None:
    """R1, R14."""
    for who in (person("user", role="slt"), person("user", role="teacher"), person("parent")):
        answer = await world.browser(who).ask(method, f"/api/mis{path}", json={})
        assert answer.status_code == 403
    assert not world.mis_sync.seen
