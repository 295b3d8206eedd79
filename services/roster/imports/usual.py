"""The rows of a pupil list that are as most rows are: a new pupil, or one whom the UPN names.

Nothing but the UPN is needed to know who is meant, nothing is wrong and nobody else comes near, so
that such rows can be judged by the column. All others are odd, and looked at one by one (`plan`),
by whose rules these come to the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from services.roster.imports.cells import Cells
from services.roster.imports.columns import FIELD_NAMES
from services.roster.imports.roll import Roll
from services.roster.imports.rows import FullName, Said, names_of
from services.roster.pupils.pupil import Pupil
from shared.school.year_groups import YEAR_GROUP_ORDER

__all__ = ["BETWEEN", "NAMES", "NEW", "NOTHING", "YEARS", "Usual", "coming_near", "looks_usual"]

NAMES = ("legal_forename", "legal_surname", "preferred_forename", "preferred_surname")
NEW = -1
BETWEEN, NOTHING = "\x1f", "\x1e"
"""In texts of whole columns. No file that is read holds such a character, and where a name on the
roll does, no row is usual."""
YEARS = {year: place for place, year in enumerate(YEAR_GROUP_ORDER)}


@dataclass(frozen=True)
class Usual:
    """`on_roll` says by row where on the roll its pupil is, `NEW` for somebody new; `places` are
    the usual ones of the rows, in their order."""

    cells: Cells
    roll: Roll
    on_roll: Sequence[int]
    places: Sequence[int]

    def without(self, odd: Collection[int]) -> Usual:
        left = [place for place in self.places if place not in odd]
        return Usual(self.cells, self.roll, self.on_roll, left)

    @property
    def upns(self) -> Sequence[Any]:
        return self.cells.values["upn"]

    @cached_property
    def said(self) -> tuple[str, ...]:
        """The fields that the file is about, besides the UPN."""
        return tuple(name for name in FIELD_NAMES if name != "upn" and name in self.cells.values)

    def held(self, name: str, places: Sequence[int]) -> Sequence[Any]:
        """What their pupils hold of it now; nobody new holds anything."""
        return _taken(self.roll.padded(name), _taken(self.on_roll, places))

    def after(self, name: str, places: Sequence[int]) -> Sequence[Any]:
        """What they will hold: what the row says, else what is there."""
        if name not in self.cells.values:
            return self.held(name, places)
        said = _taken(self.cells.values[name], places)
        if None not in said:
            return said
        held = self.held(name, places)
        return [was if now is None else now for now, was in zip(said, held, strict=True)]

    def names(self, places: Sequence[int]) -> list[frozenset[FullName]]:
        columns = (self.after(name, places) for name in NAMES)
        return [names_of(*one) for one in zip(*columns, strict=True)]

    def raised(self, places: Sequence[int]) -> int:
        """How many go to a later year group (R12)."""
        held, after = self.held("year_group", places), self.after("year_group", places)
        return sum(
            was is not None and was != now and YEARS[was] < YEARS[now]
            for was, now in zip(held, after, strict=True)
        )


def _taken(column: Sequence[Any], places: Sequence[int]) -> Sequence[Any]:
    if len(places) < 2:
        return [column[place] for place in places]
    found: Sequence[Any] = itemgetter(*places)(column)
    return found


def looks_usual(cells: Cells, roll: Roll) -> Usual:
    """By the rows alone: those that come near another are among them still (`coming_near`)."""
    upns = cells.values.get("upn")
    if upns is None or _holds_marks(roll):
        return Usual(cells, roll, [NEW] * len(cells.numbers), ())
    on_roll = [roll.place_of_upn.get(upn, NEW) for upn in upns]
    everybody = Usual(cells, roll, on_roll, range(len(upns)))
    odd = set(cells.odd)
    odd.update(n for n, upn in enumerate(upns) if upn is None)
    odd.update(_of_pupils_with_a_past(everybody))
    odd.update(_lacking(everybody))
    odd.update(_with_another_birthday(everybody))
    odd.update(_known_by_name(everybody, odd))
    return everybody.without(odd)


def _holds_marks(roll: Roll) -> bool:
    columns = (roll.columns[name] for name in (*NAMES, "middle_names"))
    return any(
        mark in text
        for column in columns
        if (text := "".join(filter(None, column)))
        for mark in (BETWEEN, NOTHING)
    )


def _of_pupils_with_a_past(all_rows: Usual) -> Iterator[int]:
    """Who was inactive, or has had another UPN."""
    roll = all_rows.roll
    active, former = roll.columns["active"], roll.columns["former_upns"]
    if not all(active) or any(former):
        for n, at in enumerate(all_rows.on_roll):
            if at != NEW and (former[at] or not active[at]):
                yield n
    if roll.by_former_upn:
        yield from (n for n, upn in enumerate(all_rows.upns) if upn in roll.by_former_upn)


def _lacking(all_rows: Usual) -> Iterator[int]:
    """Without a name or a date of birth: it can not be told from a namesake."""
    for name in ("legal_forename", "legal_surname", "date_of_birth"):
        column = all_rows.after(name, all_rows.places)
        if None in column:
            yield from (n for n, value in enumerate(column) if value is None)


def _with_another_birthday(all_rows: Usual) -> Iterator[int]:
    if "date_of_birth" in all_rows.cells.values:
        held = all_rows.held("date_of_birth", all_rows.places)
        said = all_rows.cells.values["date_of_birth"]
        for n, (was, now) in enumerate(zip(held, said, strict=True)):
            if was != now and was is not None and now is not None:
                yield n


def _known_by_name(all_rows: Usual, odd: Collection[int]) -> Iterator[int]:
    """Somebody new with a name that is on the roll."""
    new = [n for n, at in enumerate(all_rows.on_roll) if at == NEW and n not in odd]
    if new and len(all_rows.roll.pupils):
        known = all_rows.roll.places_of_name
        for n, names in zip(new, all_rows.names(new), strict=True):
            if any(name in known for name in names):
                yield n


def coming_near(usual: Usual, odd: Collection[tuple[Said, Pupil | None]]) -> set[int]:
    """Those of the usual rows that may be about the pupil of another row, usual or odd."""
    numbers: set[Any] = set()
    births: Counter[Any] = Counter(usual.after("date_of_birth", usual.places))
    names: defaultdict[Any, list[int]] = defaultdict(list)
    for said, pupil in odd:
        numbers |= {said.upn, *said.former_upns}
        if pupil is not None:
            numbers |= {pupil.upn, *pupil.former_upns}
        births[said.born or (pupil.date_of_birth if pupil else None)] += 1
    upns = Counter(usual.upns[n] for n in usual.places)
    near = {n for n in usual.places if usual.upns[n] in numbers or upns[usual.upns[n]] > 1}
    if len(births) == births.total():
        return near
    born = usual.after("date_of_birth", usual.places)
    sharing = [n for n, day in zip(usual.places, born, strict=True) if births[day] > 1]
    days = usual.after("date_of_birth", sharing)
    for n, day, its in zip(sharing, days, usual.names(sharing), strict=True):
        for name in its:
            names[name, day].append(n)
    for said, pupil in odd:
        for name in said.names if pupil is None else _all_names(said, pupil):
            names[name, said.born or (pupil.date_of_birth if pupil else None)].append(-1)
    return near.union(*(some for some in names.values() if len(some) > 1)) - {-1}


def _all_names(said: Said, pupil: Pupil) -> frozenset[FullName]:
    given = said.values.get
    return names_of(*(given(name) or getattr(pupil, name) for name in NAMES))
