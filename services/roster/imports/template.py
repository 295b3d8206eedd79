"""A list of pupils to fill in, as CSV and as a workbook: headings that are recognised (R10).

The workbook has its notes and example on a sheet of their own, which is not read. A CSV file has
only one sheet, so its example is a row, which is known by its UPN and never imported.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

import xlsxwriter

from services.roster.imports.columns import EXAMPLE_UPN, FIELD_NAMES, OPTIONAL_FIELDS
from shared.school.year_groups import YEAR_GROUP_ORDER
from shared.web.spreadsheet import BOM, csv_lines

__all__ = ["TEMPLATE_TYPES", "TemplateForm", "template"]

TemplateForm: TypeAlias = Literal["csv", "xlsx"]
TEMPLATE_TYPES: Mapping[TemplateForm, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class _Column:
    field: str
    needed: str
    says: str
    example: str
    width: int = 16


_COLUMNS = (
    _Column("upn", "Wanted", "13 characters. The MIS cannot find a pupil without one.",
            EXAMPLE_UPN, 18),
    _Column("former_upns", "", "Where the pupil had another UPN before, such as a temporary one.",
            "", 18),
    _Column("legal_surname", "Yes", "As on the birth certificate.", "Example"),
    _Column("legal_forename", "Yes", "As on the birth certificate.", "Delete-this-row"),
    _Column("preferred_surname", "", "Only where it is another than the surname.", "", 20),
    _Column("preferred_forename", "", "Only where it is another than the forename.", "Del", 20),
    _Column("middle_names", "", "All of them in one cell.", "Anne Marie"),
    _Column("date_of_birth", "Yes", "All dates in one order, which you are asked for.",
            "31/12/2018", 14),
    _Column("sex", "", "F, M or U; Female and Male are understood too.", "F", 8),
    _Column("year_group", "", "N1, N2, R or 1 to 13; Reception and Year 3 are understood too.",
            "3", 12),
    _Column("class_name", "", "As the class is called here. Several are divided by semicolons.",
            "3 Blue"),
    _Column("ethnicity", "", "The DfE’s code, such as WBRI, or its name.", "WBRI"),
    _Column("first_language", "", "The DfE’s code, such as ENG, or the language’s name.", "ENG"),
    _Column("sen_provision", "", "N (none), K (SEN support) or E (EHC plan).", "N", 8),
    _Column("free_school_meals", "", "Yes or No.", "No", 18),
    _Column("pupil_premium", "", "Yes or No.", "No", 16),
    _Column("in_care", "", "Yes or No.", "No", 10),
)  # fmt: skip
_FILLED_IN = 2_000
"""Rows of the sheet that are made ready: text stays text, and days are days."""
_YES_OR_NO = ["Yes", "No"]
_MADE = datetime(2026, 9, 1, tzinfo=UTC).replace(tzinfo=None)
"""So that two templates are the same file."""


def template(form: TemplateForm, kept: Collection[str]) -> bytes:
    """With the optional fields that the school keeps."""
    columns = [one for one in _COLUMNS if one.field in kept or one.field not in OPTIONAL_FIELDS]
    return _as_csv(columns) if form == "csv" else _as_workbook(columns)


def _as_csv(columns: Collection[_Column]) -> bytes:
    headings = [FIELD_NAMES[one.field] for one in columns]
    return (BOM + csv_lines([headings, [one.example for one in columns]])).encode()


def _as_workbook(columns: Collection[_Column]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": "Pupils to import", "created": _MADE})
        heading = workbook.add_format({"bold": True, "bottom": 1})
        needed = workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#D9EBEE"})
        text = workbook.add_format({"num_format": "@"})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        choices = {
            "sex": ["F", "M", "U"],
            "year_group": list(YEAR_GROUP_ORDER),
            **dict.fromkeys(("free_school_meals", "pupil_premium", "in_care"), _YES_OR_NO),
            "sen_provision": ["N", "K", "E"],
        }
        sheet = workbook.add_worksheet("Pupils")
        sheet.freeze_panes(1, 0)
        for place, one in enumerate(columns):
            # Excel would make numbers of what it takes for numbers, and lose noughts.
            sheet.set_column(place, place, one.width, day if one.field == "date_of_birth" else text)
            name = FIELD_NAMES[one.field]
            sheet.write_string(0, place, name, needed if one.needed else heading)
            if one.field in choices:
                said = {"validate": "list", "source": choices[one.field], "error_type": "warning"}
                sheet.data_validation(1, place, _FILLED_IN, place, said)
        _notes(workbook, columns)
    return file.getvalue()


def _notes(workbook: xlsxwriter.Workbook, columns: Collection[_Column]) -> None:
    bold = workbook.add_format({"bold": True, "bottom": 1})
    sheet = workbook.add_worksheet("How to fill it in")
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, 2, 62)
    sheet.set_column(3, 3, 18)
    lines = [
        "Fill in the sheet ‘Pupils’: one pupil in each row, below the headings.",
        "Columns that you do not need can be deleted. An empty cell changes nothing.",
        "This sheet is not imported.",
    ]
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)
    for place, name in enumerate(("Column", "Needed", "What goes in", "For example")):
        sheet.write_string(len(lines) + 1, place, name, bold)
    for row, one in enumerate(columns, start=len(lines) + 2):
        cells = (FIELD_NAMES[one.field], one.needed, one.says, one.example)
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell)
