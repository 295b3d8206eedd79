"""Reports are made in the background: all of a class, in order, tagged, once; and kept (R27)."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reports.documents.presses import Presses, PrintingFailed
from services.reports.documents.turns import MOST_AT_ONCE
from services.reports.files.store import FilesAway, FileStore
from services.reports.generated import job as jobs
from services.reports.generated.zipped import file_names, joined, zipped
from shared.contracts.reports import ReportsDue
from shared.contracts.vocabulary import LinkKind
from shared.web.paging import encode_cursor
from tests.reports.generation import ReportingSchool, names_in, pages_of
from tests.roster.door import Door, problem_of

CLASS = ["Zoë Adams", "Bo Baker", "Cy Carr"]


@pytest.fixture
async def school(reports: Door) -> ReportingSchool:
    school = ReportingSchool(reports)
    await school.begins_reports()
    return school


@pytest.fixture
async def blue(school: ReportingSchool) -> UUID:
    """A class with marks, whose pupils were told of in another order."""
    pupils = await school.children(*reversed(CLASS))
    await school.marks(pupils)
    return await school.a_class("3 Blue", *pupils)


class TestOneFile:
    async def test_has_every_pupil_once_in_order_tagged_and_the_log_says_who(
        self, school: ReportingSchool, blue: UUID
    ) -> None:
        teacher = school.as_teacher(await school.teacher(blue))
        job = await school.made(school.body("group", blue), teacher)
        answer = await school.file(job["id"], teacher)
        headers = answer.headers
        assert headers["content-type"] == "application/pdf"
        assert (headers["cache-control"], headers["x-content-type-options"]) == (
            "private, no-store",
            "nosniff",
        )
        assert job["file_name"] == "Written reports 3 Blue Autumn 2026-27.pdf"
        assert job["bytes"] == len(answer.content)
        pages = pages_of(answer.content)
        assert [name for page in pages for name in CLASS if name in page] == CLASS
        assert all("Works hard." in page for page in pages)
        with pikepdf.open(io.BytesIO(answer.content)) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert pdf.Root.Lang == "en-GB"
            assert pdf.Root.StructTreeRoot.K
            assert "3 Blue" in str(pdf.docinfo["/Title"])
        assert await school.logged() == ["report.asked_for", "report.made", "report.downloaded"]

    async def test_is_of_the_moment_it_was_asked_for_and_asked_twice_it_is_one(
        self, school: ReportingSchool, blue: UUID
    ) -> None:
        """Its text is frozen: what is recorded while it waits, or later, does not get in."""
        slt = school.as_slt()
        body = school.body("group", blue)
        first, second = await asyncio.gather(
            school.post("/generated", body, slt), school.post("/generated", body, slt)
        )
        assert first.json()["id"] == second.json()["id"] == body["id"]
        await school.marks([pupil for _, pupil in await pupils_of(school)], "Was changed since.")
        job = await school.ends(body["id"], slt)
        before = (await school.file(job["id"], slt)).content
        assert "Was changed" not in "".join(pages_of(before))
        same = await school.post("/generated", body | {"form": "zip"}, slt)
        assert problem_of(same) == (409, "reports-id-taken")
        assert (await school.get("/generated", slt))["total"] == 1


class TestOneEach:
    async def test_is_a_zip_in_parts_called_by_the_pupils(
        self, school: ReportingSchool, blue: UUID, monkeypatch: pytest.MonkeyPatch, files: Path
    ) -> None:
        monkeypatch.setattr(jobs, "PUPILS_IN_A_PART", 2)
        teacher = school.as_teacher(await school.teacher(blue))
        job = await school.made(school.body("group", blue, "zip"), teacher)
        assert (job["made"], job["pupils"]) == (3, 3)
        content = (await school.file(job["id"], teacher)).content
        assert names_in(content) == ["Adams, Zoë.pdf", "Baker, Bo.pdf", "Carr, Cy.pdf"]
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            for name, entry in zip(CLASS, opened.infolist(), strict=True):
                assert name in "".join(pages_of(opened.read(entry)))
        again = await school.made(school.body("group", blue, "zip"), teacher)
        assert (await school.file(again["id"], teacher)).content == content, "the same bytes"
        await school.files_are_deleted()
        assert len(list((files / "schools" / str(school.id)).rglob("*.*"))) == 2, "no parts left"

    @given(st.lists(st.text(max_size=90), min_size=1, max_size=12))
    def test_no_name_leads_elsewhere_or_is_there_twice(self, names: list[str]) -> None:
        found = file_names(names)
        assert len({name.casefold() for name in found}) == len(names)
        for name in found:
            assert name.endswith(".pdf")
            assert not set('/\\:*?"<>|\x00\n') & set(name)
            assert not name.startswith(".")
        made = joined([zipped([("x", b"1")]) for _ in names], found)
        assert names_in(made) == found

    def test_what_is_told_apart(self) -> None:
        names = ["Hall, Amy", "../../etc/passwd", "HALL, AMY", "", "Hall, Amy (1)"]
        assert file_names(names) == [
            "Hall, Amy (1).pdf",
            "-..-etc-passwd.pdf",
            "HALL, AMY (2).pdf",
            "Pupil.pdf",
            "Hall, Amy (1) (1).pdf",
        ]


class TestWhatIsMissing:
    async def test_is_named_before_anything_is_made(self, school: ReportingSchool) -> None:
        amy, bo = await school.children("Amy Adams", "Bo Baker")
        await school.marks([bo], "Works hard. 好!")
        group = await school.a_class("3 Red", amy, bo)
        teacher = school.as_teacher(await school.teacher(group))
        wanted = school.body("group", group)
        look = (await school.post("/generated/look", wanted, teacher)).json()
        assert look["scope_name"] == "3 Red"
        assert [(one["name"], one["missing"]) for one in look["pupils"]] == [
            ("Adams, Amy", ["marks", "subject_comments", "class_teacher_comment"]),
            ("Baker, Bo", []),
        ]
        assert [one["not_printable"] for one in look["pupils"]] == ["", "好"]
        assert await school.logged() == []
        preview = {**wanted, "pupil_id": str(bo)}
        pdf = await school.post("/generated/preview", preview, teacher)
        assert "Works hard." in "".join(pages_of(pdf.content))
        pages = (await school.post("/generated/preview/pages", preview, teacher)).json()["pages"]
        assert len(pages) == len(pages_of(pdf.content))
        assert (await school.made(wanted, teacher))["state"] == "done", "made anyway"


class TestAYearGroup:
    async def test_goes_class_by_class_and_is_for_senior_leaders(
        self, school: ReportingSchool
    ) -> None:
        a, b, _ = await school.children("Zed Young", "Amy Adams", "No Class", year_group="5")
        await school.a_class("5 Ash", a)
        beech = await school.a_class("5 Beech", b)
        job = await school.made(school.body("year_group", "5"), school.as_slt())
        assert job["scope_name"] == "Year 5"
        text = "".join(pages_of((await school.file(job["id"], school.as_slt())).content))
        assert text.index("Zed Young") < text.index("Amy Adams") < text.index("No Class")
        teacher = school.as_teacher(await school.teacher(beech))
        refused = await school.post("/generated", school.body("year_group", "5"), teacher)
        assert problem_of(refused) == (404, "year-group-not-seen")
        assert (await school.get("/generated/choices", teacher))["year_groups"] == []
        assert (await school.get("/generated/choices", school.as_slt()))["year_groups"] == [
            {"year_group": "5", "pupils": 3}
        ]


class TestWhoMay:
    """Every pair of role and route, the wrong school first (R1, R14)."""

    async def test_nobody_but_whose_it_is(
        self, school: ReportingSchool, blue: UUID, reports: Door
    ) -> None:
        mine = await school.teacher(blue)
        teacher = school.as_teacher(mine)
        job = await school.made(school.body("group", blue), teacher)
        [adams] = [pupil for name, pupil in await pupils_of(school) if name == "Adams"]
        other = ReportingSchool(reports)
        await other.begins_reports()
        lost = school.as_teacher(await school.teacher(blue))
        for headers, status in (
            (other.as_slt(), 404),
            (other.as_teacher(mine), 404),
            (school.as_teacher(uuid4()), 404),
            (lost, 404),  # of the same class, but not who asked
            (school.as_admin(), 403),
            (school.as_parent(), 403),
            ({}, 401),
        ):
            for method, path in (
                ("GET", ""),
                ("GET", "/file"),
                ("POST", "/cancellation"),
                ("POST", "/again"),
            ):
                address = f"/generated/{job['id']}{path}"
                answer = await reports.client.request(method, address, headers=headers)
                assert answer.status_code == status, (method, path, status)
        preview = {**school.body("group", blue), "pupil_id": str(adams)}
        asking = {
            "/generated": school.body("group", blue),
            "/generated/look": school.body("pupil", adams),
            "/generated/preview": preview,
            "/generated/preview/pages": preview,
        }
        for headers, status in (
            (other.as_slt(), 404),
            (school.as_teacher(uuid4()), 404),
            (school.as_admin(), 403),
            (school.as_parent(), 403),
            ({}, 401),
        ):
            for path, body in asking.items():
                answer = await school.post(path, body, headers)
                assert answer.status_code == status, (path, status)
        for headers in (school.as_admin(), school.as_parent()):
            for path in ("/generated", "/generated/choices"):
                assert (await reports.client.get(path, headers=headers)).status_code == 403
        before_all_time = encode_cursor(["0001-01-01T00:00:00+23:59", str(uuid4())])
        address = f"/generated?cursor={before_all_time}"
        assert (await reports.client.get(address, headers=school.as_slt())).status_code == 400
        assert (await school.get("/generated", lost))["items"] == []
        assert (await school.get("/generated", other.as_slt()))["items"] == []
        assert (await school.file(job["id"], school.as_slt())).status_code == 200

    async def test_who_lost_the_class_lost_its_reports(
        self, school: ReportingSchool, blue: UUID
    ) -> None:
        mine = await school.teacher(blue)
        teacher = school.as_teacher(mine)
        [adams] = [pupil for name, pupil in await pupils_of(school) if name == "Adams"]
        for body in (school.body("group", blue), school.body("pupil", adams)):
            job = await school.made(body, teacher)
            assert (await school.file(job["id"], teacher)).status_code == 200
        await school.link(LinkKind.TEACHER, blue, mine, present=False)
        for item in (await school.get("/generated", school.as_slt()))["items"]:
            assert problem_of(await school.file(item["id"], teacher)) == (404, "reports-not-found")
        assert (await school.get("/generated", teacher))["total"] == 0

    async def test_what_is_asked_for_has_its_form(self, school: ReportingSchool) -> None:
        body = school.body("year_group", "3")
        for wrong, status in (
            ({"scope": {"kind": "group"}}, 422),
            ({"scope": {"kind": "year_group", "id": str(uuid4())}}, 422),
            ({"scope": {"kind": "year_group", "year_group": "3\x00"}}, 400),
            ({"form": "docx"}, 422),
            ({"template_id": "../1"}, 422),
        ):
            answer = await school.post("/generated", body | wrong, school.as_slt())
            assert answer.status_code == status, wrong

    async def test_what_is_not_there_is_said(self, school: ReportingSchool, blue: UUID) -> None:
        slt = school.as_slt()
        body = school.body("group", blue)
        for wrong, slug in (
            ({"template_id": str(uuid4())}, "template-not-found"),
            ({"term_id": str(uuid4())}, "term-not-found"),
            ({"scope": {"kind": "year_group", "year_group": "6"}}, "no-pupils"),
        ):
            assert problem_of(await school.post("/generated", body | wrong, slt))[1] == slug


class TestGoingWrong:
    async def test_a_report_that_cannot_be_made_is_named(
        self, school: ReportingSchool, blue: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slt = school.as_slt()
        print_one = Presses.one

        async def one(self: Presses, report: Any, logos: Any) -> bytes:
            if report.pupil.name == "Bo Baker":
                raise PrintingFailed("it took longer than 30 seconds")
            return await print_one(self, report, logos)

        async def together(*_: Any, **__: Any) -> bytes:
            raise PrintingFailed("it took longer than 30 seconds")

        with monkeypatch.context() as patch:
            patch.setattr(Presses, "one", one)
            patch.setattr(Presses, "together", together)
            for form in ("pdf", "zip"):
                asked = await school.asked(school.body("group", blue, form), slt)
                failed = await school.ends(asked["id"], slt, "failed")
                assert "The report of Baker, Bo could not be made" in failed["problem"]
                assert problem_of(await school.file(asked["id"], slt))[1] == "reports-not-made-yet"
        await school.marks([pupil for _, pupil in await pupils_of(school)], "Written anew.")
        assert (await school.post(f"/generated/{asked['id']}/again", None, slt)).status_code == 200
        job = await school.ends(asked["id"], slt)
        content = (await school.file(job["id"], slt)).content
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            assert "Written anew." in "".join(pages_of(opened.read("Baker, Bo.pdf")))
        assert (await school.logged()).count("report.failed") == 2

    async def test_who_left_the_class_is_not_looked_at_anew(
        self, school: ReportingSchool, blue: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """R14: what others record of a pupil since is not this teacher's to see."""
        teacher = school.as_teacher(await school.teacher(blue))
        with one_press_held(monkeypatch) as (begun, go_on):
            asked = await school.asked(school.body("group", blue, "zip"), teacher)
            await begun.wait()
            await school.post(f"/generated/{asked['id']}/cancellation", None, teacher)
            go_on.set()
        [baker] = [pupil for name, pupil in await pupils_of(school) if name == "Baker"]
        await school.link(LinkKind.MEMBER, blue, baker, present=False)
        again = await school.post(f"/generated/{asked['id']}/again", None, teacher)
        assert problem_of(again) == (404, "pupil-not-seen")

    async def test_the_store_away_is_waited_out(
        self, school: ReportingSchool, blue: UUID, files: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """And is no try of the message, of which there are few."""
        slt, tried = school.as_slt(), asyncio.Event()
        put = FileStore.put

        async def watched(self: FileStore, *what: Any) -> None:
            try:
                await put(self, *what)
            except FilesAway:
                tried.set()
                raise

        monkeypatch.setattr(FileStore, "put", watched)
        with nothing_at(files):
            job = await school.asked(school.body("group", blue), slt)
            await tried.wait()
        assert (await school.ends(job["id"], slt))["problem"] is None
        tries = await school.door.rows("SELECT last_error FROM message_attempts")
        assert [one for one in tries if "store" in one["last_error"]] == []

    async def test_a_part_that_was_given_up_is_told_at_once(
        self, school: ReportingSchool, blue: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slt = school.as_slt()

        async def together(*_: Any, **__: Any) -> bytes:
            raise RuntimeError("nobody has thought of this")

        with monkeypatch.context() as patch:
            patch.setattr(Presses, "together", together)
            patch.setattr("shared.messaging.consumer.MAX_TRIES", 1)
            asked = await school.asked(school.body("group", blue), slt)
            await school.ends(asked["id"], slt, "stalled")
        again = await school.post(f"/generated/{asked['id']}/again", None, slt)
        assert again.json()["state"] == "waiting", "what was given up is of the first attempt"
        await school.ends(asked["id"], slt)

    async def test_the_same_message_again_makes_nothing_twice(
        self, school: ReportingSchool, blue: UUID
    ) -> None:
        """Neither the same part of the same attempt, nor one of another attempt or school."""
        slt = school.as_slt()
        job = await school.made(school.body("group", blue), slt)
        for attempt, part in ((1, 0), (1, 7), (2, 0)):
            due = ReportsDue(job_id=UUID(job["id"]), attempt=attempt, part=part)
            await school.hears(due)
        assert (await school.logged()).count("report.made") == 1
        assert await school.get(f"/generated/{job['id']}", slt) == job


class TestCancelling:
    async def test_takes_effect_between_parts_and_it_can_be_made_again(
        self, school: ReportingSchool, blue: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slt = school.as_slt()
        monkeypatch.setattr(jobs, "PUPILS_IN_A_PART", 1)
        with one_press_held(monkeypatch) as (begun, go_on):
            asked = await school.asked(school.body("group", blue, "zip"), slt)
            await begun.wait()
            path = f"/generated/{asked['id']}/cancellation"
            cancelled = await school.post(path, None, slt)
            assert cancelled.json()["state"] == "cancelled", "also while a part is being made"
            assert problem_of(await school.post(path, None, slt))[1] == "cannot-cancel-reports"
            go_on.set()
        assert problem_of(await school.file(asked["id"], slt))[1] == "reports-not-made-yet"
        await school.files_are_deleted()
        again = await school.post(f"/generated/{asked['id']}/again", None, slt)
        assert again.json()["state"] == "waiting"
        job = await school.ends(asked["id"], slt)
        assert len(names_in((await school.file(job["id"], slt)).content)) == 3
        assert await school.logged() == [
            "report.asked_for",
            "report.cancelled",
            "report.asked_for_again",
            "report.made",
            "report.downloaded",
        ]

    async def test_a_school_has_few_at_once_and_others_do_not_wait_for_it(
        self, school: ReportingSchool, blue: UUID, reports: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slt = school.as_slt()
        with one_press_held(monkeypatch) as (begun, go_on):
            held = await school.asked(school.body("group", blue, "zip"), slt)
            await begun.wait()
            for _ in range(jobs.MOST_AT_ONCE - 1):
                await school.asked(school.body("group", blue), slt)
            more = await school.post("/generated", school.body("group", blue), slt)
            assert problem_of(more) == (409, "too-many-at-once")
            other = ReportingSchool(reports)
            await other.begins_reports()
            [pupil] = await other.children("Di Dell")
            await other.made(other.body("pupil", pupil), other.as_slt())
            # Nobody knows why it does not come further: after ten minutes it can be begun anew.
            with reports.clock.at(reports.clock() + timedelta(minutes=11)):
                found = await school.get(f"/generated/{held['id']}", slt)
                assert found["state"] == "stalled"
            go_on.set()
            await school.ends(held["id"], slt)


class TestPreviews:
    async def test_one_person_has_few_at_once_and_others_do_not_wait_for_that(
        self, school: ReportingSchool, blue: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        [adams] = [pupil for name, pupil in await pupils_of(school) if name == "Adams"]
        preview = {**school.body("group", blue), "pupil_id": str(adams)}
        begun, go_on = asyncio.Semaphore(0), asyncio.Event()

        async def one(*_: Any) -> bytes:
            begun.release()
            await go_on.wait()
            return b"%PDF"

        monkeypatch.setattr(Presses, "one", one)
        mine, others = school.as_slt(), school.as_teacher(await school.teacher(blue))
        async with asyncio.TaskGroup() as tasks:
            for _ in range(MOST_AT_ONCE):
                tasks.create_task(school.post("/generated/preview", preview, mine))
                await begun.acquire()
            more = await school.post("/generated/preview", preview, mine)
            pages = await school.post("/generated/preview/pages", preview, mine)
            tasks.create_task(school.post("/generated/preview", preview, others))
            await begun.acquire()
            go_on.set()
        assert problem_of(more) == problem_of(pages) == (429, "too-many-previews")
        assert (await school.post("/generated/preview", preview, mine)).status_code == 200


class TestForATerm:
    async def test_the_file_goes_the_row_stays_and_it_can_be_made_as_it_was(
        self, school: ReportingSchool, blue: UUID, reports: Door, files: Path
    ) -> None:
        slt = school.as_slt()
        job = await school.made(school.body("group", blue), slt)
        before = (await school.file(job["id"], slt)).content
        await school.marks([pupil for _, pupil in await pupils_of(school)], "Was changed since.")
        with reports.clock.at(reports.clock() + jobs.KEPT_FOR - timedelta(hours=1)):
            await school.files_are_deleted()
            assert (await school.file(job["id"], slt)).content == before
        with reports.clock.at(reports.clock() + jobs.KEPT_FOR):
            assert problem_of(await school.file(job["id"], slt)) == (410, "reports-gone")
            await school.files_are_deleted()
            found = await school.get(f"/generated/{job['id']}", slt)
            assert (found["state"], found["bytes"]) == ("gone", None)
            assert not list((files / "schools" / str(school.id)).rglob("*.pdf"))
            assert (await school.logged())[-1] == "report.file_deleted"
            await school.post(f"/generated/{job['id']}/again", None, slt)
            await school.ends(job["id"], slt)
            await school.files_are_deleted()
            assert (await school.file(job["id"], slt)).content == before
        assert problem_of(await school.post(f"/generated/{job['id']}/again", None, slt)) == (
            409,
            "cannot-make-again",
        )

    async def test_what_stood_in_them_goes_after_a_year_and_then_they_are_made_of_what_is_there(
        self, school: ReportingSchool, blue: UUID, reports: Door
    ) -> None:
        slt = school.as_slt()
        job = await school.made(school.body("group", blue), slt)
        await school.marks([pupil for _, pupil in await pupils_of(school)], "Was changed since.")
        texts = "SELECT report FROM report_job_pupils WHERE job_id = $1"
        with reports.clock.at(reports.clock() + jobs.TEXTS_KEPT_FOR - timedelta(hours=1)):
            await school.files_are_deleted()
            assert all(row["report"] for row in await school.door.rows(texts, UUID(job["id"])))
        with reports.clock.at(reports.clock() + jobs.TEXTS_KEPT_FOR + timedelta(hours=1)):
            await school.files_are_deleted()
            assert {row["report"] for row in await school.door.rows(texts, UUID(job["id"]))} == {""}
            assert (await school.logged())[-1] == "report.texts_deleted"
            await school.post(f"/generated/{job['id']}/again", None, slt)
            await school.ends(job["id"], slt)
            assert "Was changed since." in "".join(
                pages_of((await school.file(job["id"], slt)).content)
            )


async def pupils_of(school: ReportingSchool) -> list[tuple[str, UUID]]:
    rows = await school.door.rows(
        "SELECT legal_surname, id FROM pupils WHERE school_id = $1", school.id
    )
    return [(row["legal_surname"], row["id"]) for row in rows]


@contextmanager
def one_press_held(
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[asyncio.Event, asyncio.Event]]:
    """The first report that is printed by itself is not done before it is told to go on."""
    begun, go_on = asyncio.Event(), asyncio.Event()
    print_one = Presses.one

    async def one(self: Presses, report: Any, logos: Any) -> bytes:
        if not begun.is_set():
            begun.set()
            await go_on.wait()
        return await print_one(self, report, logos)

    with monkeypatch.context() as patch:
        patch.setattr(Presses, "one", one)
        try:
            yield begun, go_on
        finally:
            go_on.set()


@contextmanager
def nothing_at(folder: Path) -> Iterator[None]:
    """As where a disk is not there: even root cannot write below a file."""
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.write_bytes(b"")
    try:
        yield
    finally:
        folder.unlink()
        aside.rename(folder)
