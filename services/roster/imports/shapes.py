"""What rows have in common that are told alike but for their values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from services.roster.imports.usual import NAMES, NEW, YEARS, Usual
from shared.school.year_groups import place_of_birth

__all__ = ["MOST_SHAPES", "YES_OR_NO", "Fate", "Shape", "by_fate", "shapes"]

Fate: TypeAlias = Literal["added", "updated", "unchanged"]
YES_OR_NO = frozenset({"free_school_meals", "pupil_premium", "in_care"})
_PREFERRED = NAMES[2:]
MOST_SHAPES = 20
"""Of rows that are told alike. Each takes as long as some rows that are looked at one by one."""


@dataclass(frozen=True)
class Shape:
    """`changed` are the fields that are set, `blank` those of them that held nothing before and the
    preferred names that are not there. `yes_or_no` are those of the changed, with what they were
    and are. `misfit`: the year group does not fit the date of birth.
    """

    fate: Fate
    changed: tuple[str, ...] = ()
    blank: frozenset[str] = frozenset()
    yes_or_no: tuple[tuple[str, bool | None, bool], ...] = ()
    overrides: tuple[str, ...] = ()
    misfit: bool = False


def shapes(usual: Usual, academic_year: str, most: int) -> dict[Shape, list[int]]:
    """Shape → the rows that have it: the shapes of most rows, and of the other rows none."""
    on_roll = usual.on_roll
    known = [n for n in usual.places if on_roll[n] != NEW]
    new = [n for n in usual.places if on_roll[n] == NEW]
    changing = _changing(usual, known)
    misfits = _misfits(usual, [*new, *changing], academic_year)
    found = _of_new(usual, new, misfits) | _of_changed(usual, changing, misfits)
    found |= _of_unchanged(usual, [n for n in known if n not in changing])
    largest = sorted(found, key=lambda shape: -len(found[shape]))[:most]
    return {shape: found[shape] for shape in largest}


_Change: TypeAlias = tuple[str, Any, Any]


def _changing(usual: Usual, known: Sequence[int]) -> dict[int, list[_Change]]:
    """Of those who are on roll: what the row says and is not so already."""
    after = zip(*(usual.after(name, known) for name in usual.said), strict=True)
    held = zip(*(usual.held(name, known) for name in usual.said), strict=True)
    return {
        n: [
            (name, was, now)
            for name, was, now in zip(usual.said, old, new, strict=True)
            if was != now
        ]
        for n, old, new in zip(known, held, after, strict=bool(usual.said))
        if old != new
    }


def _of_changed(
    usual: Usual, changing: Mapping[int, Sequence[_Change]], misfits: Collection[int]
) -> dict[Shape, list[int]]:
    places = list(changing)
    blank = _without_preferred(usual, places)
    overrides = usual.held("overrides", places)
    found: defaultdict[Any, list[int]] = defaultdict(list)
    for n, without, marked in zip(places, blank, overrides, strict=True):
        changes = tuple(
            (name, was is None, (was, now) if name in YES_OR_NO else None)
            for name, was, now in changing[n]
        )
        found[changes, without, tuple(marked or ()), n in misfits].append(n)
    return {_changed_shape(*key): some for key, some in found.items()}


def _of_unchanged(usual: Usual, places: Sequence[int]) -> dict[Shape, list[int]]:
    found: defaultdict[Shape, list[int]] = defaultdict(list)
    for n, without in zip(places, _without_preferred(usual, places), strict=True):
        found[Shape("unchanged", blank=_missing(without))].append(n)
    return dict(found)


def _without_preferred(usual: Usual, places: Sequence[int]) -> Iterable[tuple[bool, ...]]:
    """Of each row, which of the preferred names are not there."""
    return zip(*(map(_is_none, usual.after(name, places)) for name in _PREFERRED), strict=True)


def _missing(without: Sequence[bool]) -> frozenset[str]:
    return frozenset(name for name, none in zip(_PREFERRED, without, strict=True) if none)


def _changed_shape(
    changes: Sequence[tuple[str, bool, Any]],
    without: Sequence[bool],
    overrides: tuple[str, ...],
    misfit: bool,
) -> Shape:
    return Shape(
        "updated",
        tuple(name for name, _, _ in changes),
        _missing(without).union(name for name, was_none, _ in changes if was_none),
        tuple((name, *pair) for name, _, pair in changes if pair),
        overrides,
        misfit,
    )


def _of_new(usual: Usual, new: Sequence[int], misfits: Collection[int]) -> dict[Shape, list[int]]:
    columns = [
        usual.after(name, new) if name in YES_OR_NO else map(_is_none, usual.after(name, new))
        for name in usual.said
    ]
    found: defaultdict[Any, list[int]] = defaultdict(list)
    for n, *key in zip(new, map(misfits.__contains__, new), *columns, strict=True):
        found[tuple(key)].append(n)
    return {_new_shape(usual.said, *key): some for key, some in found.items()}


def _new_shape(fields: Sequence[str], misfit: bool, *said: bool | None) -> Shape:
    """`said`: of yes or no what it is, of others whether nothing is said."""
    given = dict(zip(fields, said, strict=True))
    answers = {name: value for name, value in given.items() if name in YES_OR_NO}
    changed = tuple(
        name
        for name, value in given.items()
        if (answers[name] is not None if name in answers else not value)
    )
    return Shape(
        "added",
        changed,
        frozenset(NAMES).difference(changed),
        tuple((name, None, value) for name, value in answers.items() if value is not None),
        misfit=misfit,
    )


def _is_none(value: Any) -> bool:
    return value is None


def _misfits(usual: Usual, places: Sequence[int], academic_year: str) -> set[int]:
    """Whose year group does not fit the date of birth."""
    years, born = (usual.after(name, places) for name in ("year_group", "date_of_birth"))
    by_age = {day: place_of_birth(day, academic_year) for day in set(born) if day is not None}
    offsets = usual.held("year_offset", places)
    return {
        n
        for n, year, day, offset in zip(places, years, born, offsets, strict=True)
        if year is not None and YEARS[year] - by_age[day] != (offset or 0)
    }


def by_fate(groups: Mapping[Shape, Sequence[int]], fate: Fate) -> list[int]:
    """The rows of all shapes with this fate, in their order."""
    return sorted(n for shape, places in groups.items() if shape.fate == fate for n in places)
