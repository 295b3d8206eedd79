"""All that a senior leader can read of a school, against the same counted pupil by pupil (R26)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import event, given, settings

from services.reports.attainment.hiding import Parts
from tests.reports.figures_model import SIDES, TERMS, FiguresModel, Where, schools
from tests.reports.sums import Table, bits, follows, small, worked_out
from tests.roster.door import Door, SchoolInTest

Outcomes = dict[int, int | str]
"""Who counts in a table → what is counted of them."""


class Reader:
    """All that a senior leader is shown of one comparison, and what is hidden from them."""

    def __init__(self, model: FiguresModel, name: str) -> None:
        everyone = frozenset(range(len(model.children)))
        those = frozenset(who for who in everyone if model.side(name, who) == 0)
        self.name = name
        self.parts = Parts(bits(those), bits(everyone - those))
        self.sides = (those, everyone - those)
        self.shown: list[tuple[Any, Outcomes]] = []
        self.hidden: list[tuple[Any, Outcomes]] = []

    def reads(self, what: Any, outcomes: Outcomes, row: dict[str, Any]) -> None:
        """`what`: the subject and terms that the table is of."""
        (self.hidden if row["compared"][self.name] is None else self.shown).append((what, outcomes))

    def finds_nothing(self) -> None:
        shown = list(dict.fromkeys(frozenset(outcomes) for _, outcomes in self.shown))
        for table in worked_out(shown):
            assert not small(self.parts, table)
        for what, outcomes in self.hidden:
            table = frozenset(outcomes)
            if table in shown or not small(self.parts, table):
                continue
            assert not follows(shown, table)
            for other, wider in self.shown:
                if what == other and table < frozenset(wider):
                    assert not self.counted_out(wider, table)

    def counted_out(self, wider: Outcomes, table: Table) -> bool:
        """Whether one shown table and the totals of both leave one number for the smaller."""
        least = most = 0
        for outcome in set(wider.values()):
            whole = frozenset(who for who, had in wider.items() if had == outcome)
            ours, mine = len(whole & table), len(whole & self.sides[0])
            least += max(0, mine - len(whole - table))
            most += min(ours, mine)
        return least == most


def attained(figures: dict[str, Any]) -> Counter[Any]:
    bands: dict[Any, int] = {place: one["pupils"] for place, one in enumerate(figures["bands"])}
    return +Counter(bands | {"none": figures["not_recorded"]["pupils"]})


def moved(figures: dict[str, Any]) -> Counter[Any]:
    steps = {step: figures[step]["pupils"] for step in ("up", "same", "down")}
    return +Counter({**steps, "none": figures["not_compared"]["pupils"]})


def agrees(reader: Reader, outcomes: Outcomes, row: dict[str, Any], read: Any) -> None:
    """The row's total, and its sides where they are shown, are those of the pupils' outcomes."""
    assert read(row["total"]) == Counter(outcomes.values())
    assert row["total"]["pupils"] == len(outcomes)
    for side, mine in zip(row["compared"][reader.name] or (), reader.sides, strict=False):
        counted = [outcome for who, outcome in outcomes.items() if who in mine]
        assert read(side) == Counter(counted)
        assert side["pupils"] == len(counted) >= 5


Counts = Callable[[int, Where, int], Any]
"""What is counted of a child in a place and a subject; `None` where they do not count."""


async def read_all(reports: Door, model: FiguresModel) -> list[Reader]:
    """Each table that there is, compared with the model on the way."""
    school = SchoolInTest(reports, id=model.school_id)
    slt = school.as_slt()
    readers = [Reader(model, name) for name in SIDES]

    async def table(path: str, read: Any, counts: Counts, where: Where, **terms: UUID) -> None:
        answer = await school.get(path, headers=slt, **model.query(where), **terms)
        rows = {row["subject_id"]: row for row in answer["subjects"]}
        for subject, subject_id in enumerate(map(str, model.subject_ids)):
            found = {who: counts(who, where, subject) for who in range(len(model.children))}
            outcomes = {who: had for who, had in found.items() if had is not None}
            if subject_id not in rows:
                assert not outcomes
                continue
            for reader in readers:
                agrees(reader, outcomes, rows[subject_id], read)
                reader.reads((subject, *terms.values()), outcomes, rows[subject_id])

    for where in model.everywhere():
        for term, term_id in enumerate(model.term_ids):
            counts = model.in_term(term)
            await table("/attainment", attained, counts, where, term_id=term_id)
        for one, other in combinations(range(len(TERMS)), 2):
            terms = {"from_term": model.term_ids[one], "to_term": model.term_ids[other]}
            counts = model.between(one, other)
            await table("/attainment/progress", moved, counts, where, **terms)
    return readers


@pytest.mark.timeout(900)
@settings(max_examples=6)
@given(model=schools())
async def test_figures_are_those_of_the_pupils_and_tell_of_no_small_group(
    reports: Door, model: FiguresModel
) -> None:
    await model.write(reports.admin_dsn)
    readers = await read_all(reports, model)
    for reader in readers:
        reader.finds_nothing()
    event("shown" if any(reader.shown for reader in readers) else "all hidden")
