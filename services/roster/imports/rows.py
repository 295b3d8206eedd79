"""What a row of a pupil list says. An empty cell is no information: it takes nothing away."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from services.roster.imports.columns import EXAMPLE_UPN
from services.roster.imports.pupil_import import PupilImport, Remark, StagedRow
from services.roster.imports.values import Unclear, as_day, as_upn, as_upns, plain, read
from shared.school.names import search_key
from shared.tabular.table import letter

__all__ = ["FullName", "Said", "names_of", "said_by"]

FullName = tuple[str, str]
"""Forename and surname as keys: without case, accents and apostrophes."""

_key = lru_cache(maxsize=20_000)(search_key)
_SPLIT_CLASSES = re.compile(r"\s*;\s*")
_MOST_CLASSES = 20


@dataclass(frozen=True)
class Said:
    """One row. `values` are a pupil's fields; what was not understood is among the `faults`."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    former_upns: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    faults: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()

    @property
    def upn(self) -> str | None:
        return self.values.get("upn")

    @property
    def born(self) -> date | None:
        return self.values.get("date_of_birth")

    @property
    def name(self) -> str:
        """The name they go by, as far as it is said."""
        kinds = ("preferred_{}", "legal_{}")
        parts = (
            next((v for kind in kinds if (v := self.values.get(kind.format(part)))), None)
            for part in ("forename", "surname")
        )
        return " ".join(part for part in parts if part)

    @property
    def names(self) -> frozenset[FullName]:
        return names_of(self.values.get)


def names_of(value: Any) -> frozenset[FullName]:
    """The legal name and the one somebody goes by, whole ones only. `value` gives a field's."""
    legal = (value("legal_forename"), value("legal_surname"))
    used = (value("preferred_forename") or legal[0], value("preferred_surname") or legal[1])
    return frozenset(
        (_key(forename), _key(surname))
        for forename, surname in {legal, used}
        if forename and surname
    )


def said_by(row: StagedRow, wanted: PupilImport, today: date) -> Said:
    """The row's values by field, and what is wrong with them."""
    given = {
        field: cell
        for place, heading in enumerate(wanted.headings)
        if (field := wanted.columns.get(heading.column)) and (cell := plain(row.cells[place]))
    }
    faults: list[Remark] = []
    notes: list[Remark] = []
    values: dict[str, Any] = {}
    if row.surplus:
        faults.append(_surplus(wanted))
    former = _former(given.pop("former_upns", ""), faults)
    classes = _classes(given.pop("class_name", ""), faults)
    for name, cell in given.items():
        try:
            if name == "upn":
                values[name], warnings = as_upn(cell)
                if values[name] == EXAMPLE_UPN:
                    raise Unclear("This is the template’s example. Delete the row.")
                notes.extend(Remark(warning, name) for warning in warnings)
            elif name == "date_of_birth":
                values[name] = as_day(cell, wanted.how.date_order, today)
            else:
                values[name] = read(name, cell)
        except Unclear as unclear:
            faults.append(Remark(unclear.detail, name))
    former = tuple(upn for upn in former if upn != values.get("upn"))
    return Said(row.number, values, former, classes, tuple(faults), tuple(notes))


def _surplus(wanted: PupilImport) -> Remark:
    last = letter(wanted.headings[-1].column)
    return Remark(
        f"There is something to the right of the last heading (column {last}). Perhaps a cell that "
        "holds a comma has no quotation marks around it."
    )


def _former(cell: str, faults: list[Remark]) -> tuple[str, ...]:
    try:
        return as_upns(cell)
    except Unclear as unclear:
        faults.append(Remark(unclear.detail, "former_upns"))
        return ()


def _classes(cell: str, faults: list[Remark]) -> tuple[str, ...]:
    """One, or several with semicolons between."""
    names: dict[str, str] = {}
    try:
        for part in _SPLIT_CLASSES.split(cell):
            if part and (key := search_key(part)):
                names.setdefault(key, read("class_name", part))
            elif part:
                raise Unclear(f"‘{part[:60]}’ is no name of a class.")
        if len(names) > _MOST_CLASSES:
            raise Unclear(f"These are more than {_MOST_CLASSES} classes.")
    except Unclear as unclear:
        faults.append(Remark(unclear.detail, "class_name"))
        return ()
    return tuple(names.values())
