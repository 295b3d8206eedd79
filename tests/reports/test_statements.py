"""The statement bank: the school's own sentences, looked after by every user (R26)."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.reports.assessed import AssessedSchool
from tests.reports.markbook import Book, book_of
from tests.roster.door import Door, problem_of


@pytest.fixture
async def book(reports: Door) -> Book:
    return await book_of(AssessedSchool(reports))


async def bank(book: Book) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await book.ask("GET", "/statements")).json()["statements"]
    return found


async def add(book: Book, text: str, **said: Any) -> httpx.Response:
    return await book.ask("POST", "/statements", body={"kind": "subject", "text": text, **said})


async def change(book: Book, statement: dict[str, Any], **said: Any) -> httpx.Response:
    body = {"expected_version": statement["version"], **said}
    return await book.ask("PATCH", f"/statements/{statement['id']}", body=body)


async def test_a_school_begins_with_some_whoever_looks_first(book: Book) -> None:
    first, *others = await asyncio.gather(*(bank(book) for _ in range(4)))
    assert all(other == first for other in others)
    assert {one["kind"] for one in first} == {"subject", "general"}
    assert any("{forename}" in one["text"] for one in first)


async def test_are_added_edited_and_made_inactive_by_users(book: Book) -> None:
    """R6, R9."""
    place = {"subject_id": book.subjects["English"], "band_id": book.bands["J"]}
    new = (await add(book, " {forename}  reads\u00a0well. ", **place)).json()
    assert (new["text"], new["active"], new["version"]) == ("{forename} reads well.", True, 1)
    edited = await change(book, new, text="{forename} reads very well.")
    assert edited.status_code == 200, edited.text
    late = await change(book, new, text="Late")
    assert problem_of(late) == (409, "changed-meanwhile")
    assert late.json()["current"]["text"] == "{forename} reads very well."
    assert (await change(book, edited.json(), active=False)).json()["active"] is False
    assert [one["active"] for one in await bank(book) if one["id"] == new["id"]] == [False]
    assert [(one["action"], one["after"]) for one in await book.logged()] == [
        ("statement.created", {"statement": "{forename} reads well.", "active": True}),
        ("statement.changed", {"statement": "{forename} reads very well."}),
        ("statement.made_inactive", {"active": False}),
    ]


async def test_what_is_refused(book: Book, reports: Door) -> None:
    for text, found in (("{name} reads", "{name}"), ("{ reads", "{"), ("reads {}", "{}")):
        answer = await add(book, text)
        assert problem_of(answer) == (422, "unknown-placeholder")
        assert found in answer.json()["detail"]
    assert (await add(book, "Once")).status_code == 201
    assert problem_of(await add(book, "once")) == (409, "statement-there")
    other = (await add(book, "Twice")).json()
    assert problem_of(await change(book, other, text="ONCE")) == (409, "statement-there")
    assert (await add(book, "once", subject_id=book.subjects["Music"])).status_code == 201
    for text in ("", "x" * 401, "a\x00b", "a\nb"):
        assert (await add(book, text)).status_code in (400, 422)
    wrong = await add(book, "A", kind="general", subject_id=book.subjects["Music"])
    assert problem_of(wrong) == (422, "no-such-place")

    elsewhere = await book_of(AssessedSchool(reports))
    assert problem_of(await change(elsewhere, other, text="Mine")) == (404, "no-such-statement")
    wrong = await add(elsewhere, "A", subject_id=book.subjects["Music"])
    assert problem_of(wrong) == (422, "no-such-place")
    for headers in (book.school.as_admin(), book.school.as_parent()):
        body = {"kind": "general", "text": "A"}
        assert (await book.ask("GET", "/statements", headers)).status_code == 403
        assert (await book.ask("POST", "/statements", headers, body)).status_code == 403
