"""Uploaded tables: what Excel writes is read as it is, and what is no table is told apart (R10)."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from shared.tabular import workbook
from shared.tabular.columns import heading_key, recognise
from shared.tabular.opening import open_table
from shared.tabular.table import Heading, Limits, TableProblem, letter
from tests.shared.tables import as_csv, as_xlsx, bomb

HEADINGS = ["Title", "Forename", "Surname", "E-mail"]
PEOPLE = [["Ms", "Zoë", "O’Neill", "zoe@heron.example"], ["Mr", "Siân", "Müller-Brontë", ""]]


def read(content: bytes, limits: Limits | None = None) -> tuple[list[str], list[list[str]]]:
    table = open_table(io.BytesIO(content), limits)
    return [heading.text for heading in table.headings], [list(row.cells) for row in table.rows]


@cache
def a_workbook() -> bytes:
    """Made once: it holds the second it was made in, and is longer in one than in another."""
    return as_xlsx([HEADINGS, *PEOPLE])


def is_utf_8_as_well(content: bytes) -> bool:
    """As `Ø’` in Windows-1252 is, by chance: nobody can tell what it was."""
    try:
        return not content.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def refused(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(TableProblem) as caught:
        read(content, limits)
    assert caught.value.detail.endswith(".")
    return caught.value.slug


class TestTexts:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_are_read_whatever_excel_writes(self, encoding: str, delimiter: str) -> None:
        content = as_csv([HEADINGS, *PEOPLE], delimiter=delimiter, encoding=encoding)
        assert read(content) == (HEADINGS, PEOPLE)

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_begin_below_the_title_of_a_report(self, delimiter: str) -> None:
        """R10: as SIMS and others write one, with rows counted as the file has them."""
        above = [["Heron Park Primary School"], [], ["", "Pupils on 23/11/2026"]]
        content = as_csv([*above, HEADINGS, *PEOPLE], delimiter=delimiter)
        assert read(content) == (HEADINGS, PEOPLE)
        assert [row.number for row in open_table(io.BytesIO(content)).rows] == [5, 6]
        assert read(as_xlsx([*above, HEADINGS, *PEOPLE])) == (HEADINGS, PEOPLE)

    def test_of_one_column_begin_at_the_first_row(self) -> None:
        assert read(b"E-mail\r\na@b.example\r\nc@d.example\r\n") == (
            ["E-mail"],
            [["a@b.example"], ["c@d.example"]],
        )

    # Any letter that all of the encodings have; no file tells us what it lacks.
    words = st.text(
        st.sampled_from("abcXYZ0189 '-,;\t.\"@éèôßØ’“€\n"), min_size=0, max_size=12
    ).filter(lambda text: text == text.strip())
    heads = st.lists(
        st.sampled_from(["Title", "Forename", "Surname", "E-mail", "Role", "Staff code"]),
        min_size=2,
        max_size=6,
        unique=True,
    )

    @given(st.data(), heads, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    def test_come_back_as_they_were_written(
        self, data: st.DataObject, heads: list[str], encoding: str
    ) -> None:
        some = st.lists(self.words, min_size=len(heads), max_size=len(heads)).filter(any)
        rows = data.draw(st.lists(some, min_size=1, max_size=6))
        delimiter = data.draw(st.sampled_from([",", ";", "\t"]))
        content = as_csv([heads, *rows], delimiter=delimiter, encoding=encoding)
        assume(encoding != "cp1252" or not is_utf_8_as_well(content))
        assert read(content) == (heads, rows)

    @given(st.data(), heads)
    def test_come_back_from_a_workbook_too(self, data: st.DataObject, heads: list[str]) -> None:
        some = st.lists(self.words, min_size=len(heads), max_size=len(heads)).filter(any)
        rows = data.draw(st.lists(some, min_size=1, max_size=4))
        assert read(as_xlsx([heads, *rows])) == (heads, rows)

    def test_may_say_their_delimiter(self) -> None:
        assert read(b"sep=;\r\nName;Note\r\nJo;a,b\r\n") == (["Name", "Note"], [["Jo", "a,b"]])

    def test_are_not_misread_for_the_marks_in_them(self) -> None:
        heads, rows = ["Title", "Forename"], [['"', "0''"]]
        assert read(as_csv([heads, *rows], delimiter=";", encoding="utf-8")) == (heads, rows)

    def test_may_have_a_delimiter_of_others_in_a_heading(self) -> None:
        content = b"Surname;Forename, or known as;Form\r\nSmith;Jo;3A\r\nJones;Al;3B\r\n"
        heads, rows = read(content)
        assert (heads[1], rows[1]) == ("Forename, or known as", ["Jones", "Al", "3B"])

    def test_may_have_one_column(self) -> None:
        assert read(b"Surname\r\nSmith\r\nJones\r\n") == (["Surname"], [["Smith"], ["Jones"]])

    def test_have_the_numbers_that_a_spreadsheet_shows(self) -> None:
        table = open_table(io.BytesIO(b'\r\nA,B\r\n"1\r\n1",2\r\n\r\n,\r\n3,4\r\n'))
        assert [row.number for row in table.rows] == [3, 6]

    def test_keep_rows_that_are_too_short_or_too_long(self) -> None:
        table = open_table(io.BytesIO(b"A,B,C\r\n1\r\n1,2,3,,\r\n1,2,3,4\r\n"))
        assert [(row.cells, row.surplus) for row in table.rows] == [
            (("1", "", ""), False),
            (("1", "2", "3"), False),
            (("1", "2", "3"), True),
        ]


class TestWorkbooks:
    def test_are_text_as_a_csv_file_would_have_it(self) -> None:
        cells = ["007", 7, 7.5, datetime(2018, 9, 1), True, "=1+1"]  # noqa: DTZ001
        content = as_xlsx([["A", "B", "C", "D", "E", "F"], cells])
        [row] = read(content)[1]
        assert row == ["007", "7", "7.5", "2018-09-01", "TRUE", "=1+1"]

    def test_may_begin_anywhere(self) -> None:
        table = open_table(io.BytesIO(as_xlsx([["", "", ""], ["", "B", "C"], ["", "1", "2"]])))
        assert table.headings == (Heading(1, "B"), Heading(2, "C"))
        assert [(row.number, row.cells) for row in table.rows] == [(3, ("1", "2"))]

    def test_are_read_at_the_first_sheet_that_shows(self) -> None:
        def hide(workbook: Any, sheet: Any) -> None:
            shown = workbook.add_worksheet("Shown")
            shown.write_row(0, 0, ["Shown"])
            shown.write_row(1, 0, ["yes"])
            shown.activate()
            sheet.hide()

        assert read(as_xlsx([["Hidden"], ["no"]], hide)) == (["Shown"], [["yes"]])

    def test_hold_what_a_formula_without_a_value_shows(self) -> None:
        """As a CSV file does; calamine reads it as empty, which is something else."""

        def fails(_: Any, sheet: Any) -> None:
            sheet.write_formula(1, 1, "=NA()", None, "#N/A")
            sheet.write_formula(2, 0, "=1/0", None, "#DIV/0!")

        rows = [["A", "B"], ['<c r="A1" t="e">', ""], ["", "1"]]
        found = [['<c r="A1" t="e">', "#N/A"], ["#DIV/0!", "1"]]
        assert read(as_xlsx(rows, fails)) == (["A", "B"], found)

    def test_hold_it_wherever_it_stands_in_a_long_sheet(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A piece that is read at once may end anywhere."""

        def fails(_: Any, sheet: Any) -> None:
            sheet.write_formula(1, 1, "=NA()", None, "#N/A")

        content = as_xlsx([["A", "B"], ["x", ""]], fails)
        for length in range(1, 80):
            monkeypatch.setattr(workbook, "_AT_ONCE", length)
            assert read(content)[1] == [["x", "#N/A"]]


class TestWhatIsNoTable:
    @pytest.mark.parametrize(
        ("content", "slug"),
        [
            (b"", "empty-file"),
            (b"\xef\xbb\xbf", "empty-file"),
            (b"\r\n , \r\n", "empty-file"),
            (b"Forename,Surname\r\n", "no-rows"),
            (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not-a-table"),
            (b"Forename,Surname\r\nJo\x00,Smith\r\n", "not-a-table"),
            ("A,B\r\nJo\x00,Smith\r\n".encode("utf-16"), "not-a-table"),
            (b"\xff\xfeA", "not-a-table"),
            (b"Forename\r\n\x81\r\n", "not-a-table"),
            (b"E-mail,Name,e-MAIL\r\na,b,c\r\n", "same-headings"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on", "old-or-locked-workbook"),
            (b"PK\x03\x04 and so on", "broken-workbook"),
            (b'A,B\r\n"' + b"x" * 40_000 + b'",2\r\n', "unusable-cell"),
            (b"A" + b",A" * 100 + b"\r\n", "too-many-columns"),
        ],
    )
    def test_says_why(self, content: bytes, slug: str) -> None:
        assert refused(content) == slug

    def test_says_what_it_holds_and_what_it_may_hold(self) -> None:
        """The reason, and not only that something is wrong."""
        with pytest.raises(TableProblem, match="holds NUL characters"):
            read(b"Forename,Surname\r\nJo\x00,Smith\r\n")
        for file in (as_csv([["A"] * 300]), as_xlsx([[f"h{n}" for n in range(300)], ["1"]])):
            with pytest.raises(TableProblem, match="more than 100 columns"):
                read(file)

    def test_may_be_too_long(self) -> None:
        content = as_csv([["A"], *[["1"]] * 4])
        assert read(content, Limits(rows=4))[1] == [["1"]] * 4
        assert refused(content, Limits(rows=3)) == "too-many-rows"

    def test_may_be_a_bomb(self) -> None:
        assert refused(bomb(4), Limits(unpacked=1024 * 1024)) == "too-large"

    def test_may_be_another_zip_or_an_empty_sheet(self) -> None:
        assert refused(as_xlsx([])) == "empty-file"
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as document:
            document.writestr("word/document.xml", "<document/>")
        assert refused(file.getvalue()) == "not-a-table"

    @given(st.binary(max_size=400))
    @example(b"sep=")
    @example(b"\xff\xfe")
    @example(b'"')
    def test_is_never_a_crash(self, content: bytes) -> None:
        """Any bytes give rows or a problem."""
        for start in (b"", b"PK\x03\x04", b"A,B\r\n", b"\xef\xbb\xbf", b"\xff\xfe"):
            with suppress(TableProblem):
                read(start + content)

    @given(st.data())
    def test_is_no_crash_where_a_workbook_is_damaged(self, data: st.DataObject) -> None:
        content = bytearray(a_workbook())
        for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
            content[place] = data.draw(st.integers(0, 255))
        with suppress(TableProblem):
            read(bytes(content))


SYNONYMS = {
    "forename": ("Preferred forename", "Forename", "First name"),
    "surname": ("Surname", "Last name"),
    "email": ("E-mail", "Work e-mail"),
}


class TestColumns:
    def recognised(self, *texts: str, kept: dict[str, str | None] | None = None) -> dict[int, str]:
        headings = [Heading(column, text) for column, text in enumerate(texts)]
        return recognise(headings, SYNONYMS, kept or {})

    def test_are_known_by_synonyms_whatever_their_case_and_punctuation(self) -> None:
        found = self.recognised("FIRST_NAME", "Last-Name *", "Notes", "e mail")
        assert found == {0: "forename", 1: "surname", 3: "email"}

    def test_are_the_best_synonym_where_there_are_several(self) -> None:
        assert self.recognised("Forename", "Preferred Forename") == {1: "forename"}

    def test_are_what_was_chosen_before(self) -> None:
        kept = {"forename": None, "knownas": "forename", "email": "nothing we know"}
        found = self.recognised("Forename", "Known as", "E-mail", "Surname", kept=kept)
        assert found == {1: "forename", 3: "surname"}

    @given(st.lists(st.text(max_size=12), max_size=12))
    def test_each_field_is_found_once(self, texts: list[str]) -> None:
        found = self.recognised(*texts, "Forename", "First name")
        assert len(set(found.values())) == len(found)

    def test_have_letters_and_keys(self) -> None:
        assert [letter(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
            "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
        ]  # fmt: skip
        assert heading_key(" E-mail Address* ") == heading_key("EMailAddress") == "emailaddress"
