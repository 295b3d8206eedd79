"""What a row of a pupil list says. An empty cell is no information: it takes nothing away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import Any

from services.roster.imports.columns import EXAMPLE_UPN
from services.roster.imports.pupil_import import DateOrder, PupilImport, StagedRow
from services.roster.imports.values import Unclear, as_day, as_upn, as_upns, plain, read
from shared.imports.columns import too_far_right
from shared.imports.uploads import Remark
from shared.school.names import search_key
from shared.tabular.table import FORMULA_ERRORS, not_worked_out

__all__ = [
    "FullName",
    "Said",
    "Understood",
    "columns_meant",
    "names_of",
    "said_by",
    "said_by_all",
]

FullName = tuple[str, str]
"""Forename and surname as keys: without case, accents and apostrophes."""

_key = lru_cache(maxsize=20_000)(search_key)
_SPLIT_CLASSES = re.compile(r"\s*;\s*")
_MOST_CLASSES = 20


@lru_cache(maxsize=20_000)
def _day(order: DateOrder | None, today: date, cell: str) -> date:
    """All who are at school were born on some thousand days."""
    return as_day(cell, order, today)


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

    @cached_property
    def names(self) -> frozenset[FullName]:
        given = self.values.get
        return names_of(
            given("legal_forename"),
            given("legal_surname"),
            given("preferred_forename"),
            given("preferred_surname"),
        )


def names_of(
    legal_forename: str | None,
    legal_surname: str | None,
    preferred_forename: str | None,
    preferred_surname: str | None,
) -> frozenset[FullName]:
    """The legal name and the one somebody goes by, whole ones only."""
    legal = (
        {(_key(legal_forename), _key(legal_surname))} if legal_forename and legal_surname else set()
    )
    if preferred_forename or preferred_surname:
        forename = preferred_forename or legal_forename
        surname = preferred_surname or legal_surname
        if forename and surname:
            legal.add((_key(forename), _key(surname)))
    return frozenset(legal)


def said_by(row: StagedRow, wanted: PupilImport, today: date) -> Said:
    """The row's values by field, and what is wrong with them."""
    return next(iter(said_by_all([row], wanted, today)))


def said_by_all(rows: Iterable[StagedRow], wanted: PupilImport, today: date) -> Iterable[Said]:
    """What each of these rows says, in their order."""
    columns = columns_meant(wanted)
    understood = Understood(wanted, today)
    return (_said(row, columns, understood, wanted) for row in rows)


def columns_meant(wanted: PupilImport) -> list[tuple[int, str]]:
    """Place in a row, and the field that it is taken for."""
    return [
        (place, name)
        for place, heading in enumerate(wanted.headings)
        if (name := wanted.columns.get(heading.column))
    ]


class Understood:
    """Reads cells, each word of a column once: a year group stands in hundreds of rows."""

    def __init__(self, wanted: PupilImport, today: date) -> None:
        self.day = partial(_day, wanted.how.date_order, today)
        """A date of birth. Raises `Unclear`."""
        self._known: dict[tuple[str, str], Any] = {}

    def value(self, name: str, cell: str) -> Any:
        """Of any field but UPNs and classes. Raises `Unclear`."""
        key = (name, cell)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = (
                self.day(cell) if name == "date_of_birth" else read(name, cell)
            )
        return known


def _said(
    row: StagedRow, columns: list[tuple[int, str]], understood: Understood, wanted: PupilImport
) -> Said:
    faults: list[Remark] = []
    notes: list[Remark] = []
    values: dict[str, Any] = {}
    former: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    if row.surplus:
        faults.append(too_far_right(wanted))
    for place, name in columns:
        if not (cell := plain(row.cells[place])):
            continue
        try:
            if cell in FORMULA_ERRORS:
                raise Unclear(not_worked_out(cell))
            if name == "upn":
                values[name], warnings = as_upn(cell)
                notes += [Remark(warning, name) for warning in warnings]
                if values[name] == EXAMPLE_UPN:
                    raise Unclear("This is the template’s example. Delete the row.")
            elif name == "former_upns":
                former = as_upns(cell)
            elif name == "class_name":
                classes = _classes(cell)
            else:
                values[name] = understood.value(name, cell)
        except Unclear as unclear:
            faults.append(Remark(unclear.detail, name))
    if former:
        former = tuple(upn for upn in former if upn != values.get("upn"))
    return Said(row.number, values, former, classes, tuple(faults), tuple(notes))


def _classes(cell: str) -> tuple[str, ...]:
    """One, or several with semicolons between. Raises `Unclear`."""
    names: dict[str, str] = {}
    for part in _SPLIT_CLASSES.split(cell):
        if part and (key := _key(part)):
            names.setdefault(key, read("class_name", part))
        elif part:
            raise Unclear(f"‘{part[:60]}’ is no name of a class.")
    if len(names) > _MOST_CLASSES:
        raise Unclear(f"These are more than {_MOST_CLASSES} classes.")
    return tuple(names.values())
