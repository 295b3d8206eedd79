"""The SQL of the statement bank."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.reports.statements.statement import Statement
from shared.database.pool import Connection

__all__ = ["all_statements", "insert_statements", "keep_statement", "lock_statement"]

_COLUMNS = "id, kind, subject_id, band_id, text, active, version"


async def all_statements(connection: Connection) -> list[Statement]:
    """Inactive ones too; of a subject those for all subjects first."""
    rows = await connection.fetch(
        f"SELECT {', '.join(f's.{name}' for name in _COLUMNS.split(', '))} FROM statements s "
        "LEFT JOIN subjects u ON u.id = s.subject_id LEFT JOIN scale_bands b ON b.id = s.band_id "
        "ORDER BY s.kind DESC, u.position NULLS FIRST, b.position NULLS FIRST, s.text_key, s.id"
    )
    return [_statement(row) for row in rows]


async def lock_statement(connection: Connection, statement_id: UUID) -> Statement | None:
    """It stays as it is until the transaction ends."""
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM statements WHERE id = $1 FOR NO KEY UPDATE", statement_id
    )
    return _statement(row) if row else None


async def insert_statements(
    connection: Connection,
    school_id: UUID,
    statements: Sequence[Statement],
    at: datetime,
    by: str,
) -> int:
    """How many were new: one that is there already, by its id or its words, is left as it is."""
    status = await connection.execute(
        f"INSERT INTO statements (school_id, {_COLUMNS}, changed_at, changed_by) "
        "SELECT $1, s.*, $9, $10 FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], "
        "$6::text[], $7::boolean[], $8::integer[]) AS s ON CONFLICT DO NOTHING",
        school_id,
        [one.id for one in statements],
        [one.kind for one in statements],
        [one.subject_id for one in statements],
        [one.band_id for one in statements],
        [one.text for one in statements],
        [one.active for one in statements],
        [one.version for one in statements],
        at,
        by,
    )
    return int(status.rpartition(" ")[2])


async def keep_statement(
    connection: Connection, statement: Statement, at: datetime, by: str
) -> bool:
    """False where another says the same for the same."""
    there = await connection.fetchval(
        "SELECT true FROM statements WHERE id <> $1 AND kind = $2 AND text_key = lower($5) "
        "AND subject_id IS NOT DISTINCT FROM $3 AND band_id IS NOT DISTINCT FROM $4",
        statement.id,
        statement.kind,
        statement.subject_id,
        statement.band_id,
        statement.text,
    )
    if there:
        return False
    await connection.execute(
        "UPDATE statements SET kind = $2, subject_id = $3, band_id = $4, text = $5, active = $6, "
        "version = $7, changed_at = $8, changed_by = $9 WHERE id = $1",
        statement.id,
        statement.kind,
        statement.subject_id,
        statement.band_id,
        statement.text,
        statement.active,
        statement.version,
        at,
        by,
    )
    return True


def _statement(row: Any) -> Statement:
    return Statement(**dict(row))
