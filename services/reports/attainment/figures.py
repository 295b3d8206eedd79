"""Attainment and progress counted (R26): who is in which band, and who moved which way.

Rules, no database. A mark counts with the year group it was recorded in. Whoever has none counts,
as not recorded, where a mark was to be expected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, reduce
from operator import or_
from uuid import UUID

from services.reports.attainment.roll import NOBODY, Pupils, Roll, Scope
from shared.contracts.vocabulary import YearGroup

__all__ = ["NOT_RECORDED", "Marks", "Outcomes", "Step", "all_attained", "attained", "moved",
           "step_between"]  # fmt: skip

NOT_RECORDED = "not_recorded"

Outcomes = dict[str, Pupils]
"""Band or step → who has it; all of a table's pupils, each once, with `NOT_RECORDED`."""


class Step(StrEnum):
    """From term to term against the expectation of each one's year: in the same band still, a pupil
    has made a year's progress in a year."""

    UP = "up"
    SAME = "same"
    DOWN = "down"


@dataclass(frozen=True)
class Marks:
    """Of one subject in one term: who was given which band, while in which year group."""

    given: Sequence[tuple[UUID, str | None, Pupils]] = ()

    def of(self, scope: Scope, members: Pupils) -> dict[UUID, Pupils]:
        """Band → those who count in the scope; `members` are its pupils, where it has its own."""
        found: dict[UUID, Pupils] = {}
        for band, year_group, pupils in self.given:
            inside = scope.year_group is None or scope.year_group == year_group
            counted = pupils & members if inside else NOBODY
            if counted:
                found[band] = found.get(band, NOBODY) | counted
        return found

    @cached_property
    def everyone(self) -> Pupils:
        return reduce(or_, (pupils for _, _, pupils in self.given), NOBODY)

    @cached_property
    def _by_year(self) -> dict[str | None, Pupils]:
        found: dict[str | None, Pupils] = {}
        for _, year_group, pupils in self.given:
            found[year_group] = found.get(year_group, NOBODY) | pupils
        return found

    def marked_in(self, scope: Scope, members: Pupils) -> Pupils:
        """Whoever has a mark that counts in the scope."""
        if scope.year_group is None:
            return self.everyone & members
        return self._by_year.get(scope.year_group, NOBODY) & members


def attained(
    roll: Roll,
    scope: Scope,
    academic_year: str,
    year_groups: Sequence[YearGroup],
    marks: Marks,
) -> Outcomes:
    """`year_groups` are those in which the subject is taught."""
    members = roll.members(scope)
    outcomes = {str(band): pupils for band, pupils in marks.of(scope, members).items()}
    expected = roll.expected(scope, academic_year, year_groups)
    outcomes[NOT_RECORDED] = expected & ~marks.everyone
    return outcomes


def all_attained(
    roll: Roll,
    scope: Scope,
    academic_year: str,
    year_groups: Sequence[YearGroup],
    marks: Marks,
) -> Pupils:
    """Whoever is in any outcome of `attained`."""
    expected = roll.expected(scope, academic_year, year_groups)
    return expected & ~marks.everyone | marks.marked_in(scope, roll.members(scope))


def moved(
    roll: Roll, later: Outcomes, earlier: Marks, earlier_year: str, ranks: Mapping[str, int]
) -> Outcomes:
    """How the pupils of `later` stand to their earlier marks, without who was too young then.

    `ranks`: a band's place in the scale.
    """
    before = earlier.of(Scope(), roll.everyone)
    outcomes: Outcomes = {step.value: NOBODY for step in Step}
    for band, pupils in later.items():
        if band == NOT_RECORDED:
            continue
        for old, had in before.items():
            if pupils & had:
                outcomes[step_between(ranks[str(old)], ranks[band]).value] |= pupils & had
    compared, whole = NOBODY, NOBODY
    for pupils in outcomes.values():
        compared |= pupils
    for pupils in later.values():
        whole |= pupils
    here = roll.here(earlier_year) | earlier.everyone
    outcomes[NOT_RECORDED] = whole & here & ~compared
    return outcomes


def step_between(earlier: int, later: int) -> Step:
    """Of the places of two bands in the scale."""
    if later == earlier:
        return Step.SAME
    return Step.UP if later > earlier else Step.DOWN
