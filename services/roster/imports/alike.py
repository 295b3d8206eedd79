"""What is told and written of all rows that are alike, by the row's place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

import uuid_utils

from services.roster.imports.kept_results import ResultText
from services.roster.imports.pupil_import import How
from services.roster.imports.shapes import Fate, Shape, by_fate
from services.roster.imports.specimens import Values, told_alike
from services.roster.imports.usual import BETWEEN, NOTHING, Usual
from services.roster.pupils.repository import name_keys

__all__ = ["AllAlike"]

_NAMES = (
    "legal_forename",
    "legal_surname",
    "preferred_forename",
    "preferred_surname",
    "middle_names",
)
_KEYS = ("surname_key", "forename_key", "search_text")


class AllAlike:
    """`results` are of all these rows, the others of those that change anything."""

    def __init__(
        self,
        usual: Usual,
        alike: Mapping[Shape, Sequence[int]],
        how: How,
        hidden: frozenset[str],
    ) -> None:
        self._usual = usual
        self._alike = alike
        self._keep = how.keep_over_mis
        self.results: list[ResultText] = []
        self.states: dict[int, str] = {}
        self.entries: dict[int, str] = {}
        self.effects: dict[int, str] = {}
        self._ids: dict[int, str] = {}
        self._overrides: dict[int, str] = {}
        for shape, places in alike.items():
            self._tell(shape, places, how, hidden)

    def _tell(self, shape: Shape, places: Sequence[int], how: How, hidden: frozenset[str]) -> None:
        usual, new = self._usual, shape.fate == "added"
        if new:
            ids = [str(uuid_utils.uuid7()) for _ in places]
        else:
            ids = list(map(str, usual.held("id", places)))
        filled = told_alike(Values(usual, places, ids), shape, how, hidden)
        numbers = map(usual.cells.numbers.__getitem__, places)
        added: Iterable[str | None] = ids if new else repeat(None)
        texts = zip(numbers, repeat(shape.fate), filled.results, added, strict=False)
        self.results += map(ResultText._make, texts)
        if shape.fate == "unchanged":
            return
        self.states.update(zip(places, filled.states, strict=False))
        self.entries.update(zip(places, filled.entries, strict=False))
        self.effects.update(zip(places, filled.effects, strict=False))
        self._ids.update(zip(places, ids, strict=True))
        self._overrides.update(dict.fromkeys(places, f"{{{','.join(filled.overrides)}}}"))

    def rows_of(self, fate: Fate) -> list[int]:
        return by_fate(self._alike, fate)

    def columns(self, fate: Fate, rows: Sequence[int]) -> dict[str, str]:
        """Column of `pupils` → what these rows will have in it, with `BETWEEN` between."""
        columns = self._columns(fate, rows)
        return {name: BETWEEN.join(column) for name, column in columns.items()}

    def _columns(self, fate: Fate, rows: Sequence[int]) -> dict[str, Sequence[str]]:
        usual = self._usual
        changed = {name for shape in self._alike if shape.fate == fate for name in shape.changed}
        found: dict[str, Sequence[str]] = {"id": [self._ids[n] for n in rows]}
        if fate == "added":
            found["upn"] = [usual.upns[n] for n in rows]
        else:
            found["version"] = [str(one + 1) for one in usual.held("version", rows)]
        for name in usual.said:
            if name in changed:
                found[name] = _texts(usual.after(name, rows))
        if self._keep:
            found["overrides"] = [self._overrides[n] for n in rows]
        if changed.intersection(_NAMES):
            named = zip(*(usual.after(name, rows) for name in _NAMES), strict=True)
            keys = [name_keys(*names).values() for names in named]
            found |= zip(_KEYS, zip(*keys, strict=True), strict=True)
        return found


def _texts(column: Sequence[Any]) -> Sequence[str]:
    return [NOTHING if value is None else str(value) for value in column]
