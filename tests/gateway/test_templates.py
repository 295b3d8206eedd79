"""Report Templates through the gateway: passed on as it was sent, and the admin's alone (R25)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.fakes import person
from tests.gateway.world import World

SOME_ID = "0192f3a0-0000-7000-8000-000000000000"
ONE = f"/templates/{SOME_ID}"
SAVED = {
    "version": 2,
    "name": "Written report",
    "saved_at": "2026-06-10T12:00:00Z",
    "saved_by": "Sam Reed",
    "taken_up": None,
}
ROW = {"id": SOME_ID, "kind": "written_report", "active": True, "saved": SAVED}
LAYOUT = {
    "title": "Report for {pupil.full_name}",
    "sections": [
        {"kind": "details", "on": True, "heading": "", "fields": ["class", "term"]},
        {"kind": "text", "on": True, "heading": "", "text": "Dear all\nWelcome"},
        {
            "kind": "attainment",
            "on": True,
            "heading": "A",
            "expectation": True,
            "effort": False,
            "earlier_terms": 2,
            "leave_out_empty": True,
        },
        {
            "kind": "subject_comments",
            "on": True,
            "heading": "",
            "attainment": True,
            "effort": True,
        },
        {"kind": "general_comment", "on": False, "heading": "", "of": "head_teacher"},
        {"kind": "scale_key", "on": True, "heading": ""},
        {"kind": "signatures", "on": True, "heading": "", "lines": ["Head teacher"]},
    ],
    "subjects": [SOME_ID],
    "page": {"logo": True, "school_name": True, "footer": "", "page_numbers": True},
}
WHOLE = {**ROW, "newest": 2, "layout": LAYOUT}
SAVE = {"expected_version": 1, "name": "Written report", "layout": LAYOUT}
WANTED = {"kind": "written_report", "layout": LAYOUT, "pupil_id": SOME_ID}
PDF = b"%PDF-1.7 as reports made it"
LIST = {
    "templates": [ROW],
    "placeholders": [{"name": "pupil.forename", "meaning": "The forename", "example": "Maya"}],
    "subjects": [{"id": SOME_ID, "name": "English", "active": True}],
}
ASKED: list[tuple[str, str, Any, Any]] = [
    ("GET", "/templates", None, LIST),
    ("POST", "/templates", {"kind": "written_report"}, (201, WHOLE)),
    ("GET", ONE, None, WHOLE),
    ("PUT", ONE, SAVE, WHOLE),
    ("POST", f"{ONE}/copy", {"name": "Another"}, (201, WHOLE)),
    ("PUT", f"{ONE}/active", {"active": False}, ROW),
    ("GET", f"{ONE}/versions", None, {"versions": [SAVED]}),
    ("GET", f"{ONE}/versions/1", None, WHOLE),
    ("POST", f"{ONE}/versions/1/take-up", {"expected_version": 2}, WHOLE),
    ("POST", "/templates/preview/pages", WANTED, {"pages": ["aGVsbG8="]}),
]


@pytest.mark.parametrize(("method", "path", "body", "answered"), ASKED)
async def test_all_is_passed_on_as_it_was_sent(
    world: World, method: str, path: str, body: Any, answered: Any
) -> None:
    world.reports.answers[f"{method} {path}"] = answered
    answer = await world.browser().ask(method, f"/api{path}", json=body)
    [asked] = world.reports.asked(f"{method} {path}")
    assert asked.body == body
    status, said = answered if isinstance(answered, tuple) else (200, answered)
    assert (answer.status_code, answer.json()) == (status, said)


async def test_the_preview_is_a_file_that_no_cache_keeps(world: World) -> None:
    world.reports.answers["POST /templates/preview"] = PDF
    answer = await world.browser().ask("POST", "/api/templates/preview", json=WANTED)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("kind", "role"), [("user", "teacher"), ("user", "slt"), ("parent", None)])
async def test_it_is_the_admins_alone(world: World, kind: str, role: str | None) -> None:
    browser = world.browser(person(kind, role=role))
    for method, path, body, _ in [*ASKED, ("POST", "/templates/preview", WANTED, None)]:
        answer = await browser.ask(method, f"/api{path}", json=body)
        assert answer.status_code == 403, (method, path)
    assert not world.reports.seen


async def test_what_is_wrong_with_a_placeholder_is_passed_on_with_its_place(world: World) -> None:
    error = {
        "pointer": "#/layout/title",
        "detail": "Did you mean {pupil.forename}?",
        "at": 0,
        "found": "{pupil.forname}",
        "nearest": "pupil.forename",
    }
    refused = {
        "type": "urn:classroom:problem:template-refused",
        "title": "Something needs correcting",
        "status": 422,
        "detail": error["detail"],
        "errors": [error],
    }
    world.reports.answers[f"PUT {ONE}"] = (422, refused)
    answer = await world.browser().ask("PUT", f"/api{ONE}", json=SAVE)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [error]


async def test_a_section_that_is_not_known_here_is_refused_and_not_lost(world: World) -> None:
    odd = {**LAYOUT, "sections": [{**LAYOUT["sections"][1], "colour": "red"}]}  # type: ignore[index]
    answer = await world.browser().ask("PUT", f"/api{ONE}", json={**SAVE, "layout": odd})
    assert answer.status_code == 422
    assert not world.reports.seen
