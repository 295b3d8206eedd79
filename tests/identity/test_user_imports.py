"""The preview of an import of users, and whom each row means (R7, R8, R10, R17)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.identity.door import Door, SchoolInTest, problem_of
from tests.identity.user_imports import (
    HEADINGS,
    by_row,
    confirm,
    look_through,
    preview,
    row,
    rows_of,
    upload,
    users_of,
    why,
)
from tests.identity.user_management import ask, set_active
from tests.shared.tables import as_csv, as_xlsx


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
                row("Bea", "#N/A", f"bea@{mail}", "Teacher"),
            ],
        )
        assert made["counts"] == {"added": 1, "updated": 1, "unchanged": 1, "rejected": 2}
        assert made["rows"] == sum(made["counts"].values()) == 5
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
        assert "where a formula in the list could not be worked out" in why(rows[6])
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
