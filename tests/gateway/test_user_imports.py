"""Users who come by a file, through the gateway: the file as it comes, and what it is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.gateway.fakes import person
from tests.gateway.world import World

ID = str(UUID(int=7))
MADE: dict[str, Any] = {
    "id": ID,
    "file_name": "Staff – März.csv",
    "state": "uploaded",
    "version": 1,
    "made_at": "2026-06-10T12:00:00Z",
    "kept_until": "2026-06-12T12:00:00Z",
    "confirmed_at": None,
    "rows": 2,
    "columns": [
        {"column": 0, "letter": "A", "heading": "Surname", "field": "surname", "samples": ["Li"]}
    ],
    "keep_over_mis": False,
    "add_namesakes": False,
    "counts": None,
}
PATH = "/api/user-imports"


async def signed_in(world: World, gateway: httpx.AsyncClient | None = None, **who: Any) -> Any:
    browser = world.browser(person(**who), gateway=gateway)
    browser.csrf = (await browser.get("/api/session")).json()["csrf_token"]
    return browser


async def post(browser: Any, content: Any, name: str = "staff.csv") -> Any:
    headers = {"Content-Type": "application/octet-stream"}
    return await browser.ask(
        "POST", PATH, params={"file_name": name}, content=content, headers=headers
    )


async def in_pieces(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"\x00" * 1024 * 1024


async def test_a_file_is_passed_on_as_it_is(world: World) -> None:
    world.identity.answers["POST /user-imports"] = (201, MADE)
    browser = await signed_in(world)
    answer = await post(browser, in_pieces(3), MADE["file_name"])
    assert (answer.status_code, answer.json()) == (201, MADE)
    [asked] = world.identity.asked("POST /user-imports")
    assert asked.body == b"\x00" * 3 * 1024 * 1024
    assert asked.query == {"file_name": [MADE["file_name"]]}
    assert asked.principal is not None


@pytest.mark.parametrize("says_so", [True, False])
async def test_one_that_is_too_large_is_refused_with_the_reason(
    world: World, says_so: bool
) -> None:
    content = b"\x00" * (21 * 1024 * 1024) if says_so else in_pieces(21)
    answer = await post(await signed_in(world), content)
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:classroom:problem:too-large")
    assert "20 MB" in answer.json()["detail"]
    assert not world.identity.asked("POST /user-imports")


async def test_what_identity_says_of_a_file_is_passed_on(world: World) -> None:
    problem = {
        "type": "urn:classroom:problem:file-empty-file",
        "title": "This file cannot be read",
        "status": 422,
        "detail": "The file is empty.",
    }
    world.identity.answers["POST /user-imports"] = (422, problem)
    answer = await post(await signed_in(world), b"")
    assert (answer.status_code, answer.json()) == (422, problem)


async def test_a_file_that_takes_long_to_read_is_waited_for(world: World) -> None:
    """Everything else has half a second here."""
    browser = await signed_in(world, await world.hurried_gateway())
    looked_up = world.identity.answers["POST /sessions/lookup"]

    def then_slow(seen: Any) -> Any:
        world.identity.seconds = 1.5
        return looked_up(seen)

    world.identity.answers["POST /sessions/lookup"] = then_slow
    world.identity.answers["POST /user-imports"] = (201, MADE)
    assert (await post(browser, b"Surname\r\nLi\r\n")).status_code == 201


async def test_the_steps_after_it(world: World) -> None:
    browser = await signed_in(world)
    rows = {
        "items": [
            {
                "id": "2",
                "row": 2,
                "outcome": "added",
                "name": "Jo Li",
                "username": "ng75pn_li",
                "user_id": None,
                "changes": [{"field": "surname", "before": None, "after": "Li", "by_hand": False}],
                "faults": [],
            }
        ],
        "next_cursor": None,
        "total": 1,
    }
    world.identity.answers |= {
        f"GET /user-imports/{ID}": MADE,
        f"PUT /user-imports/{ID}/preview": MADE,
        f"GET /user-imports/{ID}/rows": rows,
        f"POST /user-imports/{ID}/confirmation": MADE,
        f"DELETE /user-imports/{ID}": (204, b""),
    }
    wanted = {"columns": [{"column": 0, "field": "surname"}], "keep_over_mis": True}
    assert (await browser.get(f"{PATH}/{ID}")).json() == MADE
    assert (await browser.ask("PUT", f"{PATH}/{ID}/preview", json=wanted)).json() == MADE
    assert (await browser.get(f"{PATH}/{ID}/rows?outcome=added&limit=20")).json() == rows
    confirmation = {"expected_version": 2}
    assert (await browser.post(f"{PATH}/{ID}/confirmation", confirmation)).json() == MADE
    assert (await browser.ask("DELETE", f"{PATH}/{ID}")).status_code == 204
    [previewed] = world.identity.asked(f"PUT /user-imports/{ID}/preview")
    assert previewed.body == wanted
    [listed] = world.identity.asked(f"GET /user-imports/{ID}/rows")
    assert listed.query == {"outcome": ["added"], "limit": ["20"]}
    [confirmed] = world.identity.asked(f"POST /user-imports/{ID}/confirmation")
    assert confirmed.body == confirmation


@pytest.mark.parametrize(
    ("path", "name"),
    [("template", "users-to-import.csv"), (f"{ID}/rejected", "rows-to-mend.csv")],
)
async def test_files_to_keep(world: World, path: str, name: str) -> None:
    world.identity.answers[f"GET /user-imports/{path}"] = b"\xef\xbb\xbfSurname\r\n"
    answer = await world.browser().get(f"{PATH}/{path}")
    assert answer.content == b"\xef\xbb\xbfSurname\r\n"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("role", ["teacher", "slt"])
async def test_it_is_the_admin_s_alone_and_comes_from_our_pages(world: World, role: str) -> None:
    somebody = await signed_in(world, kind="user", role=role)
    assert (await post(somebody, in_pieces(1))).status_code == 403
    assert (await somebody.get(f"{PATH}/template")).status_code == 403
    forged = await signed_in(world)
    forged.csrf = None
    assert (await post(forged, b"x")).status_code == 403
    assert not world.identity.asked("POST /user-imports")
