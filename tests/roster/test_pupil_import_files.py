"""Files as the DfE's templates, SIMS, Arbor and Bromcom write them, from upload to the roll (R10).

All of them list the same five children: one new, one who changes, one who does not, one with a
wrong check letter, and one without a UPN.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.roster.fields.field import OPTIONAL_FIELDS
from shared.contracts.vocabulary import LinkKind
from shared.tabular.table import letter
from tests.roster.door import UPNS, SchoolInTest, problem_of
from tests.roster.pupil_imports import by_row, confirm, look_through, upload
from tests.shared.tables import as_csv, as_xlsx

NEW, CHANGES, SAME = UPNS[:3]
WRONG = "B" + UPNS[3][1:]


@dataclass(frozen=True)
class Child:
    forename: str
    surname: str
    upn: str
    born: date
    sex: str
    middle: str = ""
    year: str = "3"
    language: str = "ENG"
    sen: str = "N"
    fsm: bool = False


CHILDREN = (
    # 3 February: read in the wrong order it is 2 March.
    Child("Siân", "François-O’Neill", NEW, date(2019, 2, 3), "F", "Anne", "3", "WEL", "K", True),
    Child("Zoë", "Hall", CHANGES, date(2019, 8, 31), "F", "Jo"),
    Child("Søren", "Ellis", SAME, date(2018, 9, 1), "M"),
    Child("Max", "Price", WRONG, date(2018, 10, 12), "M"),
    Child("Bo", "Chén", "", date(2019, 5, 12), "M"),
)  # fmt: skip


@dataclass(frozen=True)
class Foreign:
    """A system's file: its columns, starred where one is recognised, and how it writes them."""

    headings: str
    cells: Any
    encoding: str = "utf-8"
    delimiter: str = ","
    order: str | None = "dmy"
    keeps: frozenset[str] = field(default_factory=frozenset)
    workbook: bool = False

    @property
    def columns(self) -> list[str]:
        return [one.replace("_", " ").removesuffix("*") for one in self.headings.split()]

    @property
    def recognised(self) -> set[str]:
        return {one.replace("_", " ")[:-1] for one in self.headings.split() if one.endswith("*")}

    @property
    def dated(self) -> bool:
        return bool(self.recognised & {"Date of birth", "DOB"})

    def content(self) -> bytes:
        rows: list[Sequence[Any]] = [self.columns, *(self.cells(child) for child in CHILDREN)]
        if self.workbook:
            return as_xlsx(rows)
        return as_csv(rows, delimiter=self.delimiter, encoding=self.encoding)


SIMS = "Forename* Surname* Email UPN* Year* Reg*"
FILES = {
    "dfe-template": Foreign(
        "Surname* Forename* Middle_name(s)* Date_of_birth* Sex* UPN*",
        lambda c: [c.surname, c.forename, c.middle, f"{c.born:%d/%m/%Y}", c.sex, c.upn],
        encoding="utf-8-sig",
    ),
    "dfe-census": Foreign(
        "LEA Estab UPN* Surname* Forename* Middlenames* Sex* DOB* NCyearActual* EnrolStatus "
        "FSMeligible* Language* SENProvision*",
        lambda c: [
            "801", "2000", c.upn, c.surname, c.forename, c.middle, c.sex, f"{c.born}",
            f"{c.year} ", "C", "true" if c.fsm else "false", c.language, c.sen,
        ],
        order="ymd",
        keeps=frozenset({"free_school_meals", "first_language", "sen_provision"}),
    ),
    "sims": Foreign(
        SIMS,
        lambda c: [c.forename, c.surname, "", c.upn, f"Year  {c.year}", "3 Blue"],
        encoding="cp1252",
        order=None,
    ),
    "sims-unicode-text": Foreign(
        SIMS,
        lambda c: [c.forename, c.surname, "", c.upn.lower(), f"Yr {c.year}", "3 BLUE"],
        encoding="utf-16",
        delimiter="\t",
        order=None,
    ),
    "arbor": Foreign(
        "First_name* Last_name* Email UPN* Year_group* Registration_form*",
        lambda c: [c.forename, c.surname, "a@b.example", f" {c.upn}", f"Year {c.year}", "3 Blue"],
        encoding="utf-8-sig",
        order=None,
    ),
    "bromcom": Foreign(
        "FirstName* LastName* StudentEmail UPN* YearGroup* Form*",
        lambda c: [c.forename, c.surname, "", c.upn, int(c.year), "3 Blue"],
        order=None,
        workbook=True,
    ),
    "our-template": Foreign(
        "UPN* Former_UPN* Surname* Forename* Middle_names* Date_of_birth* Sex* Year_group* Class*",
        lambda c: [
            c.upn, "", c.surname, c.forename, c.middle,
            datetime.combine(c.born, datetime.min.time()), c.sex, c.year, "3 Blue",
        ],
        workbook=True,
    ),
}  # fmt: skip


async def keeps(school: SchoolInTest, names: frozenset[str]) -> None:
    body = {name: name in names for name in OPTIONAL_FIELDS}
    answer = await school.by_hand("PUT", "/settings/pupil-fields", body | {"expected_version": 0})
    assert answer.status_code == 200, answer.text


async def has(school: SchoolInTest, child: Child, kept: frozenset[str], **other: Any) -> str:
    """The child as somebody added them by hand, in `3 Blue`."""
    optional = {
        "free_school_meals": child.fsm,
        "first_language": child.language,
        "sen_provision": child.sen,
    }
    body = {
        "upn": child.upn,
        "legal_forename": child.forename,
        "legal_surname": child.surname,
        "date_of_birth": f"{child.born}",
        "sex": child.sex,
        "year_group": child.year,
        **{name: value for name, value in optional.items() if name in kept},
        **other,
    }
    answer = await school.by_hand("POST", "/pupils", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.mark.parametrize("system", FILES)
async def test_a_file_of_a_system_is_read_as_it_is_meant(school: SchoolInTest, system: str) -> None:
    file = FILES[system]
    await keeps(school, file.keeps)
    blue = await school.has_group("3 Blue", year_group="3")
    changes = await has(school, CHILDREN[1], file.keeps, year_group="2")
    same = await has(school, CHILDREN[2], file.keeps)
    for pupil_id in (changes, same):
        await school.has_link(LinkKind.MEMBER, blue, UUID(pupil_id))

    made = (await upload(school, file.content(), f"{system}.csv")).json()
    assert {one["heading"] for one in made["columns"] if one["field"]} == file.recognised
    previewed = await look_through(school, made, date_order=file.order, classes="replace")
    rows = await by_row(school, previewed)

    assert rows[2]["outcome"] == "added"
    assert rows[3]["outcome"] == "updated"
    assert rows[4]["outcome"] == "unchanged", rows[4]
    changed = {one["field"]: (one["before"], one["after"]) for one in rows[3]["changes"]}
    fields = {one["field"] for one in made["columns"]}
    expected = {"middle_names": (None, "Jo"), "year_group": ("Year 2", "Year 3")}
    assert changed == {name: pair for name, pair in expected.items() if name in fields}
    assert rows[5]["outcome"] == "rejected"
    [fault] = rows[5]["faults"]
    column = next(one for one in made["columns"] if one["field"] == "upn")
    assert fault["column"] == f"{letter(column['column'])}, UPN"
    assert "the check letter, is B" in fault["detail"]
    assert "must be A" in fault["detail"]
    assert rows[6]["outcome"] == ("added" if file.dated else "rejected")
    assert sum(previewed["counts"][name] for name in COUNTED) == previewed["rows"] == 5

    answer = await confirm(school, previewed)
    assert answer.status_code == 200, answer.text
    [new] = (await school.get("/pupils", search=NEW))["items"]
    child = CHILDREN[0]
    assert (new["legal_forename"], new["legal_surname"]) == (child.forename, child.surname)
    assert new["date_of_birth"] == (f"{child.born}" if file.dated else None)
    assert new["year_group"] == ("3" if "year_group" in fields else None)
    in_class = ["3 Blue"] if "class_name" in fields else []
    assert [group["name"] for group in new["groups"]] == in_class
    whole = await school.get(f"/pupils/{new['id']}")
    for name, value in OPTIONAL_VALUES.items():
        assert whole[name] == (value if name in file.keeps else None)


OPTIONAL_VALUES = {"free_school_meals": True, "first_language": "WEL", "sen_provision": "K"}
COUNTED = ("added", "updated", "unchanged", "rejected")


class TestTheTemplate:
    async def test_as_csv_is_known_and_its_example_is_not_imported(
        self, school: SchoolInTest
    ) -> None:
        answer = await school.by_hand("GET", "/pupil-imports/template", form="csv")
        assert answer.content.startswith(b"\xef\xbb\xbf")
        made = (await upload(school, answer.content)).json()
        assert all(one["field"] for one in made["columns"])
        previewed = await look_through(school, made, make_classes=True)
        rows = await by_row(school, previewed)
        assert rows[2]["outcome"] == "rejected"
        assert "example" in rows[2]["faults"][0]["detail"]
        assert previewed["counts"]["added"] == 0

    async def test_as_a_workbook_has_nothing_to_import_before_it_is_filled_in(
        self, school: SchoolInTest
    ) -> None:
        answer = await school.by_hand("GET", "/pupil-imports/template")
        assert problem_of(await upload(school, answer.content, "t.xlsx")) == (422, "file-no-rows")

    async def test_has_the_optional_fields_that_the_school_keeps(
        self, school: SchoolInTest
    ) -> None:
        async def headings() -> str:
            answer = await school.by_hand("GET", "/pupil-imports/template", form="csv")
            return answer.content.decode("utf-8-sig").splitlines()[0]

        assert "Ethnicity" not in await headings()
        await keeps(school, frozenset({"ethnicity", "in_care"}))
        assert (await headings()).endswith("Class,Ethnicity,In care")
