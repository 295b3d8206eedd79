"""Which comparisons may be shown, so that no group of fewer than five pupils is found (R26).

Rules, no database. A comparison parts the pupils of a table in two: those with the characteristic,
and all others. To hide the tables in which a part is small is not enough: who takes the classes
that are shown from their year group, a year group from the school, or last year's school from this
one's, finds what was hidden. So every table that could be asked for is gone through in one order,
the same for everybody, and each is shown only if the pieces into which all shown tables cut the
school still have five pupils of each part. However tables are added up and taken from each other,
what comes out is made of whole pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.reports.attainment.roll import Pupils

__all__ = ["FEWEST", "Parts", "Pieces", "cut_in_order", "pinned_down"]

FEWEST = 5
"""A part with fewer pupils is hidden. None is few, too: that nobody has it tells of everybody."""


@dataclass(frozen=True)
class Parts:
    """The school in two. Who is not known to have the characteristic is among `others`: a third
    part of a few pupils would be found by taking both from the whole, or hide both."""

    those: Pupils
    others: Pupils

    def within(self, pupils: Pupils) -> tuple[Pupils, Pupils]:
        return pupils & self.those, pupils & self.others

    def large_enough(self, pupils: Pupils) -> bool:
        return all(part.bit_count() >= FEWEST for part in self.within(pupils))


class Pieces:
    """What the shown tables cut the school into; each piece has five of each part."""

    def __init__(self, everyone: Pupils, parts: Parts) -> None:
        self._parts = parts
        self._pieces = [everyone] if parts.large_enough(everyone) else []

    def cut(self, table: Pupils) -> None:
        """Show this table from now on, if every piece that it cuts stays large enough."""
        after: list[Pupils] = []
        for piece in self._pieces:
            inside = piece & table
            if inside in (0, piece):
                after.append(piece)
                continue
            halves = (inside, piece & ~table)
            if not all(self._parts.large_enough(half) for half in halves):
                return
            after += halves
        self._pieces = after

    def show(self, table: Pupils) -> bool:
        """Whether it tells no more than the pieces do."""
        if not table or not self._pieces:
            return False
        return all(piece & table in (0, piece) for piece in self._pieces)


def cut_in_order(everyone: Pupils, parts: Parts, tables: Iterable[Pupils]) -> Pieces:
    """Earlier tables go before later ones."""
    pieces = Pieces(everyone, parts)
    for table in dict.fromkeys(tables):
        pieces.cut(table)
    return pieces


def pinned_down(parts: Parts, outcomes: Mapping[str, Pupils], hidden: Sequence[Pupils]) -> bool:
    """Whether a table of these outcomes would tell of a hidden set after all.

    Totals are never hidden. Where an outcome is had by nobody of a hidden set, or by nobody outside
    it, or by one part alone, its count for that set follows from the table; if that is so of every
    outcome, all does. (A whole year group without marks is an outcome, too.)
    """
    mixed = [pupils for pupils in outcomes.values() if all(parts.within(pupils))]
    whole = 0
    for pupils in outcomes.values():
        whole |= pupils
    return any(
        all(pupils & some in (0, pupils) for pupils in mixed)
        for some in hidden
        if some & ~whole == 0
    )
