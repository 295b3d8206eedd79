"""The markbook: who records what of whom, never over somebody else, and what is logged (R26)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reports.announcements import Announcements
from services.reports.markbook.changes import QUIET, Changes
from shared.contracts.identity import UsersChanged
from shared.contracts.roster import SchoolYearChanged
from shared.contracts.vocabulary import GroupKind, LinkKind
from shared.database.pool import Database
from shared.messaging.outbox import Outbox
from tests.reports.assessed import AssessedSchool
from tests.reports.markbook import Book, book_of
from tests.roster.door import Door, problem_of, user
from tests.roster.running import NOW


@pytest.fixture
async def book(reports: Door) -> Book:
    return await book_of(AssessedSchool(reports))


def version_of(answer: httpx.Response) -> int:
    assert answer.status_code == 200, answer.text
    version: int = answer.json()["version"]
    return version


async def say_due(book: Book, at: datetime) -> None:
    """What the service does every minute."""
    database = Database(book.school.door.service_dsn, name="sittings-test", max_size=2)
    await database.open()
    try:
        await Changes(Announcements(Outbox("reports"))).say_due(database, at)
    finally:
        await database.close()


class TestWhoMay:
    async def test_nobody_reaches_another_school(self, book: Book, reports: Door) -> None:
        """With every id of it, as its teacher or as a leader."""
        elsewhere = AssessedSchool(reports)
        await book.record(band="J")
        for headers in (elsewhere.as_slt(), elsewhere.as_teacher(book.teacher_id)):
            assert problem_of(await book.sheet(headers)) == (404, "group-not-seen")
            answer = await book.record(band="A", version=1, headers=headers)
            assert problem_of(answer) == (404, "group-not-seen")
            answer = await book.comment("class_teacher", "Hello", headers=headers)
            assert problem_of(answer) == (404, "group-not-seen")
        theirs = await book_of(elsewhere)
        for headers in (theirs.leader, theirs.teacher):
            for foreign, slug in (
                ({"pupil": book.pupils[0], "band": "J"}, "pupil-not-in-group"),
                ({"term_id": book.terms["Autumn"], "band": "J"}, "no-such-term"),
                ({"subject_id": book.subjects["English"], "band": "J"}, "no-such-subject"),
                ({"band_id": book.bands["J"]}, "band-not-in-use"),
            ):
                answer = await theirs.record(headers=headers, **foreign)
                assert problem_of(answer)[1] == slug, "nor by a group of one's own"
        assert [mark["version"] for mark in await book.marks()] == [1, 0]

    async def test_the_admin_and_parents_see_and_record_nothing(self, book: Book) -> None:
        """R1: assessments are the users'."""
        for headers in (book.school.as_admin(), book.school.as_parent()):
            for answer in (
                await book.ask("GET", "/markbook", headers),
                await book.sheet(headers),
                await book.record(band="J", headers=headers),
                await book.comment("class_teacher", "Hello", headers=headers),
                await book.ask("GET", f"/markbook/groups/{book.group}/comments", headers,
                               term_id=book.terms["Autumn"]),
                await book.ask("GET", f"/markbook/groups/{book.group}/marks/export", headers,
                               **book.place()),
            ):  # fmt: skip
                assert answer.status_code == 403, answer.text

    async def test_a_teacher_has_their_groups_and_a_leader_all(self, book: Book) -> None:
        """R14."""
        school = book.school
        other = await school.pupil(legal_surname="Dean")
        group = await school.group("4 Blue", other)
        stranger = school.as_teacher(uuid4())
        for headers, seen in (
            (book.teacher, ["3 Blue"]),
            (book.leader, ["3 Blue", "4 Blue"]),
            (stranger, []),
        ):
            groups = (await book.ask("GET", "/markbook", headers)).json()["groups"]
            assert [one["name"] for one in groups] == seen
        assert problem_of(await book.sheet(stranger)) == (404, "group-not-seen")
        assert problem_of(await book.record(other, group=group, band="J"))[1] == "group-not-seen"
        answer = await book.record(other, band="J")
        assert problem_of(answer) == (404, "pupil-not-in-group"), "by a group of one's own neither"
        assert (await book.record(other, group=group, band="J", headers=book.leader)).is_success

    async def test_the_head_teachers_comment_is_the_leaders(self, book: Book) -> None:
        answer = await book.comment("head_teacher", "Well done")
        assert problem_of(answer) == (403, "head-teachers-comment")
        assert (await book.comment("head_teacher", "Well done", headers=book.leader)).is_success
        assert (await book.comment("class_teacher", "A joy to teach")).is_success
        path = f"/markbook/groups/{book.group}/comments"
        found = (await book.ask("GET", path, term_id=book.terms["Autumn"])).json()["rows"][0]
        assert found["head_teacher"]["comment"] == "Well done"
        assert found["class_teacher"]["comment"] == "A joy to teach"

    async def test_general_comments_are_written_in_the_class(self, book: Book) -> None:
        set_id = await book.school.group("Maths 1", *book.pupils, kind=GroupKind.SET)
        await book.school.link(LinkKind.TEACHER, set_id, book.teacher_id)
        answer = await book.comment("class_teacher", "Hello", group=set_id)
        assert problem_of(answer) == (422, "not-a-class")
        assert (await book.record(group=set_id, subject="Mathematics", band="S")).is_success


class TestWhatIsRefused:
    async def test_pupils_who_are_not_in_the_group_any_more(self, book: Book) -> None:
        zoe, adam = book.pupils
        await book.school.pupil(adam, active=False)
        await book.school.link(LinkKind.MEMBER, book.group, zoe, present=False)
        for pupil in book.pupils:
            assert problem_of(await book.record(pupil, band="J"))[1] == "pupil-not-in-group"
            answer = await book.comment("class_teacher", "Hello", pupil=pupil)
            assert problem_of(answer)[1] == "pupil-not-in-group"
        assert (await book.sheet()).json()["rows"] == []
        new = await book.school.pupil(legal_surname="New")
        await book.school.link(LinkKind.MEMBER, book.group, new)
        assert (await book.record(new, band="J")).is_success

    async def test_a_subject_that_is_not_taught(self, book: Book) -> None:
        """Languages begin in Year 3; the younger pupil of a mixed class has none."""
        await book.school.pupil(book.pupils[1], year_group="2")
        rows = (await book.sheet(subject="Languages")).json()["rows"]
        assert [row["taught"] for row in rows] == [True, False]
        assert (await book.record(subject="Languages", effort="good")).is_success
        answer = await book.record(book.pupils[1], subject="Languages", effort="good")
        assert problem_of(answer) == (422, "subject-not-taught")
        assert "Languages is not taught in Year 2" in answer.json()["detail"]
        subjects = (await book.school.get("/settings"))["subjects"]["subjects"]
        off = [{**one, "active": one["name"] != "Music"} for one in subjects]
        await book.settings("subjects", off)
        assert problem_of(await book.record(subject="Music", band="J"))[1] == "no-such-subject"

    async def test_a_band_that_is_not_in_use(self, book: Book) -> None:
        """What was given stays, and can be kept beside a new comment."""
        assert (await book.record(band="S")).is_success
        bands = (await book.school.get("/settings"))["scale"]["bands"]
        await book.settings("scale", [{**b, "active": b["code"] != "S"} for b in bands])
        answer = await book.record(book.pupils[1], band="S")
        assert problem_of(answer) == (422, "band-not-in-use")
        assert "S is not a band" in answer.json()["detail"]
        answer = await book.record(band_id=str(uuid4()), version=1)
        assert problem_of(answer) == (422, "band-not-in-use")
        mark = (await book.record(comment="Reads well", version=1)).json()
        assert (mark["band_id"], mark["comment"]) == (book.bands["S"], "Reads well")

    async def test_terms_that_have_not_begun_and_those_of_other_years(self, book: Book) -> None:
        assert (await book.record(band="J")).is_success
        answer = await book.record(term="Spring", band="J")
        assert problem_of(answer) == (409, "term-closed")
        assert "begins on" in answer.json()["detail"]
        with book.school.door.clock.at(datetime(2027, 5, 20, tzinfo=UTC)):
            assert (await book.record(term="Spring", band="J")).is_success
            assert (await book.record(band="S", version=1)).is_success, "put right afterwards"
            await book.school.hears(SchoolYearChanged(version=2, academic_year="2027/28"))
            answer = await book.record(band="A", version=2)
            assert problem_of(answer) == (409, "term-closed")
            answer = await book.comment("class_teacher", "Late")
            assert problem_of(answer) == (409, "term-closed")
            assert [mark["version"] for mark in await book.marks()] == [2, 0], "it can be read"
            terms = (await book.ask("GET", "/markbook")).json()["terms"]
        assert [(one["name"], one["academic_year"], one["state"]) for one in terms] == [
            ("Autumn", "2027/28", "not_begun"),
            ("Spring", "2027/28", "not_begun"),
            ("Summer", "2027/28", "not_begun"),
            ("Spring", "2026/27", "earlier_year"),
            ("Autumn", "2026/27", "earlier_year"),
        ]

    @pytest.mark.parametrize(
        "said",
        [
            {"comment": "x" * 1001},
            {"comment": "a\x00b"},
            {"comment": "a\x07b"},
            {"comment": None},
            {"effort": "middling"},
            {"band_id": "J"},
            {"pupil_id": "x"},
            {"expected_version": -1},
        ],
        ids=["long", "nul", "bell", "none", "effort", "band", "more", "version"],
    )
    async def test_what_is_no_mark(self, book: Book, said: dict[str, Any]) -> None:
        answer = await book.record(**said)
        assert answer.status_code in (400, 422), answer.text
        assert [mark["version"] for mark in await book.marks()] == [0, 0]


class TestRecording:
    async def test_what_is_said_changes_and_the_rest_stays(self, book: Book) -> None:
        first = (await book.record(band="J", comment=" Reads\r\nwell. \n")).json()
        assert first["comment"] == "Reads\nwell."
        second = (await book.record(effort="good", version=1)).json()
        assert (second["version"], second["band_id"]) == (2, book.bands["J"])
        third = (await book.record(band=None, effort=None, comment="", version=2)).json()
        assert (third["version"], third["band_id"], third["effort"]) == (3, None, None)
        [row] = await book.school.door.rows(
            "SELECT year_group, recorded_by FROM marks WHERE school_id = $1", book.school.id
        )
        assert (row["year_group"], row["recorded_by"]) == ("3", book.teacher_id)
        assert [mark["version"] for mark in await book.marks(subject="Science")] == [0, 0]

    async def test_never_over_somebody_else_s(self, book: Book) -> None:
        """And the answer says what they wrote."""
        await book.school.hears(UsersChanged(users=(user(book.teacher_id),)))
        await book.record(comment="Theirs", band="S")
        answer = await book.record(comment="Mine", headers=book.leader)
        assert problem_of(answer) == (409, "changed-meanwhile")
        problem = answer.json()
        assert "Ms Ada Hall has changed this" in problem["detail"]
        current = problem["current"]
        assert (current["comment"], current["band_id"]) == ("Theirs", book.bands["S"])
        assert (current["version"], current["recorded_by"]) == (1, "Ms Ada Hall")
        assert version_of(await book.record(comment="Mine", version=1, headers=book.leader)) == 2
        await book.comment("class_teacher", "Theirs")
        answer = await book.comment("class_teacher", "Mine", headers=book.leader)
        assert problem_of(answer) == (409, "changed-meanwhile")
        assert answer.json()["current"]["comment"] == "Theirs"

    async def test_a_mark_knows_the_class_of_then(self, book: Book) -> None:
        """R27: a report of an earlier year says it; which class it was is known nowhere else."""
        await book.record(band="S")
        await book.school.link(LinkKind.MEMBER, book.group, book.pupils[0], present=False)
        await book.school.group("4 Red", book.pupils[0])
        kept = await book.school.door.rows(
            "SELECT class_name, year_group FROM marks WHERE pupil_id = $1", book.pupils[0]
        )
        assert [tuple(row.values()) for row in kept] == [("3 Blue", "3")]

    async def test_the_same_again_is_saved_once(self, book: Book) -> None:
        """An answer that was lost on its way, and the browser's second try."""
        assert version_of(await book.record(band="J", comment="Once")) == 1
        assert version_of(await book.record(band="J", comment="Once")) == 1
        assert version_of(await book.comment("class_teacher", "Once")) == 1
        assert version_of(await book.comment("class_teacher", "Once")) == 1

    async def test_of_two_at_once_one_is_told(self, book: Book) -> None:
        for version in (0, 1):
            answers = await asyncio.gather(
                *(book.record(comment=f"{version} {n}", version=version) for n in range(4))
            )
            assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
        answers = await asyncio.gather(
            *(book.comment("class_teacher", f"By {n}") for n in range(4))
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]

    async def test_the_first_mark_is_not_written_over_either(self, book: Book) -> None:
        """There is no row to lock yet, when both have looked."""
        answer = await book.while_another_writes(book.record(comment="Mine"))
        assert problem_of(answer) == (409, "changed-meanwhile")
        assert answer.json()["current"]["comment"] == "Theirs"
        assert (await book.marks())[0]["comment"] == "Theirs"


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "band": st.sampled_from(["B", "J", "S", "A", None]),
        "effort": st.sampled_from(["excellent", "good", "inconsistent", "concern", None]),
        "comment": st.sampled_from(["", "Reads well", "= a formula"]),
    },
)
STEPS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["English", "Science"]), VALUES, st.booleans()),
    max_size=8,
)


@settings(max_examples=10)
@given(steps=STEPS)
async def test_the_grid_is_as_a_model_says(
    reports: Door, steps: list[tuple[int, str, dict[str, Any], bool]]
) -> None:
    """Whoever records what, at the version that is there or at an old one."""
    book = await book_of(AssessedSchool(reports))
    empty: dict[str, Any] = {"band": None, "effort": None, "comment": ""}
    model = {(pupil, subject): (0, empty) for pupil in (0, 1) for subject in ("English", "Science")}
    for pupil, subject, said, stale in steps:
        version, values = model[pupil, subject]
        after = {**values, **said}
        asked = max(version - 1, 0) if stale else version
        answer = await book.record(book.pupils[pupil], asked, subject=subject, **said)
        if after == values:
            assert version_of(answer) == version
        elif asked == version:
            model[pupil, subject] = (version + 1, after)
            assert version_of(answer) == version + 1
        else:
            assert problem_of(answer) == (409, "changed-meanwhile")
    codes = {band: code for code, band in book.bands.items()} | {None: None}
    for subject in ("English", "Science"):
        for pupil, mark in enumerate(await book.marks(subject=subject)):
            found = {"band": codes[mark["band_id"]], **{k: mark[k] for k in ("effort", "comment")}}
            assert (mark["version"], found) == model[pupil, subject]


class TestTheLog:
    """R9."""

    async def test_has_a_line_for_each_sitting_with_before_and_after(self, book: Book) -> None:
        await book.record(comment="R")
        await book.record(comment="Reads", version=1)
        await book.record(band="J", version=2)
        await book.comment("class_teacher", "A joy")
        assert await book.logged() == []
        await say_due(book, NOW + QUIET - timedelta(seconds=1))
        assert await book.logged() == [], "perhaps somebody still types"
        await say_due(book, NOW + QUIET)
        await say_due(book, NOW + QUIET)
        lines = {line["action"]: line for line in await book.logged()}
        assert len(await book.logged()) == 2
        mark = lines["mark.recorded"]
        assert mark["subject"]["label"] == "Zoë Bell, English, Autumn 2026/27"
        assert UUID(mark["subject"]["id"]) == book.pupils[0]
        assert UUID(mark["actor"]["account_id"]) == book.teacher_id
        assert (mark["before"], mark["after"]) == (
            {"attainment": None, "comment": None},
            {"attainment": "J", "comment": "Reads"},
        )
        comment = lines["comment.class_teacher"]
        assert comment["subject"]["label"] == "Zoë Bell, Autumn 2026/27"
        assert comment["after"] == {"comment": "A joy"}

    async def test_tells_two_people_apart_and_nothing_of_what_was_taken_back(
        self, book: Book
    ) -> None:
        await book.record(effort="good")
        await book.record(effort="excellent", version=1, headers=book.leader)
        [line] = await book.logged()
        assert (line["before"], line["after"]) == ({"effort": None}, {"effort": "Good"})
        await book.record(comment="Typed", subject="Science")
        await book.record(comment="", subject="Science", version=1)
        await say_due(book, NOW + QUIET)
        _, second = await book.logged()
        assert (second["before"], second["after"]) == (
            {"effort": "Good"},
            {"effort": "Excellent"},
        )


async def test_the_export_is_a_table_that_runs_nothing(book: Book) -> None:
    await book.record(band="J", effort="concern", comment='=HYPERLINK("http://x")')
    path = f"/markbook/groups/{book.group}/marks/export"
    answer = await book.ask("GET", path, **book.place())
    assert answer.content.startswith(b"\xef\xbb\xbfUPN,Surname,Forename,Attainment,Effort,Comment")
    assert "Bell,Zoë,J,Cause for concern,\"'=HYPERLINK(" in answer.text
    [line] = [line for line in await book.logged() if line["action"] == "marks.exported"]
    assert line["subject"]["label"] == "3 Blue, English, Autumn 2026/27"
    empty = await book.ask("GET", path, **book.place(), empty=True)
    assert "Bell,Zoë,,," in empty.text
