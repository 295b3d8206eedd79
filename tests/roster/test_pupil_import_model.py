"""Whatever roll meets whatever file: every row has its result, and nobody is here twice (R10, R11).

What must hold of each plan, said plainly and looked for pupil by pupil; and the same through the
real doors with fewer examples, as far as undoing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.roster.imports.effects import effect_of_pupil, pupil_back
from services.roster.imports.memberships import Memberships
from services.roster.imports.plan import Here, Plan, make_plan
from services.roster.imports.pupil_import import How, PupilImport, StagedRow
from services.roster.imports.roll import Roll
from services.roster.imports.rows import Said, said_by
from services.roster.pupils.pupil import Pupil
from shared.contracts.vocabulary import Origin, YearGroup
from shared.tabular.table import Heading
from tests.roster.door import Door, SchoolInTest
from tests.roster.pupil_imports import confirm, preview, pupils_of, rows_of, undo, upn

HEADINGS = ["UPN", "Former UPN", "Forename", "Surname", "Date of birth", "Year group"]
FIELDS = (
    "upn",
    "former_upns",
    "legal_forename",
    "legal_surname",
    "date_of_birth",
    "year_group",
)
UPNS = [upn(serial) for serial in range(1, 6)]
BORN = ["", "01/02/2018", "03/04/2018"]
FORENAMES, SURNAMES = ["Jo", "Jó", "Al"], ["Hall", "Hill"]


@st.composite
def rolls(draw: st.DrawFn) -> list[Pupil]:
    """Pupils of whom no two have a number in common, or the same name and date of birth."""
    numbers = draw(st.permutations(UPNS))
    pupils = []
    for place in range(draw(st.integers(0, 4))):
        former = draw(st.booleans()) and place == 0
        pupils.append(
            Pupil(
                id=UUID(int=place + 1),
                version=1,
                active=draw(st.booleans()),
                upn=draw(st.sampled_from([None, numbers[place], numbers[place]])),
                former_upns=(numbers[4],) if former else (),
                legal_forename=draw(st.sampled_from(["Jo", "Al"])),
                legal_surname=draw(st.sampled_from(SURNAMES)),
                date_of_birth=draw(st.sampled_from([None, date(2018, 2, 1), date(2018, 4, 3)])),
                year_group=draw(st.sampled_from([None, YearGroup.Y3])),
                origin=Origin.HAND,
                overrides=draw(st.sampled_from([(), ("year_group",)])),
            )
        )
    return [p for n, p in enumerate(pupils) if not any(maybe_same(p, q) for q in pupils[:n])]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", *UPNS, "nonsense"]),
        st.sampled_from(["", "", *UPNS]),
        st.sampled_from(["", *FORENAMES]),
        st.sampled_from(["", *SURNAMES]),
        st.sampled_from(BORN),
        st.sampled_from(["", "3", "Reception"]),
    ).filter(any),
    min_size=1,
    max_size=6,
)
HOWS = st.builds(
    How,
    scope=st.sampled_from(["partial", "full"]),
    date_order=st.just("dmy"),
    same_pupils=st.booleans(),
    keep_over_mis=st.booleans(),
)


def plan_of(pupils: list[Pupil], rows: list[tuple[str, ...]], how: How) -> tuple[Plan, list[Said]]:
    wanted = PupilImport(
        import_id=UUID(int=1),
        school_id=UUID(int=2),
        file_name="pupils.csv",
        made_at=None,  # type: ignore[arg-type]  # nobody asks how old it is
        headings=tuple(Heading(n, text) for n, text in enumerate(HEADINGS)),
        columns=dict(enumerate(FIELDS)),
        how=how,
    )
    today = date(2026, 11, 24)
    said = [said_by(StagedRow(n, cells), wanted, today) for n, cells in enumerate(rows, 2)]
    here = Here(Roll.of(pupils), Memberships([], []), "2026/27", "24 November 2026")
    return make_plan(said, here, how), said


def applied(pupils: list[Pupil], plan: Plan) -> dict[UUID, Pupil]:
    return {p.id: p for p in pupils} | {after.id: after for _, after in plan.pupils}


def numbers_of(pupil: Pupil) -> set[str]:
    return {pupil.upn or "", *pupil.former_upns} - {""}


def name_of(pupil: Pupil) -> tuple[str, str]:
    return pupil.legal_forename.replace("ó", "o"), pupil.legal_surname


def maybe_same(one: Pupil, other: Pupil) -> bool:
    """Whether anybody would say that these two are one child."""
    if numbers_of(one) & numbers_of(other):
        return True
    if name_of(one) != name_of(other):
        return False
    if one.date_of_birth and other.date_of_birth:
        return one.date_of_birth == other.date_of_birth
    return not (one.upn and other.upn)


@settings(max_examples=150)
@given(pupils=rolls(), rows=ROWS, how=HOWS)
def test_by_the_rules(pupils: list[Pupil], rows: list[tuple[str, ...]], how: How) -> None:
    plan, said = plan_of(pupils, rows, how)
    before, after = {p.id: p for p in pupils}, applied(pupils, plan)
    counts = plan.counts()
    kinds = ("added", "updated", "unchanged", "rejected")
    assert [one.result.number for one in plan.results[: len(rows)]] == [s.number for s in said]
    assert sum(counts[kind] for kind in kinds) == len(rows)
    assert len(plan.results) == len(rows) + counts["made_inactive"]
    assert len(after) == len(before) + counts["added"], "nobody is lost (R6)"

    taken = [one.result for one in plan.results if one.outcome in ("updated", "unchanged")]
    assert len({result.pupil_id for result in taken}) == len(taken), "no row twice"
    for one, other in combinations(after.values(), 2):
        if one.id not in before or other.id not in before:
            assert not maybe_same(one, other), "no pupil twice"
    numbers = [pupil.upn for pupil in after.values() if pupil.upn]
    assert len(numbers) == len(set(numbers)), "a UPN is one pupil's (R11)"

    gone = {one.result.pupil_id for one in plan.results if one.outcome == "made_inactive"}
    updated = {one.result.pupil_id for one in plan.results if one.outcome == "updated"}
    for pupil_id, was in before.items():
        now = after[pupil_id]
        assert (now != was) == (pupil_id in gone | updated), "nobody else is touched"
        assert numbers_of(was) <= numbers_of(now), "UPNs are kept (R11)"
        assert set(was.overrides) <= set(now.overrides), "what was set by hand stays marked (R13)"
        mentioned = pupil_id in {result.pupil_id for result in taken} or any(
            {row.upn, *row.former_upns} & numbers_of(was) or as_written(row) == name_of(was)
            for one, row in zip(plan.results, said, strict=False)
            if one.outcome == "rejected"
        )
        if how.scope == "partial" or mentioned or not was.active:
            assert pupil_id not in gone
        else:
            assert pupil_id in gone
    look_at_values(plan, said, after, how)


def as_written(said: Said) -> tuple[str, str]:
    forename, surname = (said.values.get(f"legal_{part}", "") for part in ("forename", "surname"))
    return forename.replace("ó", "o"), surname


def look_at_values(plan: Plan, said: list[Said], after: dict[UUID, Pupil], how: How) -> None:
    """What a row says stands afterwards; what it does not say was not taken away."""
    added = iter(now for was, now in plan.pupils if was is None)
    for result, row in zip((one.result for one in plan.results), said, strict=False):
        if result.outcome == "rejected":
            assert result.faults
            continue
        pupil = next(added) if result.outcome == "added" else after[result.pupil_id or UUID(int=0)]
        assert pupil.active
        assert all(getattr(pupil, f) == v for f, v in row.values.items() if f != "upn")
        assert {*row.former_upns, *([row.upn] if row.upn else [])} <= numbers_of(pupil)
        assert result.probable <= how.same_pupils


@settings(max_examples=100)
@given(pupils=rolls(), rows=ROWS, how=HOWS)
def test_the_same_file_again_changes_nothing(
    pupils: list[Pupil], rows: list[tuple[str, ...]], how: How
) -> None:
    """A row that was rejected may be fine by then: another has given a UPN to its namesake."""
    how = replace(how, same_pupils=True)
    first, _ = plan_of(pupils, rows, how)
    again, _ = plan_of(list(applied(pupils, first).values()), rows, how)
    fate = {one.place: one.outcome for one in again.results}
    rejected = {one.place for one in first.results if one.outcome == "rejected"}
    for one in first.results:
        if one.result.number and one.place not in rejected:
            assert fate[one.place] == "unchanged"
    if all(fate[place] == "rejected" for place in rejected):
        assert (again.counts()["added"], again.counts()["made_inactive"]) == (0, 0)


@settings(max_examples=100)
@given(pupils=rolls(), rows=ROWS, how=HOWS, touched=st.sets(st.integers(0, 5)))
def test_undoing_puts_back_all_that_is_as_it_was_left(
    pupils: list[Pupil], rows: list[tuple[str, ...]], how: How, touched: set[int]
) -> None:
    """R10. Somebody changes some of the year groups by hand in between."""
    plan, _ = plan_of(pupils, rows, how)
    now = applied(pupils, plan)
    for place, (_, left) in enumerate(plan.pupils):
        if place in touched:
            now[left.id] = replace(left, year_group=YearGroup.Y6).overriding("year_group")
    holders = {pupil.upn: pupil.id for pupil in now.values() if pupil.upn}
    for was, left in plan.pupils:
        pupil = now[left.id]
        back, stays = pupil_back(effect_of_pupil(was, left), pupil, holders)
        if was is None:
            assert (back.active, stays) == (False, [])
            assert (
                replace(back, active=True, active_reason=None, overrides=pupil.overrides) == pupil
            )
        elif pupil == left:
            assert replace(back, version=was.version) == was
        else:
            moved = was.year_group != left.year_group
            assert [change.field for change in stays] == (["year_group"] if moved else [])
            assert (
                replace(
                    back,
                    year_group=was.year_group,
                    overrides=was.overrides,
                    version=was.version,
                )
                == was
            )


@settings(max_examples=4)
@given(pupils=rolls(), rows=ROWS, how=HOWS)
async def test_through_the_doors(
    door: Door, pupils: list[Pupil], rows: list[tuple[str, ...]], how: How
) -> None:
    """Confirmed, every pupil is as the preview said; undone, everybody is as before."""
    school = SchoolInTest(door)
    await school.is_heard_of()
    for pupil in pupils:
        await add(school, pupil)
    before = await pupils_of(school, by="id")
    made = await preview(
        school,
        rows,
        HEADINGS,
        scope=how.scope,
        same_pupils=how.same_pupils,
        keep_over_mis=how.keep_over_mis,
    )
    counts = made["counts"]
    assert made["rows"] == sum(counts[k] for k in ("added", "updated", "unchanged", "rejected"))
    shown = await rows_of(school, made)
    assert await pupils_of(school, by="id") == before, "nothing is written before"
    answer = await confirm(school, made, make_many_inactive=True)
    changes = counts["added"] + counts["updated"] + counts["made_inactive"]
    assert answer.status_code == (200 if changes else 409), answer.text
    after = await pupils_of(school, by="id")
    assert len(after) == len(before) + counts["added"]
    told = [p for e in await school.told("roster.pupils.changed.v1") for p in e["data"]["pupils"]]
    assert len(told) == len({(p["id"], p["version"]) for p in told}), "each version once"
    touched = {r["pupil_id"] for r in shown if r["outcome"] in ("updated", "made_inactive")}
    for pupil_id, was in before.items():
        assert (after[pupil_id] != was) == (pupil_id in touched)
    if not changes:
        return
    answer = await undo(school, made)
    assert answer.status_code == 200, answer.text
    assert answer.json()["undone"]["changed_since"] == 0
    undone = await pupils_of(school, by="id")
    for one, now in undone.items():
        if one in before:
            assert without_version(now) == without_version(before[one])
        else:
            assert not now["active"]


async def add(school: SchoolInTest, pupil: Pupil) -> None:
    """By hand; inactive ones become so afterwards. Former numbers come by changing the number."""
    first = pupil.former_upns[0] if pupil.former_upns else pupil.upn
    body: dict[str, Any] = {
        "upn": first,
        "legal_forename": pupil.legal_forename,
        "legal_surname": pupil.legal_surname,
        "date_of_birth": pupil.date_of_birth and pupil.date_of_birth.isoformat(),
        "year_group": pupil.year_group,
    }
    answer = await school.by_hand("POST", "/pupils", body)
    assert answer.status_code == 201, answer.text
    change: dict[str, Any] = {"expected_version": 1}
    if first != pupil.upn:
        change["upn"] = pupil.upn
    if not pupil.active:
        change["active"] = False
    if len(change) > 1:
        answer = await school.by_hand("PATCH", f"/pupils/{answer.json()['id']}", change)
        assert answer.status_code == 200, answer.text


def without_version(pupil: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in pupil.items() if name != "version"}
