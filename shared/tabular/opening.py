"""A file is opened by what it holds, never by its name."""

from __future__ import annotations

from typing import BinaryIO

from shared.tabular.table import Limits, Table, TableProblem
from shared.tabular.text_table import read_text_table
from shared.tabular.workbook import read_workbook

__all__ = ["open_table"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_table(file: BinaryIO, limits: Limits | None = None) -> Table:
    """From the beginning of a file that can be wound back. Raises `TableProblem`.

    For files that come from outside this belongs into a process of its own (`apart`).
    """
    limits = limits or Limits()
    start = file.read(len(_OLE))
    file.seek(0)
    if start == _OLE:
        raise TableProblem(
            "old-or-locked-workbook",
            "This is a workbook of an old kind (.xls), or one with a password. Open it in Excel, "
            "save it as .xlsx without a password, and upload that.",
        )
    if start.startswith(_ZIP):
        return read_workbook(file, limits)
    return read_text_table(file, limits)
