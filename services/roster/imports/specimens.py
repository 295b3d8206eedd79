"""Texts of many rows at once: a specimen row is told by the rules of one, and its values filled in.

In a specimen stand marks, such as `⟦after.sex⟧`, where a row has values. Told as any change is, and
written as JSON, it is the text of all rows of its shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

import orjson

from services.roster.imports.changes import NOBODY, changed_by, misfit
from services.roster.imports.effects import effect_of_pupil
from services.roster.imports.kept_results import stored
from services.roster.imports.pupil_import import How, Listed, Result
from services.roster.imports.rows import Said
from services.roster.imports.shapes import Shape
from services.roster.imports.usual import NAMES, Usual
from services.roster.imports.values import shown
from services.roster.pupils.history import pupil_told
from services.roster.pupils.pupil import Pupil
from services.roster.pupils.repository import HELD_FIELDS
from shared.imports.uploads import FieldChange
from shared.school.year_groups import year_group_label

__all__ = ["Filled", "Values", "told_alike"]

_MARK = re.compile(r'"⟦([a-z_.]+)⟧"|⟦([a-z_.]+)⟧')

T = TypeVar("T")


@dataclass(frozen=True)
class Filled:
    """One text for each row, in their order.

    States and entries only of rows that change anything, `effects` of those who were on roll.
    """

    results: list[str]
    states: Sequence[str] = ()
    entries: Sequence[str] = ()
    effects: Sequence[str] = ()
    overrides: tuple[str, ...] = ()


def told_alike(values: Values, shape: Shape, how: How, hidden: frozenset[str]) -> Filled:
    """Of rows of one shape."""
    before, after, changes = _specimen(shape, how)
    notes = [misfit(_mark("label"))] if shape.misfit else []
    pupil_id = _mark("id") if before else None
    result = Result(
        _mark("number"),  # type: ignore[arg-type]  # a mark stands where a value will
        shape.fate,
        after.name,
        after.upn,
        pupil_id,  # type: ignore[arg-type]
        changes=changes,
        notes=tuple(notes),
    )
    results = values.fill(stored(Listed(_mark("number"), shape.fate, result)))  # type: ignore[arg-type]
    if shape.fate == "unchanged":
        return Filled(results)
    return Filled(
        results,
        values.fill(after.stated(hidden)),
        values.fill(pupil_told(before, after)),
        values.fill(effect_of_pupil(before, after)) if before else (),
        after.overrides,
    )


def _specimen(shape: Shape, how: How) -> tuple[Pupil | None, Pupil, tuple[FieldChange, ...]]:
    """Before and after, and how that is shown."""
    yes_or_no = {name: (was, now) for name, was, now in shape.yes_or_no}
    said: dict[str, Any] = {"upn": _mark("upn")}
    for name in shape.changed:
        said[name] = yes_or_no[name][1] if name in yes_or_no else _mark(f"after.{name}")
    before = None if shape.fate == "added" else _held(shape, yes_or_no)
    changed = changed_by(Said(0, said), before or NOBODY, keep=how.keep_over_mis)
    after = changed.after.having({"id": _mark("id")})
    if before:
        after = after.having({"version": _mark("version")})
    return before, after, tuple(map(_shown, changed.shown))


def _held(shape: Shape, yes_or_no: dict[str, tuple[bool | None, bool]]) -> Pupil:
    """Whom the row changes, as they are."""
    held: dict[str, Any] = {name: _mark(f"held.{name}") for name in HELD_FIELDS}
    for name in shape.blank:
        held[name] = None
    for name in yes_or_no:
        held[name] = yes_or_no[name][0]
    return Pupil.of(
        held
        | {
            "id": _mark("id"),
            "version": 0,
            "active": True,
            "active_reason": None,
            "upn": _mark("upn"),
            "former_upns": (),
            "overrides": shape.overrides,
        }
    )


def _mark(name: str) -> str:
    return f"⟦{name}⟧"


def _shown(change: FieldChange) -> FieldChange:
    """With marks for values as they are shown."""
    return replace(change, before=_as_shown(change.before), after=_as_shown(change.after))


def _as_shown(text: str | None) -> str | None:
    return text.replace("⟧", ".shown⟧") if text else text


class Values:
    """What the rows of one shape have in the places of the marks."""

    def __init__(self, usual: Usual, places: Sequence[int], ids: Sequence[str]) -> None:
        self.usual = usual
        self.places = places
        self.ids = ids
        self._columns: dict[str, Sequence[Any]] = {}
        self._texts: dict[str, Sequence[str]] = {}

    def fill(self, specimen: Any) -> list[str]:
        """The specimen's JSON, once for each row."""
        text = orjson.dumps(specimen, default=str).decode()
        parts = _MARK.split(text)
        marks = list(zip(parts[1::3], parts[2::3], strict=True))
        pattern = "%s".join(part.replace("%", "%%") for part in parts[::3])
        columns = [self._json(whole) if whole else self._inner(part) for whole, part in marks]
        if not columns:
            return [text] * len(self.places)
        return list(map(pattern.__mod__, zip(*columns, strict=True)))

    def column(self, mark: str) -> Sequence[Any]:
        if mark not in self._columns:
            self._columns[mark] = self._found(mark)
        return self._columns[mark]

    def _found(self, mark: str) -> Sequence[Any]:
        usual, places = self.usual, self.places
        kind, _, name = mark.partition(".")
        match kind:
            case "id":
                return self.ids
            case "number":
                return [usual.cells.numbers[n] for n in places]
            case "upn":
                return [usual.upns[n] for n in places]
            case "version":
                return [version + 1 for version in usual.held("version", places)]
            case "label":
                years = usual.after("year_group", places)
                return _each(years, lambda year: year_group_label(year) if year else "")
        field, _, as_shown = name.partition(".")
        if as_shown:
            column = self.column(f"{kind}.{field}")
            return column if field in NAMES else _each(column, partial(shown, field))
        return usual.after(field, places) if kind == "after" else usual.held(field, places)

    def _json(self, mark: str) -> Sequence[str]:
        """Whole values."""
        if mark not in self._texts:
            column = self.column(mark)
            if _stands_as_it_is(column):
                self._texts[mark] = [f'"{text}"' for text in column]
            elif isinstance(column[0], date | int):
                self._texts[mark] = orjson.dumps(column).decode()[1:-1].split(",")
            else:
                self._texts[mark] = _each(column, lambda value: orjson.dumps(value).decode())
        return self._texts[mark]

    def _inner(self, mark: str) -> Sequence[str]:
        """Values within a text."""
        column = self.column(mark)
        if _stands_as_it_is(column):
            return column
        return _each(column, lambda value: orjson.dumps(str(value)).decode()[1:-1])


def _stands_as_it_is(column: Sequence[Any]) -> bool:
    """Texts with nothing in them that JSON writes otherwise."""
    try:
        joined = "".join(column)
    except TypeError:
        return False
    return joined.isprintable() and '"' not in joined and "\\" not in joined


def _each(column: Sequence[Any], made_of: Callable[[Any], T]) -> list[T]:
    """Of each value, made once."""
    known = {value: made_of(value) for value in set(column)}
    return [known[value] for value in column]
