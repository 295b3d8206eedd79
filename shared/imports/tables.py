"""All SQL about uploads, their rows, and which headings a school takes for which field.

A service has three tables for its kind of import, alike but for their names and for what it adds
to an upload: `<kind>_imports`, `<kind>_import_rows`, `<kind>_import_headings`. Row-level security
keeps every statement to the transaction's school.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

from shared.database.pool import Connection
from shared.imports.uploads import Outcome, Result, StagedRow, Upload
from shared.tabular.table import Heading, Row

__all__ = ["UploadTables"]

_U = TypeVar("_U", bound=Upload)
_R = TypeVar("_R", bound=Result)
_ROWS_AT_ONCE = 1_000
_FIXED = ("import_id", "school_id", "file_name", "made_at", "headings")
_CHANGING = ("state", "version", "columns", "row_count", "counts", "fingerprint", "confirmed_at")


class UploadTables(Generic[_U, _R]):
    """`mine` are what the service adds for good, `how` what a person may choose at each preview;
    both are names of fields and of columns."""

    def __init__(
        self,
        kind: str,
        upload: type[_U],
        result: type[_R],
        *,
        mine: Sequence[str] = (),
        how: Sequence[str] = (),
    ) -> None:
        self._uploads, self._rows = f"{kind}_imports", f"{kind}_import_rows"
        self._headings = f"{kind}_import_headings"
        self._upload, self._result = upload, result
        self._changing = (*_CHANGING, *how)
        self._columns = (*_FIXED, *mine, *self._changing)

    async def insert(self, connection: Connection, new: _U, **more: object) -> None:
        """`more` are columns that are no fields."""
        names = (*self._columns, *more)
        places = ", ".join(f"${place}" for place in range(1, len(names) + 1))
        await connection.execute(
            f"INSERT INTO {self._uploads} ({', '.join(names)}) VALUES ({places})",  # noqa: S608
            *(_stored(name, getattr(new, name)) for name in self._columns),
            *more.values(),
        )

    async def insert_rows(self, connection: Connection, of: _U, rows: Iterable[Row]) -> None:
        await connection.execute(
            f"INSERT INTO {self._rows} (school_id, import_id, row_number, cells, surplus) "  # noqa: S608
            "SELECT $1, $2, r.number, ARRAY(SELECT jsonb_array_elements_text(r.cells)), r.surplus "
            "FROM jsonb_to_recordset($3::jsonb) "
            "AS r (number integer, cells jsonb, surplus boolean)",
            of.school_id,
            of.import_id,
            json.dumps(
                [{"number": row.number, "cells": row.cells, "surplus": row.surplus} for row in rows]
            ),
        )

    async def keep(self, connection: Connection, changed: _U) -> None:
        sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(self._changing, 2))
        await connection.execute(
            f"UPDATE {self._uploads} SET {sets} WHERE import_id = $1",  # noqa: S608
            changed.import_id,
            *(_stored(name, getattr(changed, name)) for name in self._changing),
        )

    async def keep_results(
        self, connection: Connection, import_id: UUID, results: Sequence[_R]
    ) -> None:
        await connection.execute(
            f"UPDATE {self._rows} SET outcome = r.outcome, result = r.result "  # noqa: S608
            "FROM unnest($2::integer[], $3::text[], $4::jsonb[]) AS r (number, outcome, result) "
            "WHERE import_id = $1 AND row_number = r.number",
            import_id,
            [result.number for result in results],
            [result.outcome for result in results],
            [json.dumps(result.stored()) for result in results],
        )

    async def find(
        self, connection: Connection, import_id: UUID, *, to_change: bool = False
    ) -> _U | None:
        """One of this school. `to_change`: it stays as it is until the transaction ends."""
        row = await connection.fetchrow(
            f"SELECT {', '.join(self._columns)} FROM {self._uploads} WHERE import_id = $1 "  # noqa: S608
            f"{'FOR UPDATE' if to_change else ''}",
            import_id,
        )
        return self._upload_of(row) if row else None

    async def rows_after(
        self,
        connection: Connection,
        import_id: UUID,
        after: int = 0,
        *,
        outcome: Outcome | None = None,
        limit: int,
    ) -> list[StagedRow[_R]]:
        """In the order of the file, from the one after `after` on."""
        rows = await connection.fetch(
            f"SELECT row_number, cells, surplus, result FROM {self._rows} "  # noqa: S608
            "WHERE import_id = $1 AND row_number > $2 AND ($3::text IS NULL OR outcome = $3) "
            "ORDER BY row_number LIMIT $4",
            import_id,
            after,
            outcome,
            limit,
        )
        return [self._row_of(row) for row in rows]

    async def all_rows(
        self, connection: Connection, import_id: UUID
    ) -> AsyncIterator[StagedRow[_R]]:
        after = 0
        while True:
            found = await self.rows_after(connection, import_id, after, limit=_ROWS_AT_ONCE)
            for row in found:
                yield row
            if len(found) < _ROWS_AT_ONCE:
                return
            after = found[-1].number

    async def delete(self, connection: Connection, import_id: UUID) -> None:
        """With its rows."""
        await connection.execute(
            f"DELETE FROM {self._uploads} WHERE import_id = $1",  # noqa: S608
            import_id,
        )

    async def delete_oldest(self, connection: Connection, of: _U, kept: int, *alike: str) -> None:
        """All of the school but the newest; of those with the same values in `alike`, if any."""
        wanted = " AND ".join(
            ("true", *(f"{name} = ${place}" for place, name in enumerate(alike, 2)))
        )
        await connection.execute(
            f"DELETE FROM {self._uploads} WHERE import_id IN (SELECT import_id "  # noqa: S608
            f"FROM {self._uploads} WHERE {wanted} ORDER BY made_at DESC, import_id DESC OFFSET $1)",
            kept,
            *(getattr(of, name) for name in alike),
        )

    async def find_headings(self, connection: Connection) -> dict[str, str | None]:
        """What this school took its headings for, by `heading_key`."""
        rows = await connection.fetch(f"SELECT heading_key, field FROM {self._headings}")  # noqa: S608
        return {row["heading_key"]: row["field"] for row in rows}

    async def keep_headings(
        self, connection: Connection, school_id: UUID, chosen: Mapping[str, str | None]
    ) -> None:
        keys = sorted(chosen)
        await connection.execute(
            f"INSERT INTO {self._headings} (school_id, heading_key, field) "  # noqa: S608
            "SELECT $1, h.heading_key, h.field "
            "FROM unnest($2::text[], $3::text[]) AS h (heading_key, field) "
            "ON CONFLICT (school_id, heading_key) DO UPDATE SET field = excluded.field",
            school_id,
            keys,
            [chosen[key] for key in keys],
        )

    def _upload_of(self, row: Any) -> _U:
        values = dict(row)
        values["headings"] = tuple(Heading(*heading) for heading in json.loads(row["headings"]))
        values["columns"] = {int(c): field for c, field in json.loads(row["columns"]).items()}
        values["counts"] = json.loads(row["counts"])
        return self._upload(**values)

    def _row_of(self, row: Any) -> StagedRow[_R]:
        result = self._result.of_stored(json.loads(row["result"])) if row["result"] else None
        return StagedRow(row["row_number"], row["cells"], row["surplus"], result)


def _stored(name: str, value: Any) -> Any:
    if name == "headings":
        return json.dumps([[heading.column, heading.text] for heading in value])
    return json.dumps(value) if name in ("columns", "counts") else value
