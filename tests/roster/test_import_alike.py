"""Rows that are judged by the column come to what each comes to when it is looked at alone (R10).

The rules are those of `plan` and `rows`, row by row; here every file goes both ways.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.roster.fields.field import OPTIONAL_FIELDS
from services.roster.imports.cells import read_cells
from services.roster.imports.effects import effect_of_added
from services.roster.imports.kept_results import fingerprint_of
from services.roster.imports.memberships import Memberships
from services.roster.imports.plan import Here, Plan, make_plan, plan_file
from services.roster.imports.prepared import Part, Prepared, prepared
from services.roster.imports.pupil_import import How, PupilImport, StagedRow
from services.roster.imports.roll import Roll
from services.roster.imports.rows import said_by
from services.roster.imports.usual import BETWEEN, NOTHING
from services.roster.pupils.pupil import OVERRIDABLE, Pupil
from services.roster.pupils.repository import row_of
from shared.contracts.vocabulary import Origin, Sex, YearGroup
from shared.school.upn import check_upn, sound_upns
from shared.tabular.table import Heading
from tests.roster.pupil_imports import upn

TODAY = date(2026, 11, 24)
FIELDS = (
    *("upn", "former_upns", "legal_forename", "legal_surname", "preferred_forename"),
    *("date_of_birth", "sex", "year_group", "ethnicity", "pupil_premium"),
)
UPNS = [upn(serial) for serial in range(1, 8)]
FORENAMES = ["Jo", "Zoë", "Zoe\u0308", " Jo ", "Jo  Al", "'Jo", "O’Neill", 'J"o\\', "a\tb", "100%s"]
FORENAMES += ["#N/A", "#1", "x" * 201, "a\x07b", "⟦upn⟧", "\u2028"]
USUAL = {
    "upn": UPNS,
    "former_upns": [""],
    "legal_forename": ["Jo", "Al", "Jo", "Zoë", 'J"o'],
    "legal_surname": ["Hall", "Hill", "O’Neill"],
    "preferred_forename": ["", "", "Jojo", "Al"],
    "date_of_birth": ["01/02/2018", "2018-02-01", "03/04/2018", "5/6/2016", ""],
    "sex": ["F", "female", "M", ""],
    "year_group": ["3", "Year 3", "4", "R", ""],
    "ethnicity": ["WBRI", "White Irish", ""],
    "pupil_premium": ["Yes", "no", ""],
}
"""Field → what its cells hold in most lists."""
ODD = {
    "upn": [f" {UPNS[0].lower()} ", "A000000000000", "B801200000001", "9", ""],
    "former_upns": [UPNS[0], f"{UPNS[1]}; {UPNS[2]}", "x"],
    "legal_forename": FORENAMES,
    "legal_surname": FORENAMES,
    "date_of_birth": ["31/31/2018", "1/2/18", "1/2/2030", "#REF!", "1 Feb 2018"],
    "sex": ["?"],
    "year_group": ["20"],
    "ethnicity": ["x"],
    "pupil_premium": ["perhaps"],
}


@st.composite
def files(draw: st.DrawFn) -> list[tuple[str, ...]]:
    """Most rows are as most rows are; a whole column may be empty."""
    empty = draw(st.sets(st.sampled_from(FIELDS[2:]), max_size=3))
    rows = []
    for _ in range(draw(st.integers(1, 7))):
        row = {name: draw(st.sampled_from(USUAL[name])) for name in FIELDS if name not in empty}
        if not draw(st.integers(0, 4)):
            name = draw(st.sampled_from(sorted(ODD)))
            row[name] = draw(st.sampled_from(ODD[name]))
        rows.append(tuple(row.get(name, "") for name in FIELDS))
    return rows


meanings = st.builds(
    How,
    scope=st.sampled_from(["partial", "full"]),
    date_order=st.just("dmy"),
    same_pupils=st.booleans(),
    keep_over_mis=st.booleans(),
)


@st.composite
def rolls(draw: st.DrawFn) -> list[Pupil]:
    """Pupils as they may be, of whom no two have one UPN."""
    gone, numberless, renumbered = (draw(st.integers(-4, 5)) for _ in range(3))
    forenames = draw(st.sampled_from([[None, "Jojo"]] * 9 + [["A\x1fB"]]))
    return [
        Pupil(
            id=UUID(int=place + 1),
            version=draw(st.integers(1, 3)),
            active=place != gone,
            upn=None if place == numberless else number,
            former_upns=(UPNS[6],) if place == renumbered else (),
            legal_forename=draw(st.sampled_from(["Jo", "Al", 'J"o'])),
            legal_surname=draw(st.sampled_from(["Hall", "Hill", "O’Neill"])),
            preferred_forename=draw(st.sampled_from(forenames)),
            preferred_surname=draw(st.sampled_from([None, None, "Hill"])),
            middle_names=draw(st.sampled_from([None, "Mary"])),
            date_of_birth=draw(st.sampled_from([date(2018, 2, 1), date(2018, 2, 1), None])),
            sex=draw(st.sampled_from([None, *Sex])),
            year_group=draw(st.sampled_from([None, YearGroup.Y3, YearGroup.Y4])),
            year_offset=draw(st.sampled_from([0, 0, 1])),
            ethnicity=draw(st.sampled_from([None, "WBRI"])),
            pupil_premium=draw(st.sampled_from([None, True, False])),
            origin=Origin.MIS,
            overrides=draw(st.sampled_from([(), (), ("legal_surname",), ("in_care", "sex")])),
            seen_in_mis=True,
        )
        for place, number in enumerate(UPNS[: draw(st.integers(0, 6))])
    ]


def wanted(how: How) -> PupilImport:
    return PupilImport(
        import_id=UUID(int=1),
        school_id=UUID(int=2),
        file_name="pupils.csv",
        made_at=None,  # type: ignore[arg-type]  # nobody asks how old it is
        headings=tuple(Heading(place, name) for place, name in enumerate(FIELDS)),
        columns=dict(enumerate(FIELDS)),
        how=how,
    )


@given(st.lists(st.sampled_from([*UPNS, *ODD["upn"], "A8012000000011", "H801200001001"])))
def test_a_column_of_upns_is_as_sound_as_each(texts: list[str]) -> None:
    """R11."""
    checks = map(check_upn, texts)
    one_by_one = [one.normalised if one.valid and not one.warnings else None for one in checks]
    assert sound_upns(texts) == one_by_one


@settings(max_examples=100)
@given(rows=files(), surplus=st.booleans())
def test_columns_say_what_rows_say(rows: list[tuple[str, ...]], surplus: bool) -> None:
    this = wanted(How(date_order="dmy"))
    staged = [(number, cells, surplus and number == 2) for number, cells in enumerate(rows, 2)]
    cells = read_cells(staged, this, TODAY)
    for place, row in enumerate(staged):
        alone = said_by(StagedRow(*row), this, TODAY)
        said = {name: column[place] for name, column in cells.values.items()}
        more = alone.faults or alone.notes or alone.former_upns or alone.classes
        if place in cells.odd:
            assert more or row[2] or row[1][FIELDS.index("former_upns")]
        else:
            assert not more
            assert alone.values == {
                name: value for name, value in said.items() if value is not None
            }


@settings(max_examples=150)
@given(
    pupils=rolls(),
    rows=files(),
    how=meanings,
    kept=st.sampled_from([frozenset(), frozenset(OPTIONAL_FIELDS)]),
    most=st.sampled_from([1, 20]),
)
def test_rows_that_are_alike_come_to_what_each_comes_to(
    pupils: list[Pupil],
    rows: list[tuple[str, ...]],
    how: How,
    kept: frozenset[str],
    most: int,
) -> None:
    """R10, R11, R12, R13: what is shown, counted, written, told, logged and undone."""
    this = wanted(how)
    staged = [(number, cells, False) for number, cells in enumerate(rows, 2)]
    here = Here(Roll.of(pupils), Memberships([], []), "2026/27", "24 November 2026")
    plan = plan_file(staged, this, here, TODAY, most)
    alone = make_plan([said_by(StagedRow(*row), this, TODAY) for row in staged], here, how)
    for ask in (Plan.counts, Plan.changing, Plan.raised):
        assert ask(plan) == ask(alone)
    made, made_alone = (prepared(one, here, how, kept) for one in (plan, alone))
    assert fingerprint_of(made.results) == fingerprint_of(made_alone.results)
    assert [one.outcomes for one in made.results] == [one.outcomes for one in made_alone.results]
    roll = {str(pupil.id): pupil for pupil in pupils}
    assert done(made, roll) == done(made_alone, roll)


def done(made: Prepared, roll: Mapping[str, Pupil]) -> dict[str, Any]:
    """By pupil, what is written, told, logged and kept; somebody new is known by all but the id."""
    added = {str(pupil_id) for one in made.results for pupil_id in one.added}
    found: dict[str, Any] = {}
    new: list[Any] = []
    for part in made.parts:
        for one in zip(*columns_of(part, roll), strict=True):
            pupil_id = one[0]["id"]
            if pupil_id in added:
                new.append(json.loads(json.dumps(one, sort_keys=True).replace(pupil_id, "new")))
            else:
                assert pupil_id not in found, "once"
                found[pupil_id] = one
    assert len(new) == len(added)
    return found | {"new": sorted(new, key=json.dumps)}


def columns_of(part: Part, roll: Mapping[str, Pupil]) -> list[Sequence[Any]]:
    states, entries = json.loads(part.states), json.loads(part.entries)
    if not part.carried:
        rows = [as_text(row) for row in json.loads(part.rows)]
        return [states, rows, entries, json.loads(part.effects)]
    columns = [text.split(BETWEEN) for text in part.cells]
    assert {len(column) for column in columns} == {part.size}
    rows = []
    for cells in zip(*columns, strict=True):
        row = dict(zip(part.carried, cells, strict=True))
        before = as_text(row_of(roll[row["id"]])) if row["id"] in roll else OF_NEW
        rows.append({k: v for k, v in {**before, **row}.items() if v != NOTHING})
    effects = json.loads(part.effects)
    if part.kind == "new_pupil":
        effects = [effect_of_added(row["id"]) for row in rows]
    return [states, rows, entries, effects]


OF_NEW = {
    **{"version": "1", "active": "True", "former_upns": "{}", "year_offset": "0"},
    **{"origin": "import", "overrides": "{}", "seen_in_mis": "False"},
}


def as_text(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: f"{{{','.join(value)}}}" if isinstance(value, list | tuple) else str(value)
        for name, value in row.items()
    }


@pytest.mark.parametrize("count", [1, 2, 501])
def test_all_of_a_list_are_alike(count: int) -> None:
    """So that it is the columns that are tried above, and not the rows."""
    how = How(date_order="dmy")
    day = [f"{n % 28 + 1:02d}/{n // 28 % 12 + 1:02d}/{2016 + n // 336}" for n in range(count)]
    rows = [
        (n + 2, (upn(n + 1), "", "Jo", f"Hall{n}", "", day[n], "F", "3", "WBRI", "yes"), False)
        for n in range(count)
    ]
    here = Here(Roll.of([]), Memberships([], []), "2026/27", "24 November 2026")
    plan = plan_file(rows, wanted(how), here, TODAY)
    assert (plan.results, plan.pupils) == ([], [])
    assert plan.counts()["added"] == count
    made = prepared(plan, here, how, frozenset(OVERRIDABLE))
    assert [part.kind for part in made.parts] == ["new_pupil"] * (1 + count // 501)


@pytest.mark.parametrize("preferred", [None, "Jojo"])
def test_who_stays_as_they_are_is_named_as_they_are(preferred: str | None) -> None:
    """R10: where the file says nothing of the preferred names, and nothing changes."""
    how, born = How(date_order="dmy"), date(2018, 2, 1)
    pupil = Pupil(
        id=UUID(int=1),
        upn=UPNS[0],
        legal_forename="Jo",
        legal_surname="Hall",
        preferred_forename=preferred,
        date_of_birth=born,
        origin=Origin.MIS,
    )
    cells = (UPNS[0], "", "Jo", "Hall", "", "01/02/2018", "", "", "", "")
    here = Here(Roll.of([pupil]), Memberships([], []), "2026/27", "24 November 2026")
    plan = plan_file([(2, cells, False)], wanted(how), here, TODAY)
    assert plan.results == [], "it is told with those that are alike"
    made = prepared(plan, here, how, frozenset(OVERRIDABLE))
    assert [(place, outcome, said["name"]) for place, outcome, said in told(made)] == [
        (2, "unchanged", pupil.name)
    ]


def told(made: Prepared) -> list[tuple[int, str, dict[str, Any]]]:
    return [tuple(row) for one in made.results for row in json.loads(one.results)]


def test_no_row_is_usual_where_a_name_holds_what_columns_are_parted_by() -> None:
    """Such a name is carried with the others of its column, where one of them changes."""
    common = {"version": 1, "legal_surname": "Hall", "origin": Origin.MIS}
    pupils = [
        Pupil(id=UUID(int=n), upn=UPNS[n], legal_forename=f"Jo{n}", **common)  # type: ignore[arg-type]
        for n in range(2)
    ]
    pupils[0] = pupils[0].having({"preferred_forename": f"A{BETWEEN}B"})
    rows = [
        (n + 2, (UPNS[n], "", "", "Hill", preferred, f"0{n + 1}/02/2018", "", "", "", ""), False)
        for n, preferred in enumerate(["", "Al"])
    ]
    how = How(date_order="dmy")
    here = Here(Roll.of(pupils), Memberships([], []), "2026/27", "24 November 2026")
    plan = plan_file(rows, wanted(how), here, TODAY)
    assert (plan.alike, len(plan.pupils)) == ({}, 2)
