"""Everything that is kept of one school, as one ZIP: a CSV for each table, and its files.

Each service's rows are read as that service, in the school's own transaction: nothing of another
school can come along. What opens something, such as a password's hash, is left out.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString, cast
from uuid import UUID

import psycopg
from psycopg import sql

from deploy.local.errors import OperatorError
from deploy.local.school_files import files_of_school
from deploy.local.state import State
from shared.web.spreadsheet import csv_lines

__all__ = ["export_school"]

TABLES: LiteralString = """
SELECT c.relname FROM pg_class c
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relforcerowsecurity
    AND c.relnamespace = 'public'::regnamespace
    AND has_table_privilege(c.oid, 'SELECT') ORDER BY c.relname
"""
SECRET = re.compile(r"password|hash|token|secret|csrf|sealed|search_key")
"""Columns whose content opens something, or only serves a search."""

NOTE = """\
Everything that Classroom Monitor keeps of {school}: one CSV for each table (UTF-8, the first row
names the columns, times in UTC), and the school's files. A text that a spreadsheet would run as a
formula has a ' before it. Passwords, their hashes and what else
opens something are left out.
"""


def export_school(state: State, school_id: UUID, to: Path) -> int:
    """How many rows were written to the ZIP. Raises `OperatorError` where there is nothing."""
    dsns: dict[str, str] = state.read("stack").get("service_dsns") or {}
    if not dsns:
        raise OperatorError("Nothing is up here: start it with ./classroom up --detach.")
    rows = 0
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        to.chmod(0o600)
        archive.writestr("READ ME.txt", NOTE.format(school=school_id))
        for service, dsn in dsns.items():
            for table, content, count in _tables(dsn, school_id):
                archive.writestr(f"{service}/{table}.csv", content)
                rows += count
        for name, pieces in files_of_school(state, school_id):
            with archive.open(f"files/{name}", "w", force_zip64=True) as file:
                file.writelines(pieces)
    if not rows:
        to.unlink()
        raise OperatorError("Nothing is kept of such a school.")
    return rows


def _tables(dsn: str, school_id: UUID) -> Iterator[tuple[str, str, int]]:
    """Name, CSV and number of rows of each that has any; all as they were at one moment."""
    with psycopg.connect(dsn) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.execute("SELECT set_config('app.school_id', %s, true)", (str(school_id),))
        names = [str(row[0]) for row in connection.execute(TABLES)]
        for name in names:
            found = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name)))
            columns = [column.name for column in found.description or ()]
            kept = [place for place, column in enumerate(columns) if not SECRET.search(column)]
            rows = [[_cell(row[place]) for place in kept] for row in found]
            if rows:
                headings = [columns[place] for place in kept]
                yield name, csv_lines([headings, *rows]), len(rows)


def _cell(value: object) -> object:
    if isinstance(value, dict | list):
        return json.dumps(value, default=str, ensure_ascii=False)
    return bytes(cast(bytes, value)).hex() if isinstance(value, bytes | memoryview) else value
