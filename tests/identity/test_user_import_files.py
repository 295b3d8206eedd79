"""Files of users: what is none, what comes back, who may, and how they are forgotten (R10)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest

from services.identity.user_imports.service import forget_due
from tests.identity.door import Door, SchoolInTest, problem_of
from tests.identity.user_imports import (
    HEADINGS,
    by_row,
    confirm,
    imported,
    look_through,
    preview,
    row,
    upload,
    users_of,
    why,
)
from tests.identity.user_management import ask
from tests.shared.tables import as_csv, bomb


class TestTheFile:
    @pytest.mark.parametrize(
        ("given", "slug"),
        [
            (b"", "file-empty-file"),
            (b"\x89PNG\r\n\x1a\n\x00", "file-not-a-table"),
            (as_csv([["Surname"], *[["x"]] * 5_001]), "file-too-many-rows"),
            (partial(bomb, 70), "file-too-large"),
        ],
        ids=["empty", "picture", "long", "bomb"],
    )
    async def test_that_is_none_is_refused_and_leaves_nothing(
        self, door: Door, school: SchoolInTest, given: bytes | Callable[[], bytes], slug: str
    ) -> None:
        content = given() if callable(given) else given
        assert problem_of(await upload(school, content)) == (422, slug)
        assert await door.rows("SELECT 1 FROM user_imports WHERE school_id = $1", school.id) == []

    async def test_may_have_20_mb(self, school: SchoolInTest) -> None:
        answer = await upload(school, b"x" * (20 * 1024 * 1024 + 1))
        assert problem_of(answer) == (413, "too-large")
        assert "20 MB" in answer.json()["detail"]

    async def test_of_rejected_rows_can_be_mended_and_uploaded_again(
        self, school: SchoolInTest
    ) -> None:
        made = await preview(
            school,
            [row("=1+1", "Smith", "nonsense"), row("Al", "Jones"), row("", "–Łuk")],
        )
        answer = await ask(school, "GET", f"/user-imports/{made['id']}/rejected")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        text = answer.content.decode("utf-8-sig")
        lines = text.splitlines()
        assert lines[0] == ",".join([*HEADINGS, "What to mend"])
        assert lines[1].startswith(",'=1+1,Smith,nonsense")
        assert "E-mail: ‘nonsense’ is not a whole e-mail address" in lines[1]
        assert len(lines) == 3
        mended = text.replace("nonsense", "").replace(",,–Łuk", ",Bo,–Łuk")
        again = await look_through(school, (await upload(school, mended.encode())).json())
        rows = await by_row(school, again)
        assert [rows[n]["name"] for n in (2, 3)] == ["=1+1 Smith", "Bo –Łuk"]
        assert again["counts"]["rejected"] == 0

    async def test_that_is_the_template_is_known_and_its_example_is_not_imported(
        self, school: SchoolInTest
    ) -> None:
        answer = await ask(school, "GET", "/user-imports/template")
        assert answer.content.startswith(b"\xef\xbb\xbf")
        made = (await upload(school, answer.content)).json()
        assert all(one["field"] for one in made["columns"])
        rows = await by_row(school, await look_through(school, made))
        assert "example" in why(rows[2])


class TestWhoMay:
    async def test_only_the_admin(self, school: SchoolInTest) -> None:
        made = await preview(school, [row("Al", "Smith")])
        for role in ("teacher", "slt"):
            user = await school.add_user(surname=role, role=role)
            session = await school.claim(user["username"])
            headers = school.door.as_session(session["session"])
            answer = await upload(school, b"A\r\n1\r\n", headers=headers)
            assert problem_of(answer) == (403, "forbidden")
            path = f"/user-imports/{made['id']}"
            for method, rest, body in (
                ("GET", "", None),
                ("GET", "/rows", None),
                ("GET", "/rejected", None),
                ("PUT", "/preview", {"columns": []}),
                ("POST", "/confirmation", {"expected_version": 1}),
                ("DELETE", "", None),
            ):
                answer = await ask(school, method, path + rest, body, headers)
                assert problem_of(answer) == (403, "forbidden"), rest

    async def test_and_of_the_school_alone(self, door: Door, school: SchoolInTest) -> None:
        elsewhere = await door.new_school()
        theirs = await preview(elsewhere, [row("Al", "Smith")])
        path = f"/user-imports/{theirs['id']}"
        columns = [{"column": 1, "field": "forename"}, {"column": 2, "field": "surname"}]
        for method, rest, body in (
            ("GET", "", None),
            ("GET", "/rows", None),
            ("GET", "/rejected", None),
            ("PUT", "/preview", {"columns": columns}),
            ("POST", "/confirmation", {"expected_version": theirs["version"]}),
            ("DELETE", "", None),
        ):
            answer = await ask(school, method, path + rest, body)
            assert problem_of(answer) == (404, "no-such-import")
        assert (await confirm(elsewhere, theirs)).status_code == 200
        assert await users_of(school) == {}


class TestWhatWasUploaded:
    async def test_is_forgotten_after_two_days_whatever_became_of_it(
        self, door: Door, school: SchoolInTest
    ) -> None:

        identity = door.app.state.identity
        await imported(school, [row("Al", "Smith")])
        await preview(school, [row("Bo", "Jones")])
        with door.clock.moved_by(days=1, hours=23):
            await forget_due(identity)
            assert await kept(door, school.id) == (2, 2)
            await preview(school, [row("Cy", "Brown")])
        with door.clock.moved_by(days=2, minutes=1):
            assert await forget_due(identity) >= 2
            assert await kept(door, school.id) == (1, 1)
        assert len(await users_of(school)) == 1

    async def test_is_forgotten_when_it_is_cancelled(
        self, door: Door, school: SchoolInTest
    ) -> None:
        made = await preview(school, [row("Al", "Smith")])
        answer = await ask(school, "DELETE", f"/user-imports/{made['id']}")
        assert answer.status_code == 204
        assert await kept(door, school.id) == (0, 0)
        assert problem_of(await confirm(school, made)) == (404, "no-such-import")

    async def test_does_not_pile_up(self, door: Door, school: SchoolInTest) -> None:
        file = as_csv([["Surname"], ["x"]])
        headers = await school.as_admin()
        await asyncio.gather(*(upload(school, file, headers=headers) for _ in range(11)))
        await upload(school, file)
        assert await kept(door, school.id) == (10, 10)


async def kept(door: Door, school_id: UUID) -> tuple[int, int]:
    [found] = await door.rows(
        "SELECT (SELECT count(*) FROM user_imports WHERE school_id = $1) AS imports, "
        "(SELECT count(*) FROM user_import_rows WHERE school_id = $1) AS rows",
        school_id,
    )
    return found["imports"], found["rows"]
