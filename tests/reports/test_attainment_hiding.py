"""No count of a group of fewer than five follows from what a reader gets (R26)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.reports.attainment.hiding import FEWEST, Parts, Pieces, cut_in_order, pinned_down
from tests.reports.figures_model import SIDES, TERMS, FiguresModel, Where, schools
from tests.roster.door import Door, SchoolInTest

Table = frozenset[int]
"""Who counts in it, by their places."""


def rank(tables: Iterable[Table]) -> int:
    """How many of them say something that does not follow from the others by sums."""
    columns = sorted({place for table in tables for place in table})
    lines = [[Fraction(place in table) for place in columns] for table in tables]
    found = 0
    for column in range(len(columns)):
        pivot = next((line for line in lines[found:] if line[column]), None)
        if pivot is None:
            continue
        lines.remove(pivot)
        lines.insert(found, pivot)
        for place, line in enumerate(lines):
            if place != found and line[column]:
                factor = line[column] / pivot[column]
                lines[place] = [a - factor * b for a, b in zip(line, pivot, strict=True)]
        found += 1
    return found


def shorter(tables: Sequence[Table]) -> list[Table]:
    """The same with one pupil for all who are in the same tables: sums cannot part these."""
    alike: dict[tuple[bool, ...], int] = {}
    for place in sorted({place for table in tables for place in table}):
        alike.setdefault(tuple(place in table for table in tables), place)
    kept = frozenset(alike.values())
    return [table & kept for table in tables]


def follows(shown: Sequence[Table], hidden: Table) -> bool:
    *known, asked = shorter([*shown, hidden])
    return rank(known) == rank([*known, asked])


def worked_out(shown: Iterable[Table], most: int = 400) -> set[Table]:
    """What comes of taking shown tables from each other and adding them up, again and again."""
    found, new = set(shown), set(shown)
    while new and len(found) < most:
        new = {
            made
            for one, other in ((a, b) for a in found for b in new)
            for made in ((one - other,) if other < one else ())
            + ((one | other,) if not one & other else ())
        } - found
        found |= new
    return found


def small(parts: Parts, table: Table) -> bool:
    return any(part.bit_count() < FEWEST for part in parts.within(bits(table)))


def bits(table: Iterable[int]) -> int:
    return sum(1 << place for place in table)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Parts, list[Table]]:
    """A school, its year groups, classes in these and groups across them, in any order."""
    everyone = range(draw(st.integers(10, 60)))
    those = frozenset(draw(st.sets(st.sampled_from(everyone))))
    years = [frozenset(one for one in everyone if one % 3 == year) for year in range(3)]
    classes = [
        frozenset(one for one in year if one % 2 == half) for year in years for half in (0, 1)
    ]
    across = draw(st.lists(st.frozensets(st.sampled_from(everyone), min_size=1), max_size=4))
    order = draw(st.permutations([*years, *classes, *across]))
    parts = Parts(bits(those), bits(everyone) & ~bits(those))
    return parts, [frozenset(everyone), *order]


@settings(max_examples=150)
@given(asked=tables())
def test_no_sum_of_shown_tables_is_a_small_group(asked: tuple[Parts, list[Table]]) -> None:
    parts, everything = asked
    pieces = cut_in_order(bits(everything[0]), parts, map(bits, everything))
    shown = [table for table in everything if pieces.show(bits(table))]
    for table in worked_out(shown):
        assert not small(parts, table)
    for table in everything:
        if table not in shown:
            assert not follows(shown, table)


def test_two_halves_are_shown_and_a_small_half_hides_its_other() -> None:
    parts = Parts(bits(range(0, 40, 2)), bits(range(1, 40, 2)))
    first, second = bits(range(20)), bits(range(20, 40))
    whole = first | second
    assert all(map(cut_in_order(whole, parts, [whole, first, second]).show, (whole, first, second)))
    large, few = bits(range(34)), bits(range(34, 40))
    pieces = cut_in_order(whole, parts, [whole, large, few])
    assert [pieces.show(table) for table in (whole, large, few)] == [True, False, False]
    nobody_has_it = Parts(0, whole)
    assert not Pieces(whole, nobody_has_it).show(whole)


def test_marks_that_end_where_a_hidden_group_does_hide_the_table() -> None:
    """A year group without marks would be read off the school's `not recorded`."""
    parts = Parts(bits([*range(8), 20, 21]), bits([*range(8, 20), *range(22, 30)]))
    hidden = bits(range(20, 30))
    marked = bits(range(20))
    assert pinned_down(parts, {"band": marked, "none": hidden}, [hidden])
    one_more = {"band": marked & ~1, "none": hidden | 1}
    assert not pinned_down(parts, one_more, [hidden])
    assert not pinned_down(parts, one_more, [bits(range(5, 15))])


class Reader:
    """All that a senior leader is shown of one comparison, and what is hidden from them."""

    def __init__(self, model: FiguresModel, name: str) -> None:
        self.model, self.name = model, name
        self.shown: list[tuple[Table, dict[str, Any]]] = []
        self.hidden: list[Table] = []

    def reads(self, table: Table, row: dict[str, Any]) -> None:
        sides = row["compared"][self.name]
        if sides is None:
            self.hidden.append(table)
        else:
            self.shown.append((table, row))

    def finds_nothing(self) -> None:
        model = self.model
        everyone = frozenset(range(len(model.children)))
        those = frozenset(who for who in everyone if model.side(self.name, who) == 0)
        parts = Parts(bits(those), bits(everyone - those))
        shown = list(dict.fromkeys(table for table, _ in self.shown))
        for table in worked_out(shown):
            assert not small(parts, table)
        for table in set(self.hidden) - set(shown):
            if small(parts, table):
                assert not follows(shown, table)


async def read_all(reports: Door, model: FiguresModel) -> list[Reader]:
    school = SchoolInTest(reports, id=model.school_id)
    slt = school.as_slt()
    readers = [Reader(model, name) for name in SIDES]
    places = {str(one): place for place, one in enumerate(model.subject_ids)}
    everyone = range(len(model.children))

    async def read(path: str, counts: Any, where: Where, **terms: UUID) -> None:
        answer = await school.get(path, headers=slt, **model.query(where), **terms)
        for row in answer["subjects"]:
            subject = places[row["subject_id"]]
            table = frozenset(who for who in everyone if counts(who, subject) is not None)
            for reader in readers:
                reader.reads(table, row)

    for where in model.everywhere():
        for term, term_id in enumerate(model.term_ids):

            def in_term(who: int, subject: int, where: Where = where, term: int = term) -> Any:
                return model.attained(who, where, term, subject)

            await read("/attainment", in_term, where, term_id=term_id)
        for one, other in combinations(range(len(TERMS)), 2):

            def between(
                who: int, subject: int, where: Where = where, one: int = one, other: int = other
            ) -> Any:
                return model.moved(who, where, one, other, subject)

            terms = {"from_term": model.term_ids[one], "to_term": model.term_ids[other]}
            await read("/attainment/progress", between, where, **terms)
    return readers


@settings(max_examples=6)
@given(model=schools())
async def test_nothing_hidden_follows_from_all_that_a_senior_leader_gets(
    reports: Door, model: FiguresModel
) -> None:
    await model.write(reports.admin_dsn)
    readers = await read_all(reports, model)
    for reader in readers:
        reader.finds_nothing()
