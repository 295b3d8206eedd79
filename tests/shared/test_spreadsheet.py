"""CSV that a spreadsheet shows as it was told, and never runs."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.web.spreadsheet import csv_lines

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@given(st.lists(st.lists(TEXT, min_size=2, max_size=4), max_size=4))
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    """But for the mark before what would have been a formula."""
    found = read(csv_lines(rows))
    assert len(found) == len(rows)
    for written, again in zip(rows, found, strict=True):
        assert [cell.removeprefix("'") for cell in written] == [
            cell.removeprefix("'") for cell in again
        ]


@given(TEXT, st.sampled_from("=+-@\t\r＝＋－＠"), TEXT)
def test_nothing_is_a_formula(before: str, start: str, after: str) -> None:
    for cell in (start + after, " " + start + after):
        ((found, _),) = read(csv_lines([[cell, before]]))
        assert found == f"'{cell}"


@pytest.mark.parametrize("cell", ["Zoë O’Neill", "3-4 Oak", "a=b", "", "'quoted'", 'a "b", c'])
def test_what_is_none_is_left(cell: str) -> None:
    assert read(csv_lines([[cell, "x"]])) == [[cell, "x"]]


def test_lines_end_as_rfc_4180_has_it() -> None:
    assert csv_lines([["a", 'b "c"'], ["d,e", "f\ng"]]) == 'a,"b ""c"""\r\n"d,e","f\ng"\r\n'
