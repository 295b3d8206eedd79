"""All SQL about imports of marks: what was uploaded, its preview, and which headings are which."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.reports.mark_imports.mark_import import MarkImport, Outcome, Result, StagedRow
from shared.database.pool import Connection
from shared.tabular.table import Heading, Row

__all__ = [
    "all_rows",
    "delete_import",
    "delete_oldest",
    "find_headings",
    "find_import",
    "forget_until",
    "insert_import",
    "insert_rows",
    "keep_headings",
    "keep_import",
    "keep_results",
    "rows_after",
]

_COLUMNS = """import_id, school_id, account_id, group_id, subject_id, term_id, file_name, made_at,
    state, version, headings, columns, row_count, counts, fingerprint, confirmed_at"""


async def insert_import(connection: Connection, new: MarkImport, forget_at: datetime) -> None:
    await connection.execute(
        f"INSERT INTO mark_imports ({_COLUMNS}, forget_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        new.import_id,
        new.school_id,
        new.account_id,
        new.group_id,
        new.subject_id,
        new.term_id,
        new.file_name,
        new.made_at,
        new.state,
        new.version,
        json.dumps([[heading.column, heading.text] for heading in new.headings]),
        json.dumps(new.columns),
        new.row_count,
        json.dumps(new.counts),
        new.fingerprint,
        new.confirmed_at,
        forget_at,
    )


async def insert_rows(connection: Connection, of: MarkImport, rows: Iterable[Row]) -> None:
    await connection.execute(
        """
        INSERT INTO mark_import_rows (school_id, import_id, row_number, cells, surplus)
        SELECT $1, $2, r.number, ARRAY(SELECT jsonb_array_elements_text(r.cells)), r.surplus
        FROM jsonb_to_recordset($3::jsonb) AS r (number integer, cells jsonb, surplus boolean)
        """,
        of.school_id,
        of.import_id,
        json.dumps(
            [{"number": row.number, "cells": row.cells, "surplus": row.surplus} for row in rows]
        ),
    )


async def keep_import(connection: Connection, changed: MarkImport) -> None:
    await connection.execute(
        "UPDATE mark_imports SET state = $2, version = $3, columns = $4, row_count = $5, "
        "counts = $6, fingerprint = $7, confirmed_at = $8 WHERE import_id = $1",
        changed.import_id,
        changed.state,
        changed.version,
        json.dumps(changed.columns),
        changed.row_count,
        json.dumps(changed.counts),
        changed.fingerprint,
        changed.confirmed_at,
    )


async def keep_results(connection: Connection, import_id: UUID, results: Sequence[Result]) -> None:
    await connection.execute(
        """
        UPDATE mark_import_rows SET outcome = r.outcome, result = r.result
        FROM unnest($2::integer[], $3::text[], $4::jsonb[]) AS r (row_number, outcome, result)
        WHERE import_id = $1 AND mark_import_rows.row_number = r.row_number
        """,
        import_id,
        [result.number for result in results],
        [result.outcome for result in results],
        [json.dumps(result.stored()) for result in results],
    )


async def find_import(
    connection: Connection, import_id: UUID, account_id: UUID, *, to_change: bool = False
) -> MarkImport | None:
    """One that this account uploaded. `to_change`: it stays as it is until the transaction ends."""
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM mark_imports WHERE import_id = $1 AND account_id = $2 "
        f"{'FOR UPDATE' if to_change else ''}",
        import_id,
        account_id,
    )
    return _import(row) if row else None


async def rows_after(
    connection: Connection,
    import_id: UUID,
    after: int = 0,
    *,
    outcome: Outcome | None = None,
    limit: int,
) -> list[StagedRow]:
    """In the order of the file, from the one after `after` on."""
    rows = await connection.fetch(
        "SELECT row_number, cells, surplus, result FROM mark_import_rows "
        "WHERE import_id = $1 AND row_number > $2 AND ($3::text IS NULL OR outcome = $3) "
        "ORDER BY row_number LIMIT $4",
        import_id,
        after,
        outcome,
        limit,
    )
    return [_row(row) for row in rows]


async def all_rows(connection: Connection, of: MarkImport) -> list[StagedRow]:
    """`LIMITS` says how many these may be."""
    return await rows_after(connection, of.import_id, limit=of.row_count)


async def delete_import(connection: Connection, import_id: UUID) -> None:
    """With its rows."""
    await connection.execute("DELETE FROM mark_imports WHERE import_id = $1", import_id)


async def delete_oldest(connection: Connection, account_id: UUID, kept: int) -> None:
    """All uploads of this account but the newest."""
    await connection.execute(
        "DELETE FROM mark_imports WHERE import_id IN (SELECT import_id FROM mark_imports "
        "WHERE account_id = $1 ORDER BY made_at DESC, import_id DESC OFFSET $2)",
        account_id,
        kept,
    )


async def forget_until(connection: Connection, now: datetime) -> datetime | None:
    """Those of the school whose time is over; when the next one's is."""
    await connection.execute("DELETE FROM mark_imports WHERE forget_at <= $1", now)
    following: datetime | None = await connection.fetchval(
        "SELECT min(forget_at) FROM mark_imports"
    )
    return following


async def find_headings(connection: Connection) -> dict[str, str | None]:
    """What this school took its headings for, by `heading_key`."""
    rows = await connection.fetch("SELECT heading_key, field FROM mark_import_headings")
    return {row["heading_key"]: row["field"] for row in rows}


async def keep_headings(
    connection: Connection, school_id: UUID, chosen: Mapping[str, str | None]
) -> None:
    keys = sorted(chosen)
    await connection.execute(
        """
        INSERT INTO mark_import_headings (school_id, heading_key, field)
        SELECT $1, h.heading_key, h.field
        FROM unnest($2::text[], $3::text[]) AS h (heading_key, field)
        ON CONFLICT (school_id, heading_key) DO UPDATE SET field = excluded.field
        """,
        school_id,
        keys,
        [chosen[key] for key in keys],
    )


def _import(row: Any) -> MarkImport:
    values = dict(row)
    values["headings"] = tuple(Heading(*heading) for heading in json.loads(row["headings"]))
    values["columns"] = {int(c): field for c, field in json.loads(row["columns"]).items()}
    values["counts"] = json.loads(row["counts"])
    return MarkImport(**values)


def _row(row: Any) -> StagedRow:
    result = Result.of_stored(json.loads(row["result"])) if row["result"] else None
    return StagedRow(row["row_number"], row["cells"], row["surplus"], result)
