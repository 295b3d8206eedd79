"""Online reports through the gateway: whose child it is, identity says each time (R27)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.security.principals import digest_of
from tests.gateway.fakes import person
from tests.gateway.world import World

AMY, BO, JOB = (str(uuid4()) for _ in range(3))
PATH = f"/api/children/{AMY}/reports"
ROUTES = [PATH, f"{PATH}/{JOB}", f"{PATH}/{JOB}/school-logo.png", f"{PATH}/{JOB}/file"]
LISTED = {
    "id": JOB,
    "kind": "written_report",
    "title": "Report to “parents”",
    "term_name": "Autumn",
    "academic_year": "2026/27",
    "published_at": "2026-12-10T12:00:00Z",
    "opened": False,
}
READ = {
    **{key: value for key, value in LISTED.items() if key != "opened"},
    "school": "Heron Park",
    "show_school": True,
    "has_logo": False,
    "pupil_name": "Amy Adams",
    "class_name": "3 Blue",
    "year_group": "Year 3",
    "footer": "",
    "blocks": [{"kind": "text", "heading": "", "paragraphs": ["Dear <b>parents</b>"]}],
}
PUPIL: dict[str, Any] = {
    "pupil_id": AMY,
    "name": "Adams, Amy",
    "state": "published",
    "hindrance": None,
    "replaces_earlier": False,
    "published_at": "2026-12-10T12:00:00Z",
    "published_by_name": "Sam Reed",
    "ended_at": None,
    "ended_by_name": None,
    "openings": [],
}
PUBLICATION = {
    "job_id": JOB,
    "kind": "written_report",
    "scope_name": "3 Blue",
    "term_name": "Autumn",
    "academic_year": "2026/27",
    "made_at": "2026-12-09T12:00:00Z",
    "pupils": [PUPIL],
}


def children(*ids: str) -> dict[str, Any]:
    items = [{"id": one, "name": "Amy Adams", "year_group": "3"} for one in ids]
    return {"items": items, "to_confirm": 0, "without_date": 0}


@pytest.fixture
def published(world: World) -> World:
    world.identity.answers["GET /children"] = children(AMY, BO)
    world.identity.answers["POST /parents/reach"] = {"items": [{"pupil_id": AMY, "parents": "see"}]}
    of_child = f"/children/{AMY}/reports"
    world.reports.answers |= {
        f"GET {of_child}": {"items": [LISTED]},
        f"GET {of_child}/{JOB}": READ,
        f"GET {of_child}/{JOB}/school-logo.png": b"png",
        f"GET {of_child}/{JOB}/file": b"%PDF",
        f"GET /online-reports/{JOB}": PUBLICATION,
        f"POST /online-reports/{JOB}/publication": PUBLICATION,
        f"POST /online-reports/{JOB}/withdrawal": PUBLICATION,
    }
    return world


async def test_whose_child_it_is_is_asked_anew_and_signed(published: World) -> None:
    parent = published.browser(person("parent"))
    for path in ROUTES:
        assert (await parent.get(path)).status_code == 200, path
    assert len(published.identity.asked("GET /children")) == len(ROUTES)
    for seen in published.reports.seen:
        assert seen.principal is not None
        assert [str(child) for child in seen.principal.children] == [AMY, BO]
    published.identity.answers["GET /children"] = children(BO)
    await parent.get(PATH)
    principal = published.reports.seen[-1].principal
    assert principal is not None
    assert [str(child) for child in principal.children] == [BO], "lost meanwhile"


async def test_without_identity_nothing_is_given(published: World) -> None:
    published.identity.answers["GET /children"] = (503, {})
    parent = published.browser(person("parent"))
    for path in ROUTES:
        assert (await parent.get(path)).status_code == 503, path
    assert not published.reports.seen


@pytest.mark.parametrize(("kind", "role"), [("admin", None), ("user", "slt"), ("user", "teacher")])
async def test_staff_do_not_read_as_parents(published: World, kind: str, role: str | None) -> None:
    browser = published.browser(person(kind, role=role))
    for path in ROUTES:
        assert (await browser.get(path)).status_code == 403, path
    assert not published.reports.seen


async def test_parents_publish_nothing(published: World) -> None:
    parent = published.browser(person("parent"))
    path = f"/api/online-reports/{JOB}"
    assert (await parent.get(path)).status_code == 403
    for to in ("publication", "withdrawal"):
        answer = await parent.ask("POST", f"{path}/{to}", json={"pupil_ids": [AMY]})
        assert answer.status_code == 403
    assert not published.reports.seen


async def test_a_report_is_kept_by_no_cache_and_a_file_has_a_name(published: World) -> None:
    parent = published.browser(person("parent"))
    file = await parent.get(ROUTES[3])
    assert file.content == b"%PDF"
    assert "no-store" in file.headers["cache-control"]
    assert "Autumn%202026-27.pdf" in file.headers["content-disposition"]
    picture = await parent.get(ROUTES[2])
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in (await parent.get(ROUTES[1])).headers["cache-control"]


async def test_identity_is_asked_of_the_pupils_whom_reports_named(published: World) -> None:
    teacher = published.browser(person("user", role="teacher"))
    path = f"/api/online-reports/{JOB}"
    page = (await teacher.get(path)).json()
    assert page["publication"]["pupils"] == [{**PUPIL, "parents": "see"}]
    answer = await teacher.ask("POST", f"{path}/publication", json={"pupil_ids": [BO]})
    assert answer.status_code == 200
    asked = published.identity.asked("POST /parents/reach")
    assert [seen.body["pupil_ids"] for seen in asked] == [[AMY], [AMY]]
    assert {seen.principal and seen.principal.pupils for seen in asked} == {digest_of([UUID(AMY)])}


async def test_without_identity_the_page_comes_without_whom_it_reaches(published: World) -> None:
    published.identity.answers["POST /parents/reach"] = (503, {})
    page = (
        await published.browser(person("user", role="slt")).get(f"/api/online-reports/{JOB}")
    ).json()
    assert page["unavailable"] == ["identity"]
    assert page["publication"]["pupils"][0]["parents"] is None
