"""Pupils who come by a file, through the gateway: the file as it comes, and what it is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from tests.gateway.fakes import person
from tests.gateway.world import World

ID = str(UUID(int=7))
MADE: dict[str, Any] = {
    "id": ID,
    "file_name": "Pupils – März.csv",
    "state": "uploaded",
    "version": 1,
    "made_at": "2026-06-10T12:00:00Z",
    "kept_until": "2026-06-12T12:00:00Z",
    "confirmed_at": None,
    "undone_at": None,
    "undo_until": None,
    "progress": None,
    "rows": 2,
    "columns": [
        {
            "column": 0,
            "letter": "A",
            "heading": "UPN",
            "field": "upn",
            "note": None,
            "samples": ["X80"],
        }
    ],
    "fields": ["upn"],
    "how": {
        "scope": "partial",
        "date_order": None,
        "classes": None,
        "make_classes": False,
        "same_pupils": False,
        "keep_over_mis": False,
    },
    "counts": None,
    "active_roll": 0,
    "makes_many_inactive": False,
    "new_classes": [],
    "missing_classes": [],
    "refused_because": None,
    "undone": None,
}
ROWS: dict[str, Any] = {
    "items": [
        {
            "id": "2",
            "row": 2,
            "outcome": "added",
            "name": "Jo Li",
            "upn": None,
            "pupil_id": None,
            "probable": False,
            "changes": [{"field": "active", "before": None, "after": "Active", "by_hand": False}],
            "faults": [],
            "notes": [{"detail": "Has no UPN.", "field": "upn", "column": "A, UPN"}],
        }
    ],
    "next_cursor": None,
    "total": 1,
}
PATH = "/api/pupil-imports"


async def signed_in(world: World, **who: Any) -> Any:
    browser = world.browser(person(**who))
    browser.csrf = (await browser.get("/api/session")).json()["csrf_token"]
    return browser


async def post(browser: Any, content: Any, **query: str) -> Any:
    return await browser.ask(
        "POST",
        PATH,
        params={"file_name": "pupils.csv", **query},
        content=content,
        headers={"Content-Type": "application/octet-stream"},
    )


async def in_pieces(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"\x00" * 1024 * 1024


async def test_a_file_is_passed_on_as_it_is(world: World) -> None:
    world.roster.answers["POST /pupil-imports"] = (201, MADE)
    answer = await post(await signed_in(world), in_pieces(3), import_id=ID)
    assert (answer.status_code, answer.json()) == (201, MADE)
    [asked] = world.roster.asked("POST /pupil-imports")
    assert asked.body == b"\x00" * 3 * 1024 * 1024
    assert asked.query == {"file_name": ["pupils.csv"], "import_id": [ID]}
    assert asked.principal is not None


async def test_one_that_is_too_large_is_refused_with_the_reason(world: World) -> None:
    answer = await post(await signed_in(world), in_pieces(21))
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:classroom:problem:too-large")
    assert not world.roster.asked("POST /pupil-imports")


async def test_the_steps_after_it(world: World) -> None:
    browser = await signed_in(world)
    world.roster.answers |= {
        "GET /pupil-imports": {"items": [MADE]},
        f"GET /pupil-imports/{ID}": MADE,
        f"PUT /pupil-imports/{ID}/preview": MADE,
        f"GET /pupil-imports/{ID}/rows": ROWS,
        f"POST /pupil-imports/{ID}/confirmation": MADE,
        f"POST /pupil-imports/{ID}/undo": MADE,
        f"DELETE /pupil-imports/{ID}": (204, b""),
    }
    wanted = {
        "columns": [{"column": 0, "field": "upn"}],
        "scope": "full",
        "date_order": "dmy",
        "make_classes": True,
    }
    confirmation = {"expected_version": 2, "make_many_inactive": True}
    assert (await browser.get(PATH)).json() == {"items": [MADE]}
    assert (await browser.get(f"{PATH}/{ID}")).json() == MADE
    assert (await browser.ask("PUT", f"{PATH}/{ID}/preview", json=wanted)).json() == MADE
    assert (await browser.get(f"{PATH}/{ID}/rows?outcome=changed_since")).json() == ROWS
    assert (await browser.post(f"{PATH}/{ID}/confirmation", confirmation)).json() == MADE
    assert (await browser.post(f"{PATH}/{ID}/undo", None)).json() == MADE
    assert (await browser.ask("DELETE", f"{PATH}/{ID}")).status_code == 204
    [previewed] = world.roster.asked(f"PUT /pupil-imports/{ID}/preview")
    assert previewed.body == wanted
    [listed] = world.roster.asked(f"GET /pupil-imports/{ID}/rows")
    assert listed.query == {"outcome": ["changed_since"], "limit": ["50"]}
    [confirmed] = world.roster.asked(f"POST /pupil-imports/{ID}/confirmation")
    assert confirmed.body == confirmation


async def test_the_rows_to_mend_are_a_file_to_keep(world: World) -> None:
    world.roster.answers[f"GET /pupil-imports/{ID}/rejected"] = b"\xef\xbb\xbfUPN\r\n"
    answer = await world.browser().get(f"{PATH}/{ID}/rejected")
    assert answer.content == b"\xef\xbb\xbfUPN\r\n"
    assert 'filename="pupil-rows-to-mend.csv"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_the_template_is_a_file_of_the_kind_that_was_asked_for(
    world: World, form: str
) -> None:
    world.roster.answers["GET /pupil-imports/template"] = b"PK"
    answer = await world.browser().get(f"{PATH}/template", params={"form": form})
    assert answer.content == b"PK"
    assert f'filename="pupils-to-import.{form}"' in answer.headers["Content-Disposition"]
    assert ("csv" if form == "csv" else "spreadsheetml") in answer.headers["Content-Type"]
    [asked] = world.roster.asked("GET /pupil-imports/template")
    assert asked.query == {"form": [form]}


@pytest.mark.parametrize("role", ["teacher", "slt"])
async def test_it_is_the_admin_s_alone_and_comes_from_our_pages(world: World, role: str) -> None:
    somebody = await signed_in(world, kind="user", role=role)
    assert (await post(somebody, in_pieces(1))).status_code == 403
    assert (await somebody.get(PATH)).status_code == 403
    assert (await somebody.get(f"{PATH}/template")).status_code == 403
    assert (await somebody.post(f"{PATH}/{ID}/undo", None)).status_code == 403
    forged = await signed_in(world)
    forged.csrf = None
    assert (await post(forged, b"x")).status_code == 403
    assert (await forged.post(f"{PATH}/{ID}/undo", None)).status_code == 403
    assert not world.roster.seen
