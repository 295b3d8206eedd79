"""The school's logo through the gateway: who may, and how a browser is told to handle it (R24)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from tests.gateway.fakes import SCHOOL, person
from tests.gateway.world import World

PATH, PICTURE = "/api/logo", "/api/logo/school-logo.png"
LOGO: dict[str, Any] = {
    "version": 3,
    "width": 320,
    "height": 200,
    "uploaded_at": "2026-06-10T12:00:00Z",
    "uploaded_by": "Sam Reed",
}
PNG = b"\x89PNG\r\n\x1a\n as reports made it"
STAFF = [("admin", None), ("user", "slt"), ("user", "teacher")]


async def post(browser: Any, content: Any) -> Any:
    headers = {"Content-Type": "application/octet-stream"}
    return await browser.ask("POST", PATH, content=content, headers=headers)


async def in_pieces(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"\x00" * 1024 * 1024


def with_logo(world: World) -> None:
    world.reports.answers |= {
        "GET /logo": {"logo": LOGO},
        "POST /logo": (201, LOGO),
        "DELETE /logo": (204, b""),
        "GET /logo/3/school-logo.png": PNG,
    }


@pytest.mark.parametrize(("kind", "role"), STAFF)
async def test_staff_upload_it_and_take_it_away(world: World, kind: str, role: str | None) -> None:
    with_logo(world)
    browser = world.browser(person(kind, role=role))
    answer = await post(browser, in_pieces(3))
    assert (answer.status_code, answer.json()) == (201, LOGO)
    [asked] = world.reports.asked("POST /logo")
    assert asked.body == b"\x00" * 3 * 1024 * 1024, "as it came"
    assert asked.principal is not None
    assert (await browser.get(PATH)).json() == {"logo": LOGO}
    assert (await browser.ask("DELETE", PATH)).status_code == 204


async def test_a_parent_sees_it_and_changes_nothing(world: World) -> None:
    with_logo(world)
    parent = world.browser(person("parent"))
    assert (await parent.get(PATH)).json() == {"logo": LOGO}
    assert (await parent.get(PICTURE)).content == PNG
    assert (await post(parent, PNG)).status_code == 403
    assert (await parent.ask("DELETE", PATH)).status_code == 403
    assert not world.reports.asked("POST /logo")
    assert not world.reports.asked("DELETE /logo")


async def test_more_than_5_mib_is_refused_with_the_reason(world: World) -> None:
    with_logo(world)
    answer = await post(world.browser(), in_pieces(6))
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:classroom:problem:too-large")
    assert "picture with fewer pixels" in answer.json()["detail"]
    assert not world.reports.asked("POST /logo")


async def test_why_it_is_refused_is_passed_on(world: World) -> None:
    why = {
        "type": "urn:classroom:problem:logo-refused",
        "title": "This cannot be the logo",
        "status": 422,
        "detail": "This is an SVG drawing, which cannot be used.",
        "problem": "no-picture",
    }
    world.reports.answers["POST /logo"] = (422, why)
    answer = await post(world.browser(), b"<svg/>")
    assert (answer.status_code, answer.json()) == (422, why)


class TestThePicture:
    async def test_opens_nothing_but_itself(self, world: World) -> None:
        with_logo(world)
        answer = await world.browser().get(PICTURE)
        headers = answer.headers
        assert (answer.content, headers["Content-Type"]) == (PNG, "image/png")
        assert headers["X-Content-Type-Options"] == "nosniff"
        policy = headers["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "sandbox"} <= set(policy)
        assert headers["Content-Disposition"] == 'inline; filename="school-logo.png"'
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"

    async def test_is_kept_by_one_browser_and_asked_for_each_time(self, world: World) -> None:
        with_logo(world)
        browser = world.browser()
        headers = (await browser.get(PICTURE)).headers
        kept = {part.strip() for part in headers["Cache-Control"].split(",")}
        assert {"private", "no-cache", "must-revalidate"} <= kept
        assert headers["Vary"] == "Cookie"
        known = {"If-None-Match": headers["ETag"]}
        again = await browser.ask("GET", PICTURE, headers=known)
        assert (again.status_code, again.content) == (304, b"")
        assert len(world.reports.asked("GET /logo/3/school-logo.png")) == 1
        newer = {"logo": LOGO | {"version": 4}}
        world.reports.answers |= {"GET /logo": newer, "GET /logo/4/school-logo.png": PNG + b"4"}
        assert (await browser.ask("GET", PICTURE, headers=known)).content == PNG + b"4"

    async def test_of_one_school_is_not_taken_for_another_s(self, world: World) -> None:
        """A browser that was in one school has its logo still, of the same version."""
        with_logo(world)
        tag = (await world.browser().get(PICTURE)).headers["ETag"]
        elsewhere = person() | {"school": SCHOOL | {"id": str(uuid4())}}
        answer = await world.browser(elsewhere).ask("GET", PICTURE, headers={"If-None-Match": tag})
        assert (answer.status_code, answer.content) == (200, PNG)

    async def test_is_nobody_s_who_is_not_signed_in(self, world: World) -> None:
        with_logo(world)
        assert (await world.anonymous().get(PICTURE)).status_code == 401

    async def test_is_not_there_where_there_is_none(self, world: World) -> None:
        world.reports.answers["GET /logo"] = {"logo": None}
        assert (await world.browser().get(PICTURE)).status_code == 404

    @pytest.mark.parametrize("status", [503, 500])
    async def test_is_a_problem_where_files_are_away(self, world: World, status: int) -> None:
        with_logo(world)
        world.reports.answers["GET /logo/3/school-logo.png"] = (status, {})
        answer = await world.browser().get(PICTURE)
        assert answer.status_code == (503 if status == 503 else 502)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Cache-Control"] == "no-store"
