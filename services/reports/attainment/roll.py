"""The pupils of a school as sets, and which of them count in which figures (R26). No database.

A set of pupils is an `int` with a bit for each: with a thousand pupils, meeting and counting two
sets takes less than a microsecond. Figures and what is hidden of them (`hiding.py`) are made of the
same sets, so that neither can disagree with the other about who counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from shared.contracts.vocabulary import YearGroup
from shared.school.academic_year import start_year
from shared.school.year_groups import YEAR_GROUP_ORDER

__all__ = ["NOBODY", "Pupils", "Roll", "Scope", "pupils_of"]

Pupils = int
NOBODY: Pupils = 0


def pupils_of(numbers: Iterable[int]) -> Pupils:
    """The set of those with these numbers, from 0."""
    bits = bytearray()
    for number in numbers:
        place = number >> 3
        if place >= len(bits):
            bits.extend(bytes(place + 1 - len(bits)))
        bits[place] |= 1 << (number & 7)
    return int.from_bytes(bits, "little")


@dataclass(frozen=True)
class Scope:
    """Of whom figures are: of a year group, a class or set, or where both are `None` the school."""

    year_group: YearGroup | None = None
    group_id: UUID | None = None


@dataclass(frozen=True)
class Roll:
    """A school's active pupils today; `years` are their year groups in `academic_year`."""

    academic_year: str
    first_year_group: YearGroup | None
    everyone: Pupils
    years: Mapping[str, Pupils]
    groups: Mapping[UUID, Pupils]

    def of(self, scope: Scope, academic_year: str) -> Pupils:
        """Who belongs to it in that year, by where they are today: the Year 3 of last year is the
        Year 4 of this one, and a class is always the one of today."""
        here = self.here(academic_year)
        if scope.group_id is not None:
            return here & self.groups.get(scope.group_id, NOBODY)
        if scope.year_group is not None:
            return here & self._in_year(scope.year_group, academic_year)
        return here

    def members(self, scope: Scope) -> Pupils:
        """Whose marks can count in it: of a group its own, else anybody's."""
        if scope.group_id is None:
            return self.everyone
        return self.groups.get(scope.group_id, NOBODY)

    def here(self, academic_year: str) -> Pupils:
        """Who was old enough for the school then; of whose year group nothing is known counts."""
        back = self._years_back(academic_year)
        if back == 0:
            return self.everyone
        first = self.first_year_group or YEAR_GROUP_ORDER[0]
        youngest = YEAR_GROUP_ORDER.index(first) + back
        too_young = NOBODY
        for year_group, pupils in self.years.items():
            if YEAR_GROUP_ORDER.index(year_group) < youngest:
                too_young |= pupils
        return self.everyone & ~too_young

    def expected(
        self, scope: Scope, academic_year: str, year_groups: Collection[YearGroup]
    ) -> Pupils:
        """Who has a subject that is taught in these year groups; none stands for all."""
        pupils = self.of(scope, academic_year)
        if not year_groups:
            return pupils
        taught = NOBODY
        for year_group in year_groups:
            taught |= self._in_year(year_group, academic_year)
        return pupils & taught

    def _in_year(self, year_group: str, academic_year: str) -> Pupils:
        today = YEAR_GROUP_ORDER.index(year_group) + self._years_back(academic_year)
        if not 0 <= today < len(YEAR_GROUP_ORDER):
            return NOBODY
        return self.years.get(YEAR_GROUP_ORDER[today], NOBODY)

    def _years_back(self, academic_year: str) -> int:
        return start_year(self.academic_year) - start_year(academic_year)
