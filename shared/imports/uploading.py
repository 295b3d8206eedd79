"""What is done with every upload, of whatever kind: staged, looked through, listed (R10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar
from uuid import UUID

from shared.database.pool import Connection
from shared.imports.columns import headings_chosen
from shared.imports.plans import counts_of, fingerprint_of
from shared.imports.tables import UploadTables
from shared.imports.uploads import Outcome, Result, StagedRow, Upload
from shared.tabular.apart import TableApart
from shared.web.paging import PageRequest, decode_cursor, encode_cursor

__all__ = ["RowPage", "keep_columns", "keep_preview", "page_of_rows", "samples_of", "stage_rows"]

_U = TypeVar("_U", bound=Upload)
_R = TypeVar("_R", bound=Result)
_SAMPLES = 3


@dataclass(frozen=True)
class RowPage(Generic[_R]):
    rows: list[StagedRow[_R]]
    next_cursor: str | None
    total: int


async def stage_rows(
    connection: Connection, tables: UploadTables[_U, _R], new: _U, table: TableApart
) -> _U:
    """All rows of a file whose upload was inserted; some at a time, however many there are."""
    count = 0
    async for batch in table.batches:
        await tables.insert_rows(connection, new, batch)
        count += len(batch)
    staged = replace(new, row_count=count)
    await tables.keep(connection, staged)
    return staged


async def samples_of(
    connection: Connection, tables: UploadTables[_U, _R], import_id: UUID
) -> list[StagedRow[_R]]:
    """The first rows, to tell columns by."""
    return await tables.rows_after(connection, import_id, limit=_SAMPLES)


async def keep_columns(
    connection: Connection,
    tables: UploadTables[_U, _R],
    before: _U,
    columns: Mapping[int, str | None],
) -> None:
    """What a person said that they are, for the school's next file."""
    chosen = headings_chosen(before.headings, columns)
    await tables.keep_headings(connection, before.school_id, chosen)


async def keep_preview(
    connection: Connection, tables: UploadTables[_U, _R], wanted: _U, results: Sequence[_R]
) -> _U:
    """At its next version."""
    previewed = replace(
        wanted,
        state="previewed",
        version=wanted.version + 1,
        counts=counts_of(results),
        fingerprint=fingerprint_of(results),
    )
    await tables.keep(connection, previewed)
    await tables.keep_results(connection, wanted.import_id, results)
    return previewed


async def page_of_rows(
    connection: Connection,
    tables: UploadTables[_U, _R],
    found: _U,
    outcome: Outcome | None,
    page: PageRequest,
) -> RowPage[_R]:
    """In the order of the file."""
    after = int(decode_cursor(page.cursor, 1, [int])[0] or 0) if page.cursor else 0
    after = min(max(after, 0), 2**31 - 1)
    rows = await tables.rows_after(
        connection, found.import_id, after, outcome=outcome, limit=page.limit + 1
    )
    shown = rows[: page.limit]
    cursor = encode_cursor([shown[-1].number]) if len(rows) > page.limit else None
    total = found.counts.get(outcome, 0) if outcome else found.row_count
    return RowPage(shown, cursor, total)
