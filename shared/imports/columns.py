"""What a person says that the columns of a file are (R10)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from shared.imports.problems import WrongColumns
from shared.imports.uploads import Remark, Uploaded
from shared.tabular.columns import heading_key
from shared.tabular.table import Heading, letter

__all__ = ["cells_by_field", "headings_chosen", "in_words", "look_at_columns", "too_far_right"]


def headings_chosen(
    headings: Collection[Heading], columns: Mapping[int, str | None]
) -> dict[str, str | None]:
    """What was chosen, by the keys of the headings; of two with one key the first counts."""
    return {
        key: columns[heading.column]
        for heading in reversed(list(headings))
        if (key := heading_key(heading.text)) and heading.column in columns
    }


def look_at_columns(
    headings: Collection[Heading], chosen: Mapping[int, str], fields: Collection[str]
) -> None:
    """Raises `WrongColumns` where a column or field is none, or two columns are the same field."""
    known = {heading.column for heading in headings}
    if not chosen.keys() <= known or not set(chosen.values()) <= set(fields):
        raise WrongColumns("One of the columns is not in this file. Please upload it again.")
    if len(set(chosen.values())) < len(chosen):
        raise WrongColumns("Two columns are taken for the same detail. Choose one of them.")


def cells_by_field(of: Uploaded, cells: Sequence[str]) -> dict[str, str]:
    """Of a row, those that are taken for something."""
    return {
        field: cells[place]
        for place, heading in enumerate(of.headings)
        if (field := of.columns.get(heading.column))
    }


def too_far_right(of: Uploaded) -> Remark:
    """Of a row that is longer than the headings."""
    last = letter(of.headings[-1].column)
    return Remark(
        f"There is something to the right of the last heading (column {last}). Perhaps a cell "
        "that holds a comma has no quotation marks around it."
    )


def in_words(of: Uploaded, field: str | None) -> str | None:
    """The column's letter and heading, such as `D, E-mail`."""
    heading = of.column_of(field) if field else None
    if heading is None:
        return None
    return f"{letter(heading.column)}, {heading.text}" if heading.text else letter(heading.column)
