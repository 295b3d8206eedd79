"""The markbook through the gateway: for whom it is, and what is passed on as it was said (R26)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.gateway.fakes import person
from tests.gateway.routes import all_routes, filled
from tests.gateway.world import World

GROUP, PUPIL, TERM, SUBJECT = (str(UUID(int=number)) for number in range(1, 5))
MARK: dict[str, Any] = {
    "version": 2,
    "band_id": None,
    "effort": "good",
    "comment": "Reads well",
    "recorded_at": "2026-06-10T12:00:00Z",
    "recorded_by": "Ms Ada Hall",
}
OURS = sorted((method, path) for method, path in all_routes() if path.startswith(("/api/mark",)))


@pytest.mark.parametrize("kind", ["admin", "parent"])
async def test_it_is_neither_the_admins_nor_the_parents(world: World, kind: str) -> None:
    """R1. Nobody asks reports for them."""
    browser = world.browser(person(kind))
    assert len(OURS) >= 16
    for method, path in OURS:
        address = filled(path).replace("{import_id}", GROUP).replace("{statement_id}", GROUP)
        answer = await browser.ask(method, address.replace("{kind}", "head_teacher"), json={})
        assert answer.status_code == 403, f"{method} {path}"
    assert not world.reports.seen


@pytest.mark.parametrize("role", ["teacher", "slt"])
async def test_of_a_mark_what_is_said_is_passed_on(world: World, role: str) -> None:
    """Null takes something away, and what is left out stays."""
    path = f"/markbook/groups/{GROUP}/pupils/{PUPIL}/mark"
    world.reports.answers[f"PATCH {path}"] = MARK
    browser = world.browser(person("user", role=role))
    said = {"term_id": TERM, "subject_id": SUBJECT, "expected_version": 1, "band_id": None}
    answer = await browser.ask("PATCH", f"/api{path}", json=said)
    assert (answer.status_code, answer.json()) == (200, MARK)
    [asked] = world.reports.asked(f"PATCH {path}")
    assert asked.body == said


async def test_what_somebody_else_wrote_comes_with_the_refusal(world: World) -> None:
    path = f"/markbook/groups/{GROUP}/pupils/{PUPIL}/mark"
    problem = {
        "type": "urn:classroom:problem:changed-meanwhile",
        "title": "Somebody else was quicker",
        "status": 409,
        "detail": "Ms Ada Hall has changed this since you looked at it.",
        "current": MARK,
    }
    world.reports.answers[f"PATCH {path}"] = (409, problem)
    browser = world.browser(person("user", role="teacher"))
    said = {"term_id": TERM, "subject_id": SUBJECT, "expected_version": 1, "comment": "Mine"}
    answer = await browser.ask("PATCH", f"/api{path}", json=said)
    assert (answer.status_code, answer.json()) == (409, problem)
