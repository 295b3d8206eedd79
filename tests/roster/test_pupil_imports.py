"""The preview of an import of pupils, and whom each row means (R10, R11, R17)."""

from __future__ import annotations

from typing import Any

import pytest

from services.roster.fields.field import OPTIONAL_FIELDS
from shared.contracts.vocabulary import GroupKind, LinkKind
from tests.roster.door import SchoolInTest, problem_of
from tests.roster.pupil_imports import (
    HEADINGS,
    by_row,
    confirm,
    imported,
    look_through,
    preview,
    pupils_of,
    row,
    rows_of,
    upload,
    upn,
    why,
)
from tests.shared.tables import as_csv, as_xlsx


def notes_of(found: dict[str, Any]) -> str:
    return " ".join(note["detail"] for note in found["notes"])


class TestThePreview:
    async def test_what_nobody_sees_in_a_cell_changes_nothing(self, school: SchoolInTest) -> None:
        """As it comes along from a web page: the pupil is found, and is as they were."""
        await school.has_pupil(upn=upn(1), legal_forename="Zoë", legal_surname="Hall")
        made = await preview(
            school, [row(f"\ufeff{upn(1)}", "Zo\u00ade\u0308\u200b", "\u00a0Hall")]
        )
        assert (made["counts"]["unchanged"], made["counts"]["rejected"]) == (1, 0)

    async def test_says_what_becomes_of_each_row_and_writes_nothing(
        self, school: SchoolInTest
    ) -> None:
        """R10, R11: with the old values, and what is wrong by row and column."""
        known = await school.has_pupil(upn=upn(1), legal_forename="Zoë", legal_surname="Hall")
        await school.has_class("3 Blue", "3", known)
        gone = await school.has_pupil(upn=upn(4), legal_forename="Cy", legal_surname="Back")
        await school.by_hand("PATCH", f"/pupils/{gone}", {"expected_version": 1, "active": False})
        told = len(await school.told())
        made = await preview(
            school,
            [
                row(upn(2), "Al", "Jones", "31/08/2018", "3", "3 Blue"),
                row(upn(1).lower(), "Zoe", "Hall", "01/02/2019", "Year 3"),
                row(upn(3)[:-1] + "X", "Bo", "Nobody", "1/2/19", "33", "4 Red", "?"),
                row(upn(1), "", "", "", "", ""),
                row(upn(4), "Cy", "Back"),
                row("", "Di", "New", "02/03/2021", "R"),
            ],
        )
        counts = made["counts"]
        assert (counts["added"], counts["updated"], counts["made_active"]) == (2, 1, 1)
        assert (counts["unchanged"], counts["rejected"], counts["made_inactive"]) == (0, 3, 0)
        rows = await by_row(school, made)
        assert [change["field"] for change in rows[2]["changes"]] == [
            *("upn", "legal_forename", "legal_surname", "date_of_birth", "year_group"),
            "class_name",
        ]
        assert notes_of(rows[2]) == "Year 3 does not fit the date of birth."
        assert [fault["column"] for fault in rows[4]["faults"]] == [
            *("A, UPN", "E, Date of birth", "F, Sex", "G, Year group"),
        ]
        assert "check letter" in why(rows[4])
        assert "year of two digits" in why(rows[4])
        assert why(rows[3]) == "Row 5 is about this pupil too. Leave one of the two."
        assert why(rows[5]) == "Row 3 is about this pupil too. Leave one of the two."
        assert {
            "field": "active",
            "before": "Inactive",
            "after": "Active",
            "by_hand": True,
        } in rows[6]["changes"]
        assert "made active again" in notes_of(rows[6])
        assert "no UPN" in notes_of(rows[7])
        assert len(await school.told()) == told
        assert [one["row"] for one in await rows_of(school, made, "added")] == [2, 7]

    async def test_shows_what_was_set_by_hand_and_that_it_stays_marked(
        self, school: SchoolInTest
    ) -> None:
        """R13: a person confirms this, and no sync."""
        pupil = await school.has_pupil(upn=upn(1))
        change = {"expected_version": 1, "legal_forename": "By hand"}
        await school.by_hand("PATCH", f"/pupils/{pupil}", change)
        made = await preview(school, [row(upn(1), "From file", "O’Neill")])
        assert (await by_row(school, made))[2]["changes"] == [
            {
                "field": "legal_forename",
                "before": "By hand",
                "after": "From file",
                "by_hand": True,
            }
        ]
        await imported(school, [row(upn(1), "From file", "O’Neill")])
        found = (await pupils_of(school))["From file O’Neill"]
        assert found["overrides"] == ["legal_forename"]

    async def test_takes_columns_by_hand_and_keeps_them_for_such_files(
        self, school: SchoolInTest
    ) -> None:
        """R10: with how the file was meant; other headings are another kind of file."""
        content = as_csv([["Kid", "Family", "Forename", "Born"], ["Jo", "Hall", "x", "3/4/2018"]])
        made = (await upload(school, content)).json()
        assert [one["field"] for one in made["columns"]] == [None, None, "legal_forename", None]
        path = f"/pupil-imports/{made['id']}/preview"
        answer = await school.by_hand("PUT", path, {"columns": [], "scope": "partial"})
        assert problem_of(answer) == (422, "wrong-columns")
        fields = ("legal_forename", "legal_surname", None, "date_of_birth")
        for column, field in zip(made["columns"], fields, strict=True):
            column["field"] = field
        made = await look_through(school, made, date_order="mdy", classes=None)
        assert (await by_row(school, made))[2]["name"] == "Jo Hall"
        again = as_xlsx([["born", "FAMILY ", "kid", "forename"], ["", "Hall", "Jo", "x"]])
        again_made = (await upload(school, again)).json()
        assert [one["field"] for one in again_made["columns"]] == [
            *("date_of_birth", "legal_surname", "legal_forename", None),
        ]
        assert again_made["how"]["date_order"] == "mdy"
        other = (await upload(school, as_csv([["Kid", "Forename"], ["Jo", "x"]]))).json()
        assert [one["field"] for one in other["columns"]] == [None, "legal_forename"]

    @pytest.mark.parametrize(
        ("columns", "how"),
        [
            ({99: "upn"}, {}),
            ({0: "upn", 1: "upn"}, {}),
            ({3: "legal_forename"}, {}),
            ({0: "upn", 4: "date_of_birth"}, {"date_order": None}),
            ({0: "upn", 7: "class_name"}, {"classes": None}),
            ({0: "upn", 1: "ethnicity"}, {}),
        ],
        ids=["none-such", "twice", "no-surname", "no-order", "no-classes", "not-kept"],
    )
    async def test_refuses_columns_that_do_not_fit(
        self, school: SchoolInTest, columns: dict[int, str], how: dict[str, Any]
    ) -> None:
        made = (await upload(school, as_csv([HEADINGS, row(upn(1))]))).json()
        body = {
            "columns": [{"column": one, "field": field} for one, field in columns.items()],
            **{"scope": "partial", "date_order": "dmy", "classes": "add"},
            **how,
        }
        answer = await school.by_hand("PUT", f"/pupil-imports/{made['id']}/preview", body)
        assert problem_of(answer) == (422, "wrong-columns")

    async def test_takes_optional_fields_where_the_school_keeps_them(
        self, school: SchoolInTest
    ) -> None:
        """R29: else the column is passed over, with a word about it."""
        headings = ["UPN", "Surname", "Forename", "Ethnicity", "SEN", "FSM"]
        rows = [[upn(1), "Hall", "Jo", "weng", "S", "Y"]]
        made = await preview(school, rows, headings)
        assert [one["field"] for one in made["columns"][3:]] == [None, None, None]
        assert "does not keep ‘Ethnicity’" in made["columns"][3]["note"]
        assert "ethnicity" not in made["fields"]
        body = {"expected_version": 0, **dict.fromkeys(OPTIONAL_FIELDS, False)}
        body |= {"ethnicity": True, "sen_provision": True}
        answer = await school.by_hand("PUT", "/settings/pupil-fields", body)
        assert answer.status_code == 200, answer.text
        made = await preview(school, rows, headings)
        assert [one["field"] for one in made["columns"][3:]] == ["ethnicity", "sen_provision", None]
        changes = {c["field"]: c["after"] for c in (await by_row(school, made))[2]["changes"]}
        assert changes["sen_provision"] == "Education, health and care plan"
        assert "ethnicity" in made["fields"]

    async def test_shows_nothing_of_a_field_that_is_switched_off_meanwhile(
        self, school: SchoolInTest
    ) -> None:
        """R29: rows, samples and the file to mend are still there, without what it held."""
        body = {"expected_version": 0, **dict.fromkeys(OPTIONAL_FIELDS, False)}
        await school.by_hand("PUT", "/settings/pupil-fields", body | {"ethnicity": True})
        headings = ["UPN", "Surname", "Forename", "Ethnicity"]
        rows = [[upn(1), "Hall", "Jo", "CHNE"], [upn(2), "Hall", "Al", "PURPLE"]]
        made = await preview(school, rows, headings)
        assert (await confirm(school, made)).status_code == 200
        await school.by_hand("PUT", "/settings/pupil-fields", body | {"expected_version": 1})

        path = f"/pupil-imports/{made['id']}"
        found, listed = await school.get(path), await school.get(f"{path}/rows")
        file = (await school.by_hand("GET", f"{path}/rejected")).text
        for said in (str(found), str(listed), file):
            assert not any(word in said for word in ("CHNE", "Chinese", "PURPLE"))
        assert found["columns"][3]["field"] is None
        added, rejected = listed["items"]
        assert [one["field"] for one in added["changes"]] == [
            "upn", "legal_forename", "legal_surname",
        ]  # fmt: skip
        assert "does not keep now" in added["notes"][0]["detail"]
        assert "does not keep now" in why(rejected)
        assert file.splitlines()[1].startswith(f"{upn(2)},Hall,Al,,")


class TestDates:
    @pytest.mark.parametrize(
        ("order", "good", "bad"),
        [
            ("dmy", ["31/08/2018", "1.9.2018", "31-08-2018 00:00:00"], ["08/31/2018", "1/9/18"]),
            ("dmy", ["31 Aug 2018", "1-SEPT-2018", "1st September 2018"], ["31 Aug 18", "43343"]),
            ("mdy", ["08/31/2018", "9/1/2018"], ["31/08/2018", "2018/08/31"]),
            ("ymd", ["2018/08/31", "2018.9.1"], ["31/08/2018", "18/08/31", "2018/31/08"]),
        ],
    )
    async def test_have_the_one_order_that_was_declared(
        self, school: SchoolInTest, order: str, good: list[str], bad: list[str]
    ) -> None:
        """R10: an ambiguous one is an error, never a guess. An ISO day can be read in one way."""
        ends = ["2018-08-31", "31/02/2018", "2018-02-30", "12/12/2099", "nonsense"]
        given = [*good, ends[0], *bad, *ends[1:]]
        made = await preview(
            school,
            [row(upn(n), f"Jo{n}", "Hall", born) for n, born in enumerate(given, 1)],
            date_order=order,
        )
        rows = await by_row(school, made)
        outcomes = [rows[n]["outcome"] for n in range(2, len(given) + 2)]
        fine = len(good) + 1
        assert outcomes == ["added"] * fine + ["rejected"] * (len(given) - fine)

    async def test_that_are_only_counted_days_say_what_to_do(self, school: SchoolInTest) -> None:
        """As a workbook has them whose column is no date: 43343 is 31 August 2018, or four years
        later in workbooks of a Mac."""
        file = as_xlsx([["UPN", "Surname", "Forename", "DOB"], [upn(1), "Hall", "Jo", 43343]])
        made = await look_through(school, (await upload(school, file)).json())
        assert "Short Date" in why((await by_row(school, made))[2])


async def test_a_formula_that_went_wrong_is_no_empty_cell_and_no_name(
    school: SchoolInTest,
) -> None:
    """R10: every row has a result; such a cell would be lost, or a class be called #N/A."""
    rows = [
        row(upn(1), "Jo", "#N/A", "31/08/2018"),
        row("#REF!", "Al", "Hall", "31/08/2018"),
        row(upn(3), "Bo", "Hall", "31/08/2018", "3", "#VALUE!"),
        row(upn(4), "#1", "Hall", "31/08/2018"),
    ]
    made = await preview(school, rows, make_classes=True)
    found = await by_row(school, made)
    for number, shown in ((2, "#N/A"), (3, "#REF!"), (4, "#VALUE!")):
        assert f"{shown} stands where a formula" in why(found[number])
    assert found[5]["outcome"] == "added", "a mark in a name is nobody's fault"


class TestWhoIsMeant:
    async def test_is_told_by_upn_then_former_upn_both_ways(self, school: SchoolInTest) -> None:
        """R11."""
        first = await school.has_pupil(upn=upn(1), legal_forename="Ann", legal_surname="A")
        second = await school.has_pupil(upn=upn(2), legal_forename="Bea", legal_surname="B")
        change = {"expected_version": 1, "upn": upn(3)}
        await school.by_hand("PATCH", f"/pupils/{second}", change)
        rows = await by_row(
            school,
            await preview(
                school,
                [
                    row(upn(4), "Ann", "A", former=upn(1)),
                    row(upn(2), "Bea", "B2"),
                ],
            ),
        )
        assert [rows[n]["pupil_id"] for n in (2, 3)] == [str(first), str(second)]
        assert rows[2]["changes"][:2] == [
            {"field": "upn", "before": upn(1), "after": upn(4), "by_hand": False},
            {"field": "former_upns", "before": None, "after": upn(1), "by_hand": False},
        ]
        assert "stays" in notes_of(rows[3])
        assert [change["field"] for change in rows[3]["changes"]] == ["legal_surname"]
        two = await preview(school, [row(upn(1), "Ann", "A", former=upn(3))])
        assert "Correct the one that is wrong" in why((await by_row(school, two))[2])

    async def test_is_only_suggested_by_names_and_date_of_birth(self, school: SchoolInTest) -> None:
        """R17: where there is a suggestion nobody new is made, and nobody is taken unasked."""
        body = {
            "legal_forename": "Zoë",
            "legal_surname": "O’Neill",
            "date_of_birth": "2018-02-01",
        }
        known = (await school.by_hand("POST", "/pupils", body)).json()
        file = [row("", "Zoe", "ONeill", "01/02/2018"), row("", "Zoe", "ONeill", "02/02/2018")]
        rows = await by_row(school, await preview(school, file))
        assert "probably Zoë O’Neill, born 01/02/2018" in why(rows[2])
        assert rows[3]["outcome"] == "added"
        made = await preview(
            school, [row(upn(1), "Zoe", "ONeill", "01/02/2018", "3")], same_pupils=True
        )
        (taken,) = (await by_row(school, made)).values()
        assert (taken["pupil_id"], taken["probable"]) == (known["id"], True)
        assert made["counts"]["probable"] == 1
        unsure = await by_row(school, await preview(school, [row(upn(1), "Zoe", "ONeill")]))
        assert "nothing tells whether this is the same pupil" in why(unsure[2])

    async def test_is_nobody_where_two_are_possible_or_another_number_is_here(
        self, school: SchoolInTest
    ) -> None:
        for number in (None, upn(2)):
            body = {
                "upn": number,
                "legal_forename": "Jo",
                "legal_surname": "Hall",
                "date_of_birth": "2018-02-01",
            }
            assert (await school.by_hand("POST", "/pupils", body)).status_code == 201
        await school.has_pupil(upn=upn(3), legal_surname="Hill", date_of_birth="2018-02-01")
        file = [
            row("", "Jo", "Hall", "01/02/2018"),
            row(upn(4), "Zoë", "Hill", "01/02/2018"),
            row(upn(3), "Quite", "Other", "03/04/2017"),
        ]
        rows = await by_row(school, await preview(school, file, same_pupils=True))
        assert "have these names and this date of birth" in why(rows[2])
        assert "another UPN" in why(rows[3])
        assert "quite other" in why(rows[4])

    async def test_is_one_pupil_for_one_row_only(self, school: SchoolInTest) -> None:
        made = await preview(
            school,
            [
                row("", "Jo", "Hall", "01/02/2018"),
                row(upn(1), "Jo", "Hall", "01/02/2018"),
                row(upn(2), "Al", "Hill"),
                row("", "Al", "Hill", "01/02/2018"),
                row(upn(3), "Bo", "Hill", former=upn(4)),
                row(upn(4), "Cy", "Hill"),
                row(upn(5), "Jo", "Hall"),
            ],
        )
        rows = await by_row(school, made)
        assert why(rows[2]) == "Rows 3, 8 are about this pupil too. Leave one of them."
        assert [rows[n]["outcome"] for n in range(2, 8)] == ["rejected"] * 6


class TestClasses:
    async def test_are_added_or_take_the_place_of_others_as_is_said(
        self, school: SchoolInTest
    ) -> None:
        """Complaint 19. A choir is no class, and stays."""
        pupil = await school.has_pupil(upn=upn(1))
        await school.has_class("3 Blue", "3", pupil)
        await school.has_class("3 Red", "3")
        choir = await school.has_group("Choir", GroupKind.SET)
        await school.has_link(LinkKind.MEMBER, choir, pupil)
        file = [row(upn(1), class_name="3  red")]
        [added] = (await by_row(school, await preview(school, file))).values()
        assert added["changes"] == [
            {"field": "class_name", "before": "3 Blue", "after": "3 Blue, 3 Red", "by_hand": False}
        ]
        await imported(school, file, classes="replace")
        [found] = (await pupils_of(school)).values()
        groups = {group["name"]: group["link"]["origin"] for group in found["groups"]}
        assert groups == {"3 Red": "import", "Choir": "mis"}
        assert found["version"] == 1, "only the membership has changed"

    async def test_a_row_that_names_none_takes_nobody_out_of_theirs(
        self, school: SchoolInTest
    ) -> None:
        pupil = await school.has_pupil(upn=upn(1))
        await school.has_class("3 Blue", "3", pupil)
        made = await preview(school, [row(upn(1), class_name="")], classes="replace")
        assert {one["outcome"] for one in (await by_row(school, made)).values()} == {"unchanged"}

    async def test_that_are_not_here_are_made_only_if_that_is_said(
        self, school: SchoolInTest
    ) -> None:
        old = await school.has_class("Old", "3")
        await school.by_hand("PATCH", f"/groups/{old}", {"expected_version": 1, "active": False})
        file = [
            row(upn(1), "Jo", "Hall", year="4", class_name="Oak; Elm"),
            row(upn(2), "Al", "Hall", year="5", class_name="oak"),
            row(upn(3), "Bo", "Hall", year="5", class_name="Old"),
        ]
        made = await preview(school, file)
        assert made["missing_classes"] == ["Elm", "Oak"]
        rows = await by_row(school, made)
        assert "There is no class called ‘Oak’" in why(rows[2])
        assert "is inactive" in why(rows[4])
        done = await imported(school, file, make_classes=True)
        assert (done["new_classes"], done["counts"]["added"]) == (["Elm", "Oak"], 2)
        groups = {g["name"]: g for g in (await school.get("/groups"))["items"]}
        assert {name: g["year_group"] for name, g in groups.items()} == {"Elm": "4", "Oak": None}
        assert {g["origin"] for g in groups.values()} == {"import"}
        assert {name: g["member_count"] for name, g in groups.items()} == {"Elm": 1, "Oak": 2}
