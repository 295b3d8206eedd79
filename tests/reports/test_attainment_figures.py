"""Figures of attainment and progress, against the same school counted pupil by pupil (R26)."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

from hypothesis import given, settings

from tests.reports.figures_model import SUBJECTS, TERMS, FiguresModel, Where, schools
from tests.roster.door import Door, SchoolInTest


async def rows(
    reports: Door, model: FiguresModel, path: str, **query: Any
) -> dict[str, dict[str, Any]]:
    """Subject → its row, as a senior leader is answered."""
    school = SchoolInTest(reports, id=model.school_id)
    answer = await school.get(path, headers=school.as_slt(), **query)
    return {row["subject_id"]: row for row in answer["subjects"]}


def attained(figures: dict[str, Any]) -> Counter[int | str]:
    bands = {place: share["pupils"] for place, share in enumerate(figures["bands"])}
    return +Counter({**bands, "none": figures["not_recorded"]["pupils"]})


def moved(figures: dict[str, Any]) -> Counter[int | str]:
    steps = {step: figures[step]["pupils"] for step in ("up", "same", "down")}
    return +Counter({**steps, "none": figures["not_compared"]["pupils"]})


def agrees(
    model: FiguresModel,
    row: dict[str, Any] | None,
    outcomes: list[int | str | None],
    read: Any,
) -> None:
    """The row's total and each of its sides that is shown are those of the pupils' outcomes."""
    counted = [who for who, outcome in enumerate(outcomes) if outcome is not None]
    if row is None:
        assert not counted
        return
    assert read(row["total"]) == Counter(outcomes[who] for who in counted)
    assert row["total"]["pupils"] == len(counted)
    for name, sides in row["compared"].items():
        for place, side in enumerate(sides or ()):
            mine = [who for who in counted if model.side(name, who) == place]
            assert read(side) == Counter(outcomes[who] for who in mine)
            assert side["pupils"] == len(mine) >= 5


async def check_attainment(reports: Door, model: FiguresModel, where: Where, term: int) -> None:
    query = {**model.query(where), "term_id": model.term_ids[term]}
    answered = await rows(reports, model, "/attainment", **query)
    for subject in range(len(SUBJECTS)):
        outcomes = [model.attained(who, where, term, subject) for who in range(len(model.children))]
        agrees(model, answered.get(str(model.subject_ids[subject])), outcomes, attained)


async def check_progress(
    reports: Door, model: FiguresModel, where: Where, earlier: int, later: int
) -> None:
    terms = {"from_term": model.term_ids[earlier], "to_term": model.term_ids[later]}
    answered = await rows(reports, model, "/attainment/progress", **model.query(where), **terms)
    for subject in range(len(SUBJECTS)):
        outcomes: list[int | str | None] = [
            model.moved(who, where, earlier, later, subject) for who in range(len(model.children))
        ]
        agrees(model, answered.get(str(model.subject_ids[subject])), outcomes, moved)


@settings(max_examples=8)
@given(model=schools())
async def test_they_are_those_of_the_pupils_one_by_one(reports: Door, model: FiguresModel) -> None:
    await model.write(reports.admin_dsn)
    for where in model.everywhere():
        for term in range(len(TERMS)):
            await check_attainment(reports, model, where, term)
        for earlier, later in combinations(range(len(TERMS)), 2):
            await check_progress(reports, model, where, earlier, later)
