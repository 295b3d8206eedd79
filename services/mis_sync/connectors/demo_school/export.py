"""Writes the made-up school as a OneRoster 1.2 CSV export, untidy as real ones are.

The same school gives the same bytes: ZIPs are stored unpacked, with one fixed time.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from services.mis_sync.connectors.demo_school.files import export_rows
from services.mis_sync.connectors.demo_school.model import School

__all__ = ["export_files", "write_export"]

_WITH_BYTE_ORDER_MARK = {"users.csv"}
_WITH_BLANK_LINES_AT_THE_END = {"demographics.csv"}
_UNIX_LINE_ENDS = {"roles.csv"}
_ZIP_TIME = (2026, 9, 1, 0, 0, 0)


def write_export(school: School, output: Path, *, zipped: bool) -> None:
    """Write the export into a folder, which is made if need be, or as a ZIP file."""
    files = export_files(school)
    if not zipped:
        output.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (output / name).write_bytes(content)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), content)


def export_files(school: School) -> dict[str, bytes]:
    """Every file of the export by its name."""
    return {name: _csv(name, columns, rows) for name, columns, rows in export_rows(school)}


def _csv(name: str, columns: list[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    text = io.StringIO()
    line_end = "\n" if name in _UNIX_LINE_ENDS else "\r\n"
    writer = csv.DictWriter(text, columns, restval="", lineterminator=line_end)
    writer.writeheader()
    writer.writerows(rows)
    if name in _WITH_BLANK_LINES_AT_THE_END:
        text.write(line_end * 2)
    return text.getvalue().encode("utf-8-sig" if name in _WITH_BYTE_ORDER_MARK else "utf-8")
