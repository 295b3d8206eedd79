"""What each run changed, person by person (R23)."""

from __future__ import annotations

from typing import Any

from shared.web.paging import encode_cursor
from tests.mis_sync.test_later_snapshots import TODAY, TOMORROW, settle
from tests.mis_sync.world import SchoolInTest


async def changes(school: SchoolInTest, run: dict[str, Any], **query: Any) -> Any:
    return await school.get(f"/runs/{run['id']}/changes", **query)


def said(page: Any) -> list[tuple[str, str, str, str]]:
    return [
        (item["kind"], item["label"], item["action"], item["outcome"]) for item in page["items"]
    ]


async def test_who_came_and_which_links_they_got(school: SchoolInTest) -> None:
    await settle(school, pupils=2)
    mapping, snapshot = (await school.runs())[:2]
    page = await changes(school, snapshot)
    assert said(page) == [
        ("pupil", "Maya PatelP0", "create", "applied"),
        ("pupil", "Maya PatelP1", "create", "applied"),
    ]
    page = await changes(school, mapping)
    assert said(page) == [
        ("group", "3 Blue", "create", "applied"),
        ("staff", "Tom ReidT", "create", "applied"),
        ("member", "Maya PatelP0", "add", "applied"),
        ("member", "Maya PatelP1", "add", "applied"),
        ("teacher", "Tom ReidT", "add", "applied"),
    ]
    assert {item["group"] for item in page["items"]} == {None, "3 Blue"}
    assert page["counts"] == {"group": 1, "staff": 1, "member": 2, "teacher": 1}


async def test_fields_stand_with_what_was_there_before(school: SchoolInTest) -> None:
    await settle(school, pupils=3)
    old = school.mis.pupils["P1"]
    school.mis.pupils["P1"] = old.model_copy(update={"legal_surname": "Okafor"})
    run = await school.sync(school.mis.snapshot(TOMORROW))
    (change,) = (await changes(school, run))["items"]
    assert change["fields"] == [{"field": "legal_surname", "before": "PatelP1", "after": "Okafor"}]
    assert (change["action"], change["label"]) == ("update", "Maya Okafor")


async def test_what_was_refused_says_why(school: SchoolInTest) -> None:
    record = school.mis.pupil("P1")
    assert record.upn is not None
    school.held.refused_upns[record.upn] = ("Another pupil has this UPN.", None)
    run = await school.sync(school.mis.snapshot(TODAY))
    (change,) = (await changes(school, run, outcome="refused"))["items"]
    assert (change["label"], change["reason"]) == ("Maya PatelP1", "Another pupil has this UPN.")


async def test_pages_kinds_and_a_search(school: SchoolInTest) -> None:
    await settle(school, pupils=7)
    run = (await school.runs())[0]
    found: list[Any] = []
    cursor = None
    while True:
        page = await changes(school, run, limit=2, **({"cursor": cursor} if cursor else {}))
        found += said(page)
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == said(await changes(school, run, limit=200))
    assert len(found) == page["total"] == 10
    assert len((await changes(school, run, kind="member"))["items"]) == 7
    only = await changes(school, run, search="PatelP3")
    assert said(only) == [("member", "Maya PatelP3", "add", "applied")]
    assert (await school.ask("GET", f"/runs/{run['id']}/changes?cursor=WzFd")).status_code == 400
    for number in (2**31, 2**63 - 1, -(2**63) + 1):
        beyond = encode_cursor([number, "", "", number, number])
        assert (await changes(school, run, cursor=beyond))["total"] == 10
    path = f"/runs/{run['id']}/changes?cursor={encode_cursor([2**63, '', '', 0, 0])}"
    assert (await school.ask("GET", path)).status_code == 400


async def test_a_run_that_changed_nothing_says_nothing(school: SchoolInTest) -> None:
    await settle(school, pupils=2)
    run = await school.sync(school.mis.snapshot(TOMORROW))
    page = await changes(school, run)
    assert (page["items"], page["total"], page["counts"]) == ([], 0, {})
