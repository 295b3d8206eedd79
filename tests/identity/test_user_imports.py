"""Imports of users: looked through first, then done once, whole or not at all (R2, R7–R10, R13)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.user_imports import (
    HEADINGS,
    by_row,
    confirm,
    imported,
    look_through,
    preview,
    rows_of,
    upload,
    users_of,
)
from tests.identity.user_management import ask, change, link_mailed_to, set_active
from tests.shared.tables import as_csv, as_xlsx, bomb


def row(
    forename: str = "",
    surname: str = "",
    email: str = "",
    role: str = "",
    code: str = "",
    username: str = "",
    title: str = "",
) -> list[str]:
    return [title, forename, surname, email, role, code, username]


def why(found: dict[str, Any]) -> str:
    assert found["outcome"] == "rejected", found
    return " ".join(fault["detail"] for fault in found["faults"])


class TestThePreview:
    async def test_says_what_becomes_of_each_row_and_writes_nothing(
        self, door: Door, school: SchoolInTest
    ) -> None:
        mail = f"{school.postcode}.example"
        known = await school.add_user(title="Ms", email=f"jo@{mail}", staff_code="JSM")
        same = await school.add_user(forename="Al", surname="Jones", email=f"al@{mail}")
        told = len(await door.told(school.id))
        made = await preview(
            school,
            [
                row("Zoë", "Smith", f"zoe@{mail}", "Class teacher", "ZSM", title="Miss"),
                row("Joanna", "Smith", f"JO@{mail}", "SLT"),
                row("Al", "Jones", f"al@{mail}", "Teacher"),
                row("Bo", "", "not an address", "Caretaker"),
            ],
        )
        assert made["counts"] == {"added": 1, "updated": 1, "unchanged": 1, "rejected": 1}
        assert made["rows"] == sum(made["counts"].values()) == 4
        rows = await by_row(school, made)
        assert rows[2]["username"] == f"{school.postcode}_smith.1"
        assert (rows[3]["user_id"], rows[3]["username"]) == (known["id"], known["username"])
        assert rows[3]["changes"] == [
            {"field": "forename", "before": "Jo", "after": "Joanna", "by_hand": True},
            {"field": "role", "before": "Teacher", "after": "SLT", "by_hand": False},
        ]
        assert (rows[4]["outcome"], rows[4]["user_id"]) == ("unchanged", same["id"])
        assert [(fault["field"], fault["column"]) for fault in rows[5]["faults"]] == [
            ("email", "D, E-mail"),
            ("role", "E, Role"),
        ]
        assert set(await users_of(school)) == {known["username"], same["username"]}
        assert len(await door.told(school.id)) == told

    async def test_can_be_looked_at_by_outcome(self, school: SchoolInTest) -> None:
        made = await preview(school, [row("A", "A"), row("", "B"), row("C", "C"), row("", "D")])
        assert [one["row"] for one in await rows_of(school, made, "rejected")] == [3, 5]
        assert [one["row"] for one in await rows_of(school, made, "added")] == [2, 4]

    async def test_takes_columns_by_hand_and_keeps_them_for_the_next_file(
        self, school: SchoolInTest
    ) -> None:
        """R10."""
        content = as_csv([["Person", "Family", "Surname", "Notes"], ["Jo", "Smith", "x", "y"]])
        made = (await upload(school, content)).json()
        assert [one["field"] for one in made["columns"]] == [None, None, "surname", None]
        assert made["columns"][0]["samples"] == ["Jo"]
        answer = await ask(school, "PUT", f"/user-imports/{made['id']}/preview", {"columns": []})
        assert problem_of(answer) == (422, "wrong-columns")
        for column, field in ((0, "forename"), (1, "surname"), (2, None)):
            made["columns"][column]["field"] = field
        made = await look_through(school, made)
        assert (await by_row(school, made))[2]["name"] == "Jo Smith"
        again = await upload(school, as_xlsx([["FAMILY ", "person", "surname"], ["S", "J", "x"]]))
        assert [one["field"] for one in again.json()["columns"]] == ["surname", "forename", None]

    @pytest.mark.parametrize(
        "columns",
        [
            [{"column": 99, "field": "email"}],
            [{"column": 1, "field": "email"}, {"column": 2, "field": "email"}],
            [{"column": 1, "field": "forename"}],
        ],
    )
    async def test_refuses_columns_that_do_not_fit(
        self, school: SchoolInTest, columns: list[dict[str, Any]]
    ) -> None:
        made = (await upload(school, as_csv([HEADINGS, row("Jo", "Smith")]))).json()
        body = {"columns": columns}
        answer = await ask(school, "PUT", f"/user-imports/{made['id']}/preview", body)
        assert problem_of(answer) == (422, "wrong-columns")


class TestWhoIsMeant:
    async def test_is_told_by_address_then_code_then_username(self, school: SchoolInTest) -> None:
        mail = f"{school.postcode}.example"
        by_mail = await school.add_user(surname="A", email=f"a@{mail}")
        by_code = await school.add_user(surname="B", staff_code="BBB")
        by_name = await school.add_user(surname="C")
        made = await preview(
            school,
            [
                row(surname="A2", email=f" A@{mail.upper()} "),
                row(surname="B2", code="bbb", email=f"b@{mail}"),
                row(surname="C2", username=by_name["username"].upper(), code="CCC"),
            ],
        )
        rows = await by_row(school, made)
        assert [rows[n]["user_id"] for n in (2, 3, 4)] == [
            one["id"] for one in (by_mail, by_code, by_name)
        ]
        assert (await confirm(school, made)).status_code == 200
        users = await users_of(school)
        assert users[by_code["username"]]["email"] == f"b@{mail}"
        assert users[by_name["username"]]["surname"] == "C2"

    async def test_is_nobody_where_two_are_said_or_none(self, school: SchoolInTest) -> None:
        mail = f"{school.postcode}.example"
        first = await school.add_user(surname="A", email=f"a@{mail}", staff_code="SAME")
        second = await school.add_user(surname="B", staff_code="SAME")
        await set_active(school, await school.add_user(surname="C", staff_code="CCC"), False)
        await school.add_user(forename="Old", surname="Hand", staff_code="DDD")
        rows = await by_row(
            school,
            await preview(
                school,
                [
                    row("X", "Y", f"a@{mail}", username=second["username"]),
                    row("X", "Y", code="SAME"),
                    row("X", "Y", username="nobody_here"),
                    row("X", "C", code="CCC"),
                    row("New", "Joiner", "new@joiner.example", code="DDD"),
                    row(title="Mr", email=f"a@{mail}", code="SAME"),
                    row(title="Mrs", username=first["username"]),
                ],
            ),
        )
        assert first["username"] in why(rows[2])
        assert second["username"] in why(rows[2])
        assert "Several users" in why(rows[3])
        assert "No user of this school" in why(rows[4])
        assert "is inactive" in why(rows[5])
        assert "name is quite another" in why(rows[6])
        assert rows[7]["outcome"] == "updated"
        assert "Row 7 is about" in why(rows[8])

    async def test_is_nobody_new_where_the_name_is_here_unless_that_is_said(
        self, school: SchoolInTest
    ) -> None:
        """R17: a name only suggests."""
        await school.add_user(forename="Zoë", surname="O’Neill", staff_code="ZON")
        file = [
            row("Zoe", "ONeill", f"zoe@{school.postcode}.example"),
            row("Zoe", "ONeill", code="ZO2"),
            row("Al", "New"),
            row("Al", "New"),
        ]
        rows = await by_row(school, await preview(school, file))
        assert "already" in why(rows[2])
        assert (rows[3]["outcome"], rows[4]["outcome"]) == ("added", "added")
        assert "Row 4 has the same name" in why(rows[5])
        made = await preview(school, file, add_namesakes=True)
        assert made["counts"]["added"] == 4

    async def test_an_address_in_use_says_whose_it_is_within_the_school_only(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """R8."""
        elsewhere = await door.new_school()
        theirs = await elsewhere.add_user(email=f"x@{elsewhere.postcode}.example")
        me = await school.add_user(surname="Me", staff_code="ME1")
        rows = await by_row(
            school,
            await preview(
                school,
                [
                    row("A", "A", theirs["email"]),
                    row("B", "B", school.admin_email),
                    row("C", "C", "c@new.example"),
                    row("D", "D", "C@new.example"),
                    row(code="ME1", email=theirs["email"]),
                    row("E", "E", "e@new.example", code="EEE"),
                    row("F", "F", "f@new.example", code="eee"),
                    row("H", "H", role="Headteacher"),
                ],
            ),
        )
        assert theirs["surname"] not in why(rows[2])
        assert "in use on another account" in why(rows[2])
        assert "Administrator" in why(rows[3])
        assert "Row 4 has the same e-mail" in why(rows[5])
        assert "in use on another account" in why(rows[6])
        assert rows[6]["user_id"] == me["id"]
        assert "Row 7 has the same staff code" in why(rows[8])
        assert "gets a link by e-mail" in why(rows[9])


class TestConfirming:
    async def test_does_what_the_preview_said(self, door: Door, school: SchoolInTest) -> None:
        """R2, R7, R9, R13."""
        mail = f"{school.postcode}.example"
        known = await school.add_user(email=f"jo@{mail}")
        await door.rows("UPDATE accounts SET overrides = '{}' WHERE account_id = $1", known["id"])
        made = await preview(
            school,
            [
                row("Al", "Smith", f"al@{mail}", "Teacher"),
                row("Bo", "Smith", role="slt"),
                row("He", "Ad", f"head@{mail}", "Head Teacher"),
                row("Jojo", "Smith", f"jo@{mail}"),
                row("", "Nobody"),
            ],
        )
        answer = await confirm(school, made)
        assert answer.status_code == 200, answer.text
        done = answer.json()
        assert (done["state"], done["counts"]["added"]) == ("confirmed", 3)
        users = await users_of(school)
        assert set(users) == {
            f"{school.postcode}_{name}" for name in ("smith", "smith.1", "smith.2", "ad")
        }
        al = users[f"{school.postcode}_smith.1"]
        assert (al["origin"], al["overrides"], al["forename"]) == ("import", [], "Al")
        assert users[known["username"]]["forename"] == "Jojo"
        assert users[known["username"]]["overrides"] == []
        assert users[f"{school.postcode}_ad"]["leadership"] == "head"
        await link_mailed_to(door, f"head@{mail}")
        await school.claim(al["username"])
        rows = await by_row(school, done)
        assert rows[2]["user_id"] == al["id"]
        entries = [
            entry
            for event in await door.told(school.id, "activity.recorded.v1")
            for entry in event["data"]["entries"]
        ]
        actions = [entry["action"] for entry in entries]
        assert actions.count("user.created") == 2 + 3  # the admin and Jo were there
        [line] = [entry for entry in entries if entry["action"] == "users.imported"]
        assert line["subject"]["label"] == "4 users imported from staff.csv"

    async def test_again_does_nothing_more(self, door: Door, school: SchoolInTest) -> None:
        made = await preview(school, [row("Al", "Smith")])
        answers = await asyncio.gather(*(confirm(school, made) for _ in range(4)))
        assert [answer.status_code for answer in answers] == [200] * 4
        assert len({answer.text for answer in answers}) == 1
        told = len(await door.told(school.id))
        for again in (made, answers[0].json()):
            assert (await confirm(school, again)).json() == answers[0].json()
        assert len(await door.told(school.id)) == told
        assert list(await users_of(school)) == [f"{school.postcode}_smith"]

    async def test_is_refused_where_something_changed_meanwhile(self, school: SchoolInTest) -> None:
        mail = f"{school.postcode}.example"
        known = await school.add_user(email=f"jo@{mail}")
        made = await preview(school, [row("Joan", "", f"jo@{mail}"), row("Al", "Smith")])
        assert (await change(school, known, forename="Joanna")).status_code == 200
        answer = await confirm(school, made)
        assert problem_of(answer) == (409, "changed-meanwhile")
        assert len(await users_of(school)) == 1
        now = (await ask(school, "GET", f"/user-imports/{made['id']}")).json()
        assert now["version"] == answer.json()["version"] > made["version"]
        assert (await by_row(school, now))[2]["changes"][0]["before"] == "Joanna"
        assert problem_of(await confirm(school, made)) == (409, "changed-meanwhile")
        assert (await confirm(school, now)).status_code == 200
        assert (await users_of(school))[known["username"]]["forename"] == "Joan"

    async def test_of_two_at_once_both_are_right(self, school: SchoolInTest) -> None:
        """Whichever is second is looked at again: no address is needed to tell that it is."""
        file = [row("Al", "Smith"), row("Bo", "Smith")]
        both = [await preview(school, file), await preview(school, file)]
        answers = await asyncio.gather(*(confirm(school, made) for made in both))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        assert len(await users_of(school)) == 2
        [late] = [made for made, answer in zip(both, answers, strict=True) if answer.is_error]
        now = (await ask(school, "GET", f"/user-imports/{late['id']}")).json()
        assert now["counts"] == {"added": 0, "updated": 0, "unchanged": 0, "rejected": 2}
        assert problem_of(await confirm(school, now)) == (409, "nothing-to-import")

    async def test_keeps_values_over_the_mis_where_that_is_said(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """R13."""
        known = await school.add_user(surname="Old", staff_code="OLD")
        await door.rows("UPDATE accounts SET overrides = '{}' WHERE account_id = $1", known["id"])
        await imported(
            school, [row("Al", "Smith"), row(surname="New", code="OLD")], keep_over_mis=True
        )
        users = await users_of(school)
        assert users[f"{school.postcode}_smith"]["overrides"] == ["forename", "surname"]
        assert users[known["username"]]["overrides"] == ["surname"]

    async def test_leaves_the_mark_on_what_was_set_by_hand(self, school: SchoolInTest) -> None:
        """R13: the school took the field from the MIS, and only hands it back by saying so."""
        known = await school.add_user(surname="Hand", staff_code="HND")
        await imported(school, [row(surname="Import", code="HND")])
        now = (await users_of(school))[known["username"]]
        assert (now["surname"], "surname" in now["overrides"]) == ("Import", True)

    async def test_an_unlooked_at_or_done_import_goes_no_further(
        self, school: SchoolInTest
    ) -> None:
        made = (await upload(school, as_csv([HEADINGS, row("Al", "Smith")]))).json()
        assert problem_of(await confirm(school, made)) == (409, "changed-meanwhile")
        done = await imported(school, [row("Bo", "Jones")])
        columns = [{"column": 1, "field": "forename"}, {"column": 2, "field": "surname"}]
        path = f"/user-imports/{done['id']}/preview"
        answer = await ask(school, "PUT", path, {"columns": columns})
        assert problem_of(answer) == (409, "import-done")

    async def test_a_role_that_changes_ends_sessions(
        self, door: Door, school: SchoolInTest
    ) -> None:
        user = await school.add_user(staff_code="JSM")
        session = await school.claim(user["username"])
        await imported(school, [row(role="SLT", code="JSM")])
        assert (await door.look_up(session["token"])).status_code == 401
        assert (await door.sign_in(user["username"], OWN_PASSWORD)).status_code == 201

    async def test_two_thousand_rows_take_seconds(self, door: Door, school: SchoolInTest) -> None:
        mail = f"{school.postcode}.example"
        file = [row(f"Jo{n}", "Smith", f"jo{n}@{mail}", "Teacher", f"C{n}") for n in range(2_000)]
        async with asyncio.timeout(60):
            done = await imported(school, file)
        assert done["counts"]["added"] == 2_000
        for event, part in (
            ("identity.users.changed.v1", "users"),
            ("activity.recorded.v1", "entries"),
        ):
            sizes = [len(told["data"][part]) for told in await door.told(school.id, event)]
            assert max(sizes) <= 500
        found = await door.rows(
            "SELECT count(*), count(DISTINCT username) AS names FROM accounts "
            "WHERE school_id = $1 AND kind = 'user'",
            school.id,
        )
        assert dict(found[0]) == {"count": 2_000, "names": 2_000}


class TestTheFile:
    @pytest.mark.parametrize(
        ("content", "slug"),
        [
            (b"", "file-empty-file"),
            (b"\x89PNG\r\n\x1a\n\x00", "file-not-a-table"),
            (as_csv([["Surname"], *[["x"]] * 5_001]), "file-too-many-rows"),
            (bomb(220), "file-too-large"),
        ],
        ids=["empty", "picture", "long", "bomb"],
    )
    async def test_that_is_none_is_refused_and_leaves_nothing(
        self, door: Door, school: SchoolInTest, content: bytes, slug: str
    ) -> None:
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
            assert problem_of(await ask(school, method, path + rest, body)) == (404, "not-found")
        assert (await confirm(elsewhere, theirs)).status_code == 200
        assert await users_of(school) == {}


class TestWhatWasUploaded:
    async def test_is_forgotten_after_two_days_whatever_became_of_it(
        self, door: Door, school: SchoolInTest
    ) -> None:
        from services.identity.user_imports.service import forget_due

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
        assert problem_of(await confirm(school, made)) == (404, "not-found")

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
