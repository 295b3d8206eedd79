"""Marks that come by a file: looked through first, then all or nothing (R10, R26)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reports.announcements import Announcements
from services.reports.mark_imports.service import MarkImports
from services.reports.markbook.changes import Changes
from services.reports.markbook.service import Markbook
from services.reports.school_settings.service import SchoolSettings
from shared.contracts.roster import SchoolYearChanged
from shared.contracts.vocabulary import LinkKind
from shared.database.pool import Database
from shared.messaging.outbox import Outbox
from tests.reports.assessed import AssessedSchool
from tests.reports.markbook import Book, book_of
from tests.roster.door import Door, problem_of
from tests.roster.pupil_imports import upn
from tests.roster.running import NOW
from tests.shared.tables import as_csv, as_xlsx

HEADINGS = ["UPN", "Surname", "Forename", "Attainment", "Effort", "Comment"]


@pytest.fixture
async def book(reports: Door) -> Book:
    return await book_of(AssessedSchool(reports))


async def upload(
    book: Book, content: bytes, headers: dict[str, str] | None = None, **place: Any
) -> httpx.Response:
    query = {"group_id": str(book.group), **book.place(), "file_name": "English.csv", **place}
    return await book.school.door.client.post(
        "/mark-imports", params=query, content=content, headers=headers or book.teacher
    )


async def look_through(book: Book, made: dict[str, Any]) -> dict[str, Any]:
    columns = [{"column": one["column"], "field": one["field"]} for one in made["columns"]]
    path = f"/mark-imports/{made['id']}/preview"
    answer = await book.ask("PUT", path, body={"columns": columns})
    assert answer.status_code == 200, answer.text
    previewed: dict[str, Any] = answer.json()
    return previewed


async def preview(book: Book, rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    answer = await upload(book, as_csv([HEADINGS, *rows]))
    assert answer.status_code == 201, answer.text
    return await look_through(book, answer.json())


async def rows_of(book: Book, made: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await book.ask("GET", f"/mark-imports/{made['id']}/rows", limit=100)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def confirm(book: Book, made: dict[str, Any]) -> httpx.Response:
    body = {"expected_version": made["version"]}
    return await book.ask("POST", f"/mark-imports/{made['id']}/confirmation", body=body)


def why(row: dict[str, Any]) -> str:
    assert row["outcome"] == "rejected", row
    return " ".join(fault["detail"] for fault in row["faults"])


async def test_from_a_file_to_marks(book: Book) -> None:
    """Added, changed from what to what, unchanged; nothing is written before it is confirmed."""
    school, (zoe, adam) = book.school, book.pupils
    await school.pupil(zoe, upn=upn(1))
    eve = await school.pupil(legal_forename="Eve", legal_surname="Dean", preferred_forename="Evie")
    await school.link(LinkKind.MEMBER, book.group, eve)
    await book.record(adam, band="B", effort="good", comment="Before")
    await book.record(eve, band="A")
    rows = [
        [f" {upn(1).lower()}", "", "", "s", "Excellent", "Reads well"],
        ["", "COLE", "Adam", "Just at expectations", "", ""],
        ["", "Dean", "Evie", "A", "", ""],
        ["", "Nobody", "Else", "A", "", ""],
    ]
    made = await preview(book, rows)
    assert made["counts"] == {"added": 1, "updated": 1, "unchanged": 1, "rejected": 1}
    assert (made["group"], made["subject"], made["term"]) == (
        "3 Blue",
        "English",
        "Autumn 2026/27",
    )
    first, second, third, fourth = await rows_of(book, made)
    assert (first["outcome"], first["name"]) == ("added", "Zoë Bell")
    assert second["changes"] == [{"field": "attainment", "before": "B", "after": "J"}]
    assert third["outcome"] == "unchanged"
    assert "No pupil of 3 Blue has this name or UPN." in why(fourth)
    assert [mark["version"] for mark in await book.marks()] == [0, 1, 1]

    answer = await confirm(book, made)
    assert answer.json()["state"] == "confirmed", answer.text
    assert (await confirm(book, answer.json())).status_code == 200, "and again does nothing"
    marks = await book.marks()
    assert [mark["version"] for mark in marks] == [1, 2, 1]
    assert (marks[0]["band_id"], marks[0]["effort"]) == (book.bands["S"], "excellent")
    assert (marks[1]["effort"], marks[1]["comment"]) == ("good", "Before"), "empty says nothing"
    lines = [line for line in await book.logged() if line["action"] == "marks.imported"]
    assert lines[0]["subject"]["label"] == "3 Blue, English, Autumn 2026/27 from English.csv"
    assert lines[0]["after"]["added"] == 1
    adams = [line for line in await book.logged() if line["subject"]["id"] == str(adam)]
    assert [(line["before"]["attainment"], line["after"]["attainment"]) for line in adams] == [
        (None, "B"),
        ("B", "J"),
    ], "what was typed before is said first"
    rejected = await book.ask("GET", f"/mark-imports/{made['id']}/rejected")
    assert "Nobody,Else,A" in rejected.text


async def test_what_is_rejected_says_why(book: Book) -> None:
    school, zoe = book.school, book.pupils[0]
    await school.pupil(zoe, upn=upn(1))
    eve = await school.pupil(legal_forename="Eve", legal_surname="Dean")
    await school.link(LinkKind.MEMBER, book.group, eve)
    twin = await school.pupil(legal_forename="Adam", legal_surname="Cole", year_group="2")
    await school.link(LinkKind.MEMBER, book.group, twin)
    other = await school.pupil(upn=upn(2), legal_surname="Other")
    await school.group("4 Blue", other)
    bands = (await school.get("/settings"))["scale"]["bands"]
    await book.settings("scale", [{**one, "active": one["code"] != "S"} for one in bands])
    rows = [
        [upn(1), "", "", "", "", "First"],
        [upn(1), "Bell", "Zoë", "J", "", ""],
        [upn(2), "", "", "J", "", ""],
        [upn(1), "Quite", "Another", "J", "", ""],
        ["", "Cole", "Adam", "J", "", ""],
        ["", "Bell", "", "J", "", ""],
        ["", "Bell", "Zoë", "Z", "Middling", "x" * 1001],
        ["", "Dean", "Eve", "S", "", ""],
        ["", "Dean", "Eve", "", "", "#REF!"],
    ]
    made = await preview(book, rows)
    found = await rows_of(book, made)
    _, again, elsewhere, slipped, twins, nameless, wrong, unused, formula = found
    assert "Row 2 is about Zoë Bell too" in why(again)
    assert "No pupil of 3 Blue has this UPN" in why(elsewhere), "though the school has"
    assert "the name is quite another" in why(slipped)
    assert "Several pupils" in why(twins)
    assert "Say who it is" in why(nameless)
    for part in ("‘Z’ is no band", "Write B, J, A.", "‘Middling’ is no effort", "1,001"):
        assert part in why(wrong)
    assert "S is not a band" in why(unused)
    assert "#REF! stands where a formula" in why(formula)
    body = {"group_id": str(book.group), **book.place(subject="Languages")}
    answer = await upload(book, as_csv([HEADINGS, ["", "Bell", "Zoë", "J", "", ""]]), **body)
    assert (await look_through(book, answer.json()))["counts"]["added"] == 1
    await school.pupil(zoe, year_group="2")
    made = await look_through(book, answer.json())
    assert "Languages is not taught in Year 2" in why((await rows_of(book, made))[0])
    assert problem_of(await confirm(book, made)) == (409, "nothing-to-import")


async def test_what_changed_meanwhile_is_looked_at_again(book: Book) -> None:
    """All or nothing: the preview is anew, and says what would be done now."""
    rows = [["", "Bell", "Zoë", "J", "", ""], ["", "Cole", "Adam", "S", "", ""]]
    made = await preview(book, rows)
    await book.record(band="A", headers=book.leader)
    answer = await confirm(book, made)
    assert problem_of(answer) == (409, "changed-meanwhile")
    assert [mark["version"] for mark in await book.marks()] == [1, 0]
    again = (await book.ask("GET", f"/mark-imports/{made['id']}")).json()
    assert again["version"] == answer.json()["version"] == made["version"] + 1
    assert (await rows_of(book, again))[0]["changes"][0]["before"] == "A"
    assert problem_of(await confirm(book, made)) == (409, "changed-meanwhile"), "not by the old"
    answers = await asyncio.gather(*(confirm(book, again) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {200}
    assert [mark["version"] for mark in await book.marks()] == [2, 1], "once"


async def test_a_mark_that_is_made_at_that_moment_is_not_written_over(book: Book) -> None:
    rows = [["", "Bell", "Zoë", "J", "", ""], ["", "Cole", "Adam", "S", "", ""]]
    made = await preview(book, rows)
    answer = await book.while_another_writes(confirm(book, made))
    assert problem_of(answer) == (409, "changed-meanwhile")
    assert [mark["version"] for mark in await book.marks()] == [1, 0]
    again = (await book.ask("GET", f"/mark-imports/{made['id']}")).json()
    assert again["counts"] == {"added": 1, "updated": 1, "unchanged": 0, "rejected": 0}
    assert (await confirm(book, again)).status_code == 200
    assert (await book.marks())[0]["comment"] == "Theirs"


async def test_is_its_uploader_s_while_they_see_the_group(book: Book, reports: Door) -> None:
    rows = [["", "Bell", "Zoë", "J", "", ""]]
    made = await preview(book, rows)
    path = f"/mark-imports/{made['id']}"
    elsewhere, leader = AssessedSchool(reports), book.leader
    body = {"expected_version": made["version"]}
    for headers, status in (
        (elsewhere.as_teacher(book.teacher_id), 404),
        (elsewhere.as_slt(), 404),
        (leader, 404),
        (book.school.as_admin(), 403),
        (book.school.as_parent(), 403),
    ):
        for method, at, sent in (
            ("GET", path, None),
            ("GET", f"{path}/rows", None),
            ("GET", f"{path}/rejected", None),
            ("PUT", f"{path}/preview", {"columns": []}),
            ("POST", f"{path}/confirmation", body),
            ("DELETE", path, None),
        ):
            answer = await book.ask(method, at, headers, sent)
            assert answer.status_code == status, f"{method} {at}: {answer.text}"
        answer = await upload(book, as_csv([HEADINGS, *rows]), headers)
        assert answer.status_code == (201 if headers == leader else status)
    await book.school.link(LinkKind.TEACHER, book.group, book.teacher_id, present=False)
    for answer in (await confirm(book, made), await book.ask("GET", path)):
        assert problem_of(answer) == (404, "group-not-seen")
    assert [row["mark"]["version"] for row in (await book.sheet(book.leader)).json()["rows"]] == [
        0,
        0,
    ]


async def test_columns_terms_and_files_that_do_not_fit(book: Book) -> None:
    answer = await upload(book, as_csv([["Pupil", "Grade"], ["Zoë Bell", "J"]]))
    made = answer.json()
    assert [one["field"] for one in made["columns"]] == [None, "attainment"]
    path = f"/mark-imports/{made['id']}/preview"
    for fields in ([None, "attainment"], ["upn", None], ["upn", "upn"]):
        columns = [{"column": n, "field": field} for n, field in enumerate(fields)]
        answer = await book.ask("PUT", path, body={"columns": columns})
        assert problem_of(answer) == (422, "wrong-columns")
    columns = [{"column": 7, "field": "upn"}]
    assert (await book.ask("PUT", path, body={"columns": columns})).status_code == 422
    assert problem_of(await upload(book, b"")) == (422, "file-empty-file")
    table = as_csv([HEADINGS, ["", "Bell", "Zoë", "J", "", ""]])
    spring = await upload(book, table, term_id=book.terms["Spring"])
    assert problem_of(spring) == (409, "term-closed")
    made = await preview(book, [["", "Bell", "Zoë", "J", "", ""]])
    await book.school.hears(SchoolYearChanged(version=2, academic_year="2027/28"))
    assert problem_of(await confirm(book, made)) == (409, "term-closed")


async def test_the_export_comes_back_unchanged_and_an_upload_is_forgotten(book: Book) -> None:
    """Also as a workbook, and what would be a formula is what it was."""
    await book.record(band="J", effort="concern", comment="=1+1 is\nhis best")
    path = f"/markbook/groups/{book.group}/marks/export"
    exported = (await book.ask("GET", path, **book.place())).content
    made = await look_through(book, (await upload(book, exported)).json())
    assert made["counts"] == {"added": 0, "updated": 0, "unchanged": 2, "rejected": 0}
    sheet = as_xlsx([HEADINGS, ["", "Cole", "Adam", "S", "G", ""]])
    other = await look_through(book, (await upload(book, sheet)).json())
    assert other["counts"]["added"] == 1
    assert (await book.ask("DELETE", f"/mark-imports/{made['id']}")).status_code == 204
    assert (await book.ask("GET", f"/mark-imports/{made['id']}")).status_code == 404
    await forget(book)
    assert (await book.ask("GET", f"/mark-imports/{other['id']}")).status_code == 404


async def forget(book: Book) -> None:
    """What the service does now and then, two days later."""
    database = Database(book.school.door.service_dsn, name="forget-test", max_size=2)
    await database.open()
    announcements = Announcements(Outbox("reports"))

    def later() -> datetime:
        return NOW + timedelta(days=2)

    changes = Changes(announcements)
    markbook = Markbook(database, SchoolSettings(announcements, later), changes, later)
    try:
        await MarkImports(markbook, later).forget_due()
    finally:
        await database.close()


CELLS = st.tuples(
    st.sampled_from([("Bell", "Zoë"), ("Cole", "Adam"), ("Nobody", "Here"), ("", "")]),
    st.sampled_from(["", "B", "j", "S", "A", "Z"]),
    st.sampled_from(["", "Good", "excellent", "Middling"]),
    st.sampled_from(["", "Reads well", "=1+1"]),
).filter(lambda row: any((*row[0], *row[1:])))
"""An empty row is none: it is passed over, and a file of them is refused."""


@settings(max_examples=8)
@given(before=st.sampled_from(["", "J", "S"]), cells=st.lists(CELLS, min_size=1, max_size=6))
async def test_the_counts_and_the_marks_are_as_a_model_says(
    reports: Door, before: str, cells: list[Any]
) -> None:
    book = await book_of(AssessedSchool(reports))
    model: dict[str, dict[str, str]] = {"Zoë": {}, "Adam": {}}
    if before:
        await book.record(band=before)
        model["Zoë"] = {"band": before}
    outcomes, seen = [], set()
    for (_, forename), band, effort, comment in cells:
        said = {"band": band.upper(), "effort": effort.lower(), "comment": comment}
        said = {name: value for name, value in said.items() if value}
        wrong = "Z" in band or effort == "Middling"
        if forename not in model or wrong or forename in seen:
            outcomes.append("rejected")
            continue
        seen.add(forename)
        was = model[forename]
        model[forename] = {**was, **said}
        changed = model[forename] != was
        outcomes.append("unchanged" if not changed else "updated" if was else "added")
    made = await preview(book, [["", *who, *rest] for who, *rest in cells])
    assert [row["outcome"] for row in await rows_of(book, made)] == outcomes
    assert +Counter(made["counts"]) == Counter(outcomes)
    answer = await confirm(book, made)
    changes = {"added", "updated"} & set(outcomes)
    assert answer.status_code == (200 if changes else 409), answer.text
    codes = {band: code for code, band in book.bands.items()} | {None: ""}
    for forename, mark in zip(model, await book.marks(), strict=True):
        found = {
            "band": codes[mark["band_id"]],
            "effort": mark["effort"] or "",
            "comment": mark["comment"],
        }
        assert {name: value for name, value in found.items() if value} == model[forename]
