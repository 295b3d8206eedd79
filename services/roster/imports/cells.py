"""The cells of a pupil list read column by column: each word of a column once, the usual at once.

It says what `rows.said_by` says of the same rows. A row of which there is more to tell than values
(a fault, a warning, classes, former UPNs) is only named here, to be read by that one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from services.roster.imports.columns import EXAMPLE_UPN
from services.roster.imports.pupil_import import PupilImport, StagedRow
from services.roster.imports.rows import Understood, columns_meant
from services.roster.imports.values import LONGEST_NAME, READ_AS_NAMES, Unclear, plain
from shared.school.upn import sound_upns

__all__ = ["Cells", "read_cells"]

_MORE_THAN_VALUES = frozenset({"former_upns", "class_name"})
_UNCLEAR = object()


@dataclass(frozen=True)
class Cells:
    """`values` are by field what each row says, `None` where it says nothing; codes are plain
    text. `odd` are the places of rows that have to be read one by one."""

    rows: Sequence[Sequence[Any]]
    numbers: Sequence[int]
    values: Mapping[str, Sequence[Any]]
    odd: frozenset[int]

    def staged(self, place: int) -> StagedRow:
        return StagedRow(*self.rows[place])


def read_cells(rows: Sequence[Sequence[Any]], wanted: PupilImport, today: date) -> Cells:
    """`rows` are `(number, cells, surplus)`, as they are kept."""
    numbers, cells, surplus = zip(*rows, strict=True) if rows else ((), (), ())
    columns = list(zip(*cells, strict=True))
    odd = {place for place, more in enumerate(surplus) if more} if any(surplus) else set()
    understood = Understood(wanted, today)
    values: dict[str, Sequence[Any]] = {}
    for place, name in columns_meant(wanted):
        texts = _plain(columns[place]) if columns else ()
        if name in _MORE_THAN_VALUES:
            odd.update(n for n, text in enumerate(texts) if text)
            continue
        found = _upns(texts) if name == "upn" else _values(name, texts, understood)
        if _UNCLEAR in found:
            odd.update(n for n, value in enumerate(found) if value is _UNCLEAR)
        values[name] = found
    return Cells(rows, numbers, values, frozenset(odd))


def _plain(texts: Sequence[str]) -> Sequence[str]:
    """`plain` of each; most columns are so already."""
    joined = "\n".join(texts)
    if (
        joined.replace("\n", "").isprintable()
        and joined.count("\n") == len(texts) - 1
        and not any(mark in f"\n{joined}\n" for mark in ("  ", "\n ", " \n", "\n'"))
        and unicodedata.is_normalized("NFC", joined)
    ):
        return texts
    known = {text: plain(text) for text in set(texts)}
    return [known[text] for text in texts]


def _upns(texts: Sequence[str]) -> list[Any]:
    found: list[Any] = sound_upns(texts)
    if None in found or EXAMPLE_UPN in found:
        return [
            (None if not text else _UNCLEAR if upn in (None, EXAMPLE_UPN) else upn)
            for upn, text in zip(found, texts, strict=True)
        ]
    return found


def _values(name: str, texts: Sequence[str], understood: Understood) -> Sequence[Any]:
    if (
        name in READ_AS_NAMES
        and max(map(len, texts), default=0) <= LONGEST_NAME
        and (joined := "".join(texts)).isprintable()
        and "#" not in joined
    ):
        return [text or None for text in texts] if "" in texts else texts
    if name == "date_of_birth":
        # Next to every row has another; each is read once, and known from file to file.
        with suppress(Unclear):
            return list(map(understood.day, texts))
    known = {text: _value(name, text, understood) for text in set(texts)}
    return [known[text] for text in texts]


def _value(name: str, text: str, understood: Understood) -> Any:
    if not text:
        return None
    try:
        value = understood.value(name, text)
    except Unclear:
        return _UNCLEAR
    return value.value if isinstance(value, Enum) else value
