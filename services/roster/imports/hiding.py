"""Optional fields that a school does not keep: an import of before shows nothing of them (R29).

What was uploaded and looked through stays for some days, so a field that is switched off meanwhile
would stand in it: in the rows, in the samples, and in the file of rejected rows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from services.roster.imports.columns import OPTIONAL_FIELDS, columns_of
from services.roster.imports.pupil_import import Listed, PupilImport
from shared.imports.uploads import Remark

__all__ = ["hidden_columns", "hidden_names", "without_cells", "without_fields", "without_remarks"]

_NOT_KEPT_NOW = Remark("Some of this is about a detail that the school does not keep now.")


def hidden_names(kept: Collection[str]) -> frozenset[str]:
    """The optional fields that a school which keeps `kept` is shown nothing of."""
    return OPTIONAL_FIELDS - frozenset(kept)


def hidden_columns(one: PupilImport, hidden: frozenset[str]) -> frozenset[int]:
    """Those taken for such a field, and those whose headings tell of one."""
    if not hidden:
        return frozenset()
    recognised = columns_of(one.headings, {})
    return frozenset(
        heading.column
        for heading in one.headings
        if hidden & {one.columns.get(heading.column, ""), recognised.get(heading.column, "")}
    )


def without_fields(listed: Listed, hidden: frozenset[str]) -> Listed:
    """With a word where something was left out."""
    result = listed.result
    changes = tuple(change for change in result.changes if change.field not in hidden)
    faults = without_remarks(result.faults, hidden)
    notes = tuple(note for note in result.notes if note.field not in hidden)
    if (changes, faults, notes) == (result.changes, result.faults, result.notes):
        return listed
    if len(changes) < len(result.changes):
        notes = (*notes, _NOT_KEPT_NOW)
    return replace(listed, result=replace(result, changes=changes, faults=faults, notes=notes))


def without_remarks(remarks: Sequence[Remark], hidden: frozenset[str]) -> tuple[Remark, ...]:
    """A remark tells what stands in the cell, so one stands for all that are left out."""
    shown = tuple(remark for remark in remarks if remark.field not in hidden)
    return shown if len(shown) == len(remarks) else (*shown, _NOT_KEPT_NOW)


def without_cells(of: PupilImport, cells: Sequence[str], columns: Collection[int]) -> Sequence[str]:
    """A row as it was uploaded, empty in these columns."""
    if not columns:
        return cells
    return [
        "" if heading.column in columns else cell
        for heading, cell in zip(of.headings, cells, strict=True)
    ]
