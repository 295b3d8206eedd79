"""What follows from shown tables by adding them up and taking them from each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from services.reports.attainment.hiding import FEWEST, Parts

__all__ = ["Table", "bits", "follows", "small", "worked_out"]

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
