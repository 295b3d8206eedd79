"""All SQL about imports of users: what was uploaded, its preview, and which headings are which."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.identity.user_imports.user_import import (
    Outcome,
    Result,
    StagedRow,
    UserImport,
)
from shared.database.pool import Connection
from shared.tabular.table import Heading

__all__ = [
    "all_rows",
    "delete_import",
    "delete_oldest",
    "find_headings",
    "find_import",
    "forget_due",
    "insert_import",
    "insert_rows",
    "keep_headings",
    "keep_import",
    "keep_results",
    "lock_import",
    "rows_after",
]

_COLUMNS = """import_id, school_id, file_name, made_at, state, version, headings, columns,
    keep_over_mis, add_namesakes, row_count, counts, fingerprint, confirmed_at"""
_ROWS_AT_ONCE = 1_000


async def insert_import(connection: Connection, new: UserImport, forget_at: datetime) -> None:
    await connection.execute(
        f"INSERT INTO user_imports ({_COLUMNS}) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        new.import_id,
        new.school_id,
        new.file_name,
        new.made_at,
        new.state,
        new.version,
        json.dumps([[heading.column, heading.text] for heading in new.headings]),
        json.dumps(new.columns),
        new.keep_over_mis,
        new.add_namesakes,
        new.row_count,
        json.dumps(new.counts),
        new.fingerprint,
        new.confirmed_at,
    )
    await connection.execute("SELECT user_import_due($1, $2)", new.import_id, forget_at)


async def insert_rows(connection: Connection, of: UserImport, rows: Iterable[Any]) -> None:
    """Rows with `number`, `cells` and `surplus`."""
    await connection.execute(
        """
        INSERT INTO user_import_rows (school_id, import_id, row_number, cells, surplus)
        SELECT $1, $2, r.number, ARRAY(SELECT jsonb_array_elements_text(r.cells)), r.surplus
        FROM jsonb_to_recordset($3::jsonb) AS r (number integer, cells jsonb, surplus boolean)
        """,
        of.school_id,
        of.import_id,
        json.dumps(
            [{"number": row.number, "cells": row.cells, "surplus": row.surplus} for row in rows]
        ),
    )


async def keep_import(connection: Connection, changed: UserImport) -> None:
    await connection.execute(
        """
        UPDATE user_imports SET state = $2, version = $3, columns = $4, keep_over_mis = $5,
            add_namesakes = $6, row_count = $7, counts = $8, fingerprint = $9, confirmed_at = $10
        WHERE import_id = $1
        """,
        changed.import_id,
        changed.state,
        changed.version,
        json.dumps(changed.columns),
        changed.keep_over_mis,
        changed.add_namesakes,
        changed.row_count,
        json.dumps(changed.counts),
        changed.fingerprint,
        changed.confirmed_at,
    )


async def keep_results(connection: Connection, import_id: UUID, results: Sequence[Result]) -> None:
    await connection.execute(
        """
        UPDATE user_import_rows SET outcome = r.outcome, result = r.result
        FROM unnest($2::integer[], $3::text[], $4::jsonb[]) AS r (row_number, outcome, result)
        WHERE import_id = $1 AND user_import_rows.row_number = r.row_number
        """,
        import_id,
        [result.number for result in results],
        [result.outcome for result in results],
        [json.dumps(result.stored()) for result in results],
    )


async def find_import(connection: Connection, import_id: UUID) -> UserImport | None:
    """One of this school."""
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM user_imports WHERE import_id = $1", import_id
    )
    return _import(rows[0]) if rows else None


async def lock_import(connection: Connection, import_id: UUID) -> UserImport | None:
    """One of this school, kept as it is until the transaction ends."""
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM user_imports WHERE import_id = $1 FOR UPDATE", import_id
    )
    return _import(rows[0]) if rows else None


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
        "SELECT row_number, cells, surplus, result FROM user_import_rows "
        "WHERE import_id = $1 AND row_number > $2 AND ($3::text IS NULL OR outcome = $3) "
        "ORDER BY row_number LIMIT $4",
        import_id,
        after,
        outcome,
        limit,
    )
    return [_row(row) for row in rows]


async def all_rows(connection: Connection, import_id: UUID) -> AsyncIterator[StagedRow]:
    after = 0
    while True:
        found = await rows_after(connection, import_id, after, limit=_ROWS_AT_ONCE)
        for row in found:
            yield row
        if len(found) < _ROWS_AT_ONCE:
            return
        after = found[-1].number


async def delete_import(connection: Connection, import_id: UUID) -> None:
    """With its rows."""
    await connection.execute("DELETE FROM user_imports WHERE import_id = $1", import_id)


async def delete_oldest(connection: Connection, kept: int) -> None:
    """All imports of this school but the newest."""
    await connection.execute(
        "DELETE FROM user_imports WHERE import_id IN "
        "(SELECT import_id FROM user_imports ORDER BY made_at DESC, import_id DESC OFFSET $1)",
        kept,
    )


async def forget_due(connection: Connection, now: datetime) -> int:
    """Some of those of all schools whose time is over; how many they were."""
    return int(await connection.fetchval("SELECT user_imports_forget($1)", now))


async def find_headings(connection: Connection) -> dict[str, str | None]:
    """What this school took its headings for, by `heading_key`."""
    rows = await connection.fetch("SELECT heading_key, field FROM user_import_headings")
    return {row["heading_key"]: row["field"] for row in rows}


async def keep_headings(
    connection: Connection, school_id: UUID, chosen: Mapping[str, str | None]
) -> None:
    keys = sorted(chosen)
    await connection.execute(
        """
        INSERT INTO user_import_headings (school_id, heading_key, field)
        SELECT $1, h.heading_key, h.field
        FROM unnest($2::text[], $3::text[]) AS h (heading_key, field)
        ON CONFLICT (school_id, heading_key) DO UPDATE SET field = excluded.field
        """,
        school_id,
        keys,
        [chosen[key] for key in keys],
    )


def _import(row: Any) -> UserImport:
    values = dict(row)
    values["headings"] = tuple(Heading(*heading) for heading in json.loads(row["headings"]))
    values["columns"] = {int(c): field for c, field in json.loads(row["columns"]).items()}
    values["counts"] = json.loads(row["counts"])
    return UserImport(**values)


def _row(row: Any) -> StagedRow:
    result = Result.of_stored(json.loads(row["result"])) if row["result"] else None
    return StagedRow(row["row_number"], row["cells"], row["surplus"], result)
