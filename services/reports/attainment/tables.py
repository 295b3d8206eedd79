"""A table of figures with its comparisons, each whole or hidden (R26). No database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.reports.attainment.characteristics import Comparison
from services.reports.attainment.figures import Marks, Outcomes, all_attained
from services.reports.attainment.hiding import Pieces, cut_in_order, pinned_down
from services.reports.attainment.roll import NOBODY, Pupils, Roll, Scope
from services.reports.subjects.subject import Subject
from shared.contracts.vocabulary import YearGroup
from shared.school.year_groups import YEAR_GROUP_ORDER

__all__ = ["NO_MARKS", "Figures", "Hiding", "Row", "row_of"]


NO_MARKS = Marks()


@dataclass(frozen=True)
class Figures:
    """`counts` are of each outcome that anybody has, `NOT_RECORDED` too; their sum is `pupils`."""

    pupils: int
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Row:
    """`compared`: a characteristic's name → its two sides, or `None` where they are hidden."""

    subject_id: UUID
    subject: str
    total: Figures
    compared: Mapping[str, tuple[Figures, Figures] | None]


class Hiding:
    """Which comparisons of a school are shown, whoever asks and whatever they ask for.

    `years` are its academic years with terms, `taught` the year groups that subjects are taught in,
    `groups` its groups in an order that stays.
    """

    def __init__(
        self,
        roll: Roll,
        comparisons: Sequence[Comparison],
        *,
        years: Sequence[str],
        taught: Sequence[tuple[YearGroup, ...]],
        groups: Sequence[UUID],
    ) -> None:
        self._roll = roll
        self._comparisons = comparisons
        self._scopes = [
            Scope(),
            *(Scope(year_group=YearGroup(year)) for year in reversed(YEAR_GROUP_ORDER)),
            *(Scope(group_id=group_id) for group_id in groups),
        ]
        # Subjects for all go first, since most are; the newest year does, since most look at it.
        self._taught = sorted(set(taught), key=lambda those: (bool(those), -len(those), those))
        self._years = sorted(set(years), reverse=True)
        tables = list(dict.fromkeys(self._tables()))
        self._pieces: dict[str, Pieces] = {
            one.name: cut_in_order(roll.everyone, one.parts, tables) for one in comparisons
        }

    def compared(
        self, outcomes: Outcomes, beside: Sequence[Pupils]
    ) -> dict[str, tuple[Figures, Figures] | None]:
        """The two sides of each comparison of a table. `beside` are the tables of the same subject
        and terms for the other scopes, whose totals are known."""
        whole = NOBODY
        for pupils in outcomes.values():
            whole |= pupils
        found: dict[str, tuple[Figures, Figures] | None] = {}
        for one in self._comparisons:
            pieces = self._pieces[one.name]
            hidden = [some for some in beside if some and not pieces.show(some)]
            shown = pieces.show(whole) and not pinned_down(one.parts, outcomes, hidden)
            sides = (one.parts.those, one.parts.others)
            found[one.name] = (
                (counted(outcomes, sides[0]), counted(outcomes, sides[1])) if shown else None
            )
        return found

    def beside(
        self,
        academic_year: str,
        year_groups: Sequence[YearGroup],
        earlier_year: str | None = None,
        *,
        marks: Marks = NO_MARKS,
        earlier: Marks = NO_MARKS,
    ) -> list[Pupils]:
        """Of each scope who counts in such a subject in this year (and could have earlier)."""
        here = self._roll.everyone
        if earlier_year:
            here = self._roll.here(earlier_year) | earlier.everyone
        tables = (
            all_attained(self._roll, scope, academic_year, year_groups, marks) & here
            for scope in self._scopes
        )
        return list(dict.fromkeys(tables))

    def _tables(self) -> Iterator[Pupils]:
        """All that could be asked for: attainment in each year, then progress into it."""
        for year in self._years:
            for taught in self._taught:
                yield from self.beside(year, taught)
        for year in self._years:
            for earlier in (one for one in self._years if one < year):
                for taught in self._taught:
                    yield from self.beside(year, taught, earlier)


def counted(outcomes: Outcomes, among: Pupils) -> Figures:
    counts = {name: (pupils & among).bit_count() for name, pupils in outcomes.items()}
    return Figures(sum(counts.values()), counts)


def row_of(
    subject: Subject, outcomes: Outcomes, hiding: Hiding, beside: Sequence[Pupils], everyone: Pupils
) -> Row:
    total = counted(outcomes, everyone)
    return Row(subject.id, subject.name, total, hiding.compared(outcomes, beside))
