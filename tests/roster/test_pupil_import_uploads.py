"""Files of pupils: what is none, what comes back, who may, and how they are forgotten (R10)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from services.roster.imports.repository import ImportRepository
from shared.database.pool import Database
from tests.eventually import eventually
from tests.roster.door import Door, SchoolInTest, problem_of
from tests.roster.pupil_imports import (
    HEADINGS,
    by_row,
    confirm,
    imported,
    look_through,
    preview,
    pupils_of,
    row,
    upload,
    upn,
)
from tests.roster.running import NOW
from tests.shared.tables import as_csv, as_xlsx, bomb


async def kept(door: Door, school_id: UUID) -> list[str]:
    """The state of each import that the database has of the school."""
    found = await door.rows(
        "SELECT state FROM pupil_imports WHERE school_id = $1 ORDER BY made_at", school_id
    )
    return [row["state"] for row in found]


async def forget(door: Door) -> int:
    """As the scheduler does, in the role of the service."""
    database = Database(door.service_dsn, name="a test", max_size=1)
    await database.open()
    forgotten = 0
    try:
        while True:
            async with database.transaction() as connection:
                some = await ImportRepository().forget_due(connection, door.clock())
            if not some:
                return forgotten
            forgotten += some
    finally:
        await database.close()


class TestTheFile:
    @pytest.mark.parametrize(
        ("given", "slug"),
        [
            (b"", "file-empty-file"),
            (b"\x89PNG\r\n\x1a\n\x00", "file-not-a-table"),
            (as_csv([HEADINGS, row("a\x00b")]), "file-not-a-table"),
            (as_csv([[f"h{n}" for n in range(101)]]), "file-too-many-columns"),
            (as_csv([["Surname"], *[["x"]] * 50_001]), "file-too-many-rows"),
            (partial(bomb, 70), "file-too-large"),
        ],
        ids=["empty", "picture", "nul", "wide", "long", "bomb"],
    )
    async def test_that_is_none_is_refused_and_leaves_nothing(
        self, door: Door, school: SchoolInTest, given: bytes | Callable[[], bytes], slug: str
    ) -> None:
        content = given() if callable(given) else given
        assert problem_of(await upload(school, content)) == (422, slug)
        assert await kept(door, school.id) == []
        assert (
            await door.rows("SELECT 1 FROM pupil_import_rows WHERE school_id = $1", school.id) == []
        )

    async def test_may_have_20_mb(self, school: SchoolInTest) -> None:
        answer = await upload(school, b"x" * (20 * 1024 * 1024 + 1))
        assert problem_of(answer) == (413, "too-large")

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    async def test_is_read_as_it_was_written(self, school: SchoolInTest, encoding: str) -> None:
        content = as_csv(
            [HEADINGS, row(upn(1), "Zoë", "Núñez", "31/08/2018")],
            delimiter=";",
            encoding=encoding,
        )
        made = await look_through(school, (await upload(school, content)).json())
        assert (await by_row(school, made))[2]["name"] == "Zoë Núñez"

    async def test_of_a_workbook_is_read_too(self, school: SchoolInTest) -> None:
        content = as_xlsx([HEADINGS, [*row(upn(1), "Zoë", "Hall")[:6], 3, ""]])
        made = await look_through(school, (await upload(school, content, "list.xlsx")).json())
        assert made["counts"]["added"] == 1

    async def test_of_rejected_rows_can_be_mended_and_uploaded_again(
        self, school: SchoolInTest
    ) -> None:
        made = await preview(
            school,
            [
                row(upn(1), "=1+1", "Hall", "31/31/2018"),
                row(upn(2), "Al", "Jones"),
                row("", "–Łuk", "New"),
            ],
        )
        path = f"/pupil-imports/{made['id']}/rejected"
        answer = await school.by_hand("GET", path)
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.content.startswith(b"\xef\xbb\xbf")
        text = answer.content.decode("utf-8-sig")
        lines = text.splitlines()
        assert lines[0] == ",".join([*HEADINGS, "What to mend"])
        assert ",'=1+1,31/31/2018," in lines[1]
        assert "Date of birth: ‘31/31/2018’ is no date with the day first" in lines[1]
        assert len(lines) == 3
        mended = text.replace("31/31/2018,", "31/08/2018,", 1).replace("–Łuk,", "–Łuk,1/9/2018")
        back = (await upload(school, mended.encode())).json()
        assert back["how"]["date_order"] == "dmy", "known again as the file that it comes from"
        again = await look_through(school, back)
        rows = await by_row(school, again)
        assert [rows[n]["name"] for n in (2, 3)] == ["=1+1 Hall", "–Łuk New"]
        assert again["counts"]["rejected"] == 0


@asynccontextmanager
async def rows_held_up(door: Door) -> AsyncIterator[None]:
    """No row of any upload can be kept meanwhile."""
    connection = await asyncpg.connect(door.admin_dsn)
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE pupil_import_rows IN SHARE MODE")
            yield
    finally:
        await connection.close()


class TestWhileItIsRead:
    async def test_others_see_how_far_it_is(self, door: Door, school: SchoolInTest) -> None:
        """The page that uploads chose the id, and so can ask."""
        import_id = str(uuid4())
        file = as_csv([HEADINGS, *(row(upn(n), "Jo", f"Hall{n}") for n in range(1, 4_000))])

        async def seen() -> Any:
            answer = await school.by_hand("GET", f"/pupil-imports/{import_id}")
            return answer.status_code == 200 and answer.json()

        async with rows_held_up(door):
            work = asyncio.create_task(upload(school, file, import_id=import_id))
            found = await eventually(seen)
            assert found["state"] == "reading"
            assert found["progress"]["total"] is None
            body = {"columns": [{"column": 0, "field": "upn"}], "scope": "partial"}
            answer = await school.by_hand("PUT", f"/pupil-imports/{import_id}/preview", body)
            assert problem_of(answer) == (409, "not-read-yet")
        made = await work
        assert (made.status_code, made.json()["id"]) == (201, import_id)
        assert (made.json()["state"], made.json()["rows"]) == ("uploaded", 3_999)
        assert problem_of(await upload(school, file, import_id=import_id)) == (
            409,
            "import-id-taken",
        )

    async def test_one_that_was_cut_off_is_uploaded_anew(
        self, door: Door, school: SchoolInTest
    ) -> None:
        made = (await upload(school, as_csv([HEADINGS, row(upn(1))]))).json()
        await door.rows(
            "UPDATE pupil_imports SET state = 'reading' WHERE import_id = $1", UUID(made["id"])
        )
        path = f"/pupil-imports/{made['id']}"
        assert (await school.get(path))["state"] == "reading"
        with door.clock.at(NOW + timedelta(minutes=5)):
            assert (await school.get(path))["state"] == "interrupted"
        assert (await school.by_hand("DELETE", path)).status_code == 204


STEPS = (
    ("GET", "", None),
    ("GET", "/rows", None),
    ("GET", "/rejected", None),
    (
        "PUT",
        "/preview",
        {"columns": [{"column": 0, "field": "upn"}], "scope": "full", "date_order": "dmy"},
    ),
    ("POST", "/confirmation", {"expected_version": 2}),
    ("POST", "/undo", None),
    ("DELETE", "", None),
)


class TestWhoMay:
    async def test_only_the_admin(self, school: SchoolInTest) -> None:
        made = await preview(school, [row(upn(1), "Jo", "Hall")])
        for headers in (school.as_slt(), school.as_teacher(uuid4())):
            answer = await upload(school, b"A\r\n1\r\n", headers=headers)
            assert problem_of(answer) == (403, "forbidden")
            answer = await school.door.client.get("/pupil-imports", headers=headers)
            assert problem_of(answer) == (403, "forbidden")
            for method, rest, body in STEPS:
                path = f"/pupil-imports/{made['id']}{rest}"
                answer = await school.door.client.request(method, path, json=body, headers=headers)
                assert problem_of(answer) == (403, "forbidden"), rest

    async def test_and_of_the_school_alone(self, door: Door, school: SchoolInTest) -> None:
        elsewhere = SchoolInTest(door)
        await elsewhere.is_heard_of()
        theirs = await preview(elsewhere, [row(upn(1), "Jo", "Hall")])
        for method, rest, body in STEPS:
            answer = await school.by_hand(method, f"/pupil-imports/{theirs['id']}{rest}", body)
            assert problem_of(answer) == (404, "no-such-import"), rest
        assert (await school.get("/pupil-imports"))["items"] == []
        same_id = await upload(school, as_csv([HEADINGS, row(upn(1))]), import_id=theirs["id"])
        assert same_id.status_code == 201, "nothing is said of another school's ids"
        assert (await confirm(elsewhere, theirs)).status_code == 200
        assert await pupils_of(school) == {}


class TestWhatWasUploaded:
    async def test_is_forgotten_after_two_days_and_what_was_confirmed_after_seven(
        self, door: Door, school: SchoolInTest
    ) -> None:
        await imported(school, [row(upn(1), "Jo", "Hall")])
        await preview(school, [row(upn(2), "Al", "Hall")])
        with door.clock.at(NOW + timedelta(days=1, hours=23)):
            await forget(door)
            assert len(await kept(door, school.id)) == 2
        with door.clock.at(NOW + timedelta(days=2)):
            assert await forget(door) >= 1
            assert await kept(door, school.id) == ["confirmed"]
        with door.clock.at(NOW + timedelta(days=7)):
            assert await forget(door) >= 1
            assert await kept(door, school.id) == []
        for table in ("rows", "results", "parts"):
            query = f"SELECT 1 FROM pupil_import_{table} WHERE school_id = $1"  # noqa: S608
            assert await door.rows(query, school.id) == []
        assert len(await pupils_of(school)) == 1

    async def test_is_forgotten_when_it_is_cancelled_but_not_once_it_is_done(
        self, school: SchoolInTest
    ) -> None:
        made = await preview(school, [row(upn(1), "Jo", "Hall")])
        answer = await school.by_hand("DELETE", f"/pupil-imports/{made['id']}")
        assert answer.status_code == 204
        assert problem_of(await confirm(school, made)) == (404, "no-such-import")
        done = await imported(school, [row(upn(1), "Jo", "Hall")])
        answer = await school.by_hand("DELETE", f"/pupil-imports/{done['id']}")
        assert problem_of(answer) == (409, "import-done")

    async def test_does_not_pile_up(self, door: Door, school: SchoolInTest) -> None:
        file = as_csv([["Surname"], ["x"]])
        await asyncio.gather(*(upload(school, file) for _ in range(12)))
        assert await kept(door, school.id) == ["uploaded"] * 10

    async def test_is_cleared_away_by_one_after_the_other(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """Two at once would each see too few, and leave what the other leaves."""
        file = as_csv([["Surname"], ["x"]])
        for _ in range(10):
            await upload(school, file)
        database = Database(door.service_dsn, name="a test", max_size=1)
        await database.open()
        try:
            async with database.transaction(school.id) as first:
                await ImportRepository().delete_oldest(first, school.id, 10)
                second = asyncio.create_task(upload(school, file))
                waiting = (
                    "SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
                    "WHERE d.datname = current_database() AND locktype = 'advisory' AND NOT granted"
                )
                await eventually(lambda: door.rows(waiting))
                assert not second.done()
            assert (await second).status_code == 201
        finally:
            await database.close()
        assert await kept(door, school.id) == ["uploaded"] * 10
