"""The same figures as CSV: what is hidden on the page is hidden here (R26)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import BaseModel

from services.reports.attainment.schemas import (
    Attained,
    AttainmentView,
    Moved,
    ProgressView,
    PupilsView,
    Share,
)
from shared.web.spreadsheet import BOM, csv_lines

__all__ = ["HIDDEN", "attainment_csv", "progress_csv", "pupils_csv"]

HIDDEN = "Not shown: fewer than 5 pupils, or they could be worked out"
F = TypeVar("F", bound=BaseModel)


def attainment_csv(view: AttainmentView) -> str:
    names = [f"{band.name} ({band.code})" for band in view.bands]
    headings = _pairs(*names, "At or above the expectation", "Not recorded")
    term = f"{view.term.name} {view.term.academic_year}"
    rows = [["Of", "Term", "Subject", "Group", "Pupils", *headings]]

    def cells(one: Attained) -> list[str]:
        return _cells(one.pupils, [*one.bands, one.at_or_above, one.not_recorded])

    for row in view.subjects:
        begin = [view.of, term, row.subject]
        rows.append([*begin, "All pupils", *cells(row.total)])
        for comparison in view.comparisons:
            rows += _sides(begin, comparison.sides, row.compared[comparison.name], cells)
    return BOM + csv_lines(rows)


def progress_csv(view: ProgressView) -> str:
    headings = _pairs("Moved up", "Same", "Moved down", "Without a mark in both")
    terms = [f"{term.name} {term.academic_year}" for term in (view.earlier, view.later)]
    rows = [["Of", "From", "To", "Subject", "Group", "Pupils", *headings]]

    def cells(one: Moved) -> list[str]:
        return _cells(one.pupils, [one.up, one.same, one.down, one.not_compared])

    for row in view.subjects:
        begin = [view.of, *terms, row.subject]
        rows.append([*begin, "All pupils", *cells(row.total)])
        for comparison in view.comparisons:
            rows += _sides(begin, comparison.sides, row.compared[comparison.name], cells)
    return BOM + csv_lines(rows)


def pupils_csv(view: PupilsView) -> str:
    terms = [f"{term.name} {term.academic_year}" for term in view.terms]
    rows = [["Group", "Subject", "Surname", "Forename", *terms, "Progress"]]
    for pupil in view.pupils:
        bands = [f"{band.name} ({band.code})" if band else "" for band in pupil.bands]
        step = {"up": "Moved up", "same": "Same", "down": "Moved down", None: ""}[pupil.step]
        rows.append([view.of, view.subject, pupil.surname, pupil.forename, *bands, step])
    return BOM + csv_lines(rows)


def _pairs(*headings: str) -> list[str]:
    return [cell for heading in headings for cell in (heading, f"{heading}, %")]


def _cells(pupils: int, shares: Sequence[Share]) -> list[str]:
    pairs = ((str(one.pupils), _text(one.per_cent)) for one in shares)
    return [str(pupils), *(cell for pair in pairs for cell in pair)]


def _text(per_cent: int | None) -> str:
    return "" if per_cent is None else str(per_cent)


def _sides(
    begin: Sequence[str],
    names: tuple[str, str],
    sides: Sequence[F] | None,
    cells: Callable[[F], list[str]],
) -> list[list[str]]:
    if sides is None:
        return [[*begin, name, HIDDEN] for name in names]
    return [[*begin, name, *cells(side)] for name, side in zip(names, sides, strict=True)]
