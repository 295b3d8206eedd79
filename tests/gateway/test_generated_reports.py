"""Generated reports through the gateway: who may, and how a browser keeps their files (R27)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.gateway.fakes import person
from tests.gateway.world import World

JOB: dict[str, Any] = {
    "id": str(uuid4()),
    "kind": "written_report",
    "template_name": "Written report",
    "template_version": 2,
    "term_name": "Autumn",
    "academic_year": "2026/27",
    "scope_kind": "group",
    "scope_name": "3 Ełk",
    "form": "pdf",
    "state": "done",
    "pupils": 28,
    "made": 28,
    "problem": None,
    "asked_at": "2026-11-20T12:00:00Z",
    "asked_by": str(uuid4()),
    "asked_by_name": "Ada Hall",
    "finished_at": "2026-11-20T12:00:09Z",
    "expires_at": "2027-03-20T12:00:09Z",
    "bytes": 9,
    "file_name": 'Written reports 3 Ełk "Autumn" 2026-27.pdf',
}
PATH = f"/api/generated-reports/{JOB['id']}"
OF_SERVICE = f"/generated/{JOB['id']}"


async def test_a_file_has_its_name_in_any_letters_and_is_kept_nowhere(world: World) -> None:
    world.reports.answers |= {
        f"GET {OF_SERVICE}": JOB,
        f"GET {OF_SERVICE}/file": b"%PDF-1.7\n",
    }
    answer = await world.browser(person("user", role="teacher")).get(f"{PATH}/file")
    assert answer.content == b"%PDF-1.7\n"
    headers = answer.headers
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"] == (
        'attachment; filename="Written reports 3 Ek -Autumn- 2026-27.pdf"; '
        "filename*=UTF-8''Written%20reports%203%20E%C5%82k%20%22Autumn%22%202026-27.pdf"
    )
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("kind", "status"), [("parent", 403), ("admin", 403)])
async def test_neither_parents_nor_the_admin_reach_it(world: World, kind: str, status: int) -> None:
    """Parents are stopped here; what the service says of the admin is passed on (R1)."""
    refusal = {
        "type": "urn:classroom:problem:assessments-are-the-users",
        "title": "Assessments are for teachers and senior leaders",
        "status": 403,
        "detail": "Each signs in with an account of their own.",
    }
    world.reports.answers["GET /generated/choices"] = (403, refusal)
    answer = await world.browser(person(kind)).get("/api/generated-reports/choices")
    assert answer.status_code == status
    asked = world.reports.asked("GET /generated/choices")
    assert bool(asked) == (kind == "admin")


async def test_what_is_gone_is_said_before_a_byte_of_it(world: World) -> None:
    gone = {
        "type": "urn:classroom:problem:reports-gone",
        "title": "The file is no longer kept",
        "status": 410,
        "detail": "‘Make again’ makes the same file anew.",
    }
    world.reports.answers |= {
        f"GET {OF_SERVICE}": JOB | {"state": "gone"},
        f"GET {OF_SERVICE}/file": (410, gone),
    }
    answer = await world.browser(person("user", role="slt")).get(f"{PATH}/file")
    assert (answer.status_code, answer.json()["title"]) == (410, "The file is no longer kept")
