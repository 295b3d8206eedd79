"""All SQL about pupil imports: uploads, their rows, results and progress."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.roster.imports.kept_results import KeptResults, listed_in
from services.roster.imports.pupil_import import (
    Listed,
    Listing,
    Progress,
    PupilImport,
    Result,
    StagedRow,
)
from services.roster.imports.stored import COLUMNS, STATE, import_of, state_of
from shared.database.pool import Connection
from shared.tabular.apart import Batch

__all__ = ["ImportRepository"]

_ROWS_AT_ONCE = 1_000
_KEEP = (
    f"UPDATE pupil_imports SET ({STATE}) = ROW ({', '.join(f'${n}' for n in range(2, 19))}) "
    "WHERE import_id = $1"
)


class ImportRepository:
    """The imports of the school whose transaction `connection` is in."""

    async def insert(self, connection: Connection, new: PupilImport) -> bool:
        """Whether it is new. It is forgotten in time."""
        places = ", ".join(f"${n}" for n in range(1, 22))
        added = await connection.fetchval(
            f"WITH new AS (INSERT INTO pupil_imports ({COLUMNS}) VALUES ({places}) "
            "ON CONFLICT (school_id, import_id) DO NOTHING RETURNING import_id) "
            "SELECT true FROM new, pupil_import_due(new.import_id, $22)",
            new.import_id,
            new.school_id,
            new.file_name,
            new.made_at,
            *state_of(new),
            new.kept_until,
        )
        return added is True

    async def keep(self, connection: Connection, changed: PupilImport) -> None:
        await connection.execute(_KEEP, changed.import_id, *state_of(changed))

    async def keep_for(self, connection: Connection, changed: PupilImport) -> None:
        """And when it is to be forgotten."""
        await connection.execute(
            f"WITH kept AS ({_KEEP} RETURNING import_id) "
            "SELECT pupil_import_due(import_id, $19) FROM kept",
            changed.import_id,
            *state_of(changed),
            changed.kept_until,
        )

    async def insert_rows(
        self, connection: Connection, of: PupilImport, batches: Sequence[Batch]
    ) -> None:
        """As the reader wrote them."""
        await connection.execute(
            "INSERT INTO pupil_import_rows (school_id, import_id, row_number, last_number, rows) "
            "SELECT $1, $2, * FROM unnest($3::integer[], $4::integer[], $5::text[]::json[])",
            of.school_id,
            of.import_id,
            [batch.first for batch in batches],
            [batch.last for batch in batches],
            [batch.text.decode() for batch in batches],
        )

    async def tell_read(self, connection: Connection, of: PupilImport) -> None:
        """How many rows are read so far."""
        await connection.execute(
            "UPDATE pupil_imports SET row_count = $2 WHERE import_id = $1",
            of.import_id,
            of.row_count,
        )

    async def find(self, connection: Connection, import_id: UUID) -> PupilImport | None:
        row = await connection.fetchrow(
            f"SELECT {COLUMNS} FROM pupil_imports WHERE import_id = $1", import_id
        )
        return import_of(row) if row else None

    async def lock(self, connection: Connection, import_id: UUID) -> PupilImport | None:
        """Kept as it is until the transaction ends; its progress can still be told."""
        row = await connection.fetchrow(
            f"SELECT {COLUMNS} FROM pupil_imports WHERE import_id = $1 FOR NO KEY UPDATE",
            import_id,
        )
        return import_of(row) if row else None

    async def newest(self, connection: Connection, most: int) -> list[PupilImport]:
        query = f"SELECT {COLUMNS} FROM pupil_imports ORDER BY made_at DESC, import_id DESC"
        rows = await connection.fetch(f"{query} LIMIT $1", most)
        return [import_of(row) for row in rows]

    async def last_confirmed(self, connection: Connection) -> UUID | None:
        """Also if it was undone."""
        found: UUID | None = await connection.fetchval(
            "SELECT import_id FROM pupil_imports WHERE confirmed_at IS NOT NULL "
            "ORDER BY confirmed_at DESC, import_id DESC LIMIT 1"
        )
        return found

    async def rows_in_batches(
        self, connection: Connection, import_id: UUID, first: int = 0, last: int = 2**31 - 1
    ) -> AsyncIterator[list[StagedRow]]:
        """All that have these numbers, and others beside them."""
        while found := await connection.fetchrow(
            "SELECT last_number, rows FROM pupil_import_rows WHERE import_id = $1 "
            "AND last_number >= $2 AND row_number <= $3 ORDER BY row_number LIMIT 1",
            import_id,
            first,
            last,
        ):
            yield [_staged(row) for row in orjson.loads(found["rows"])]
            first = found["last_number"] + 1

    async def all_rows(self, connection: Connection, import_id: UUID) -> list[Any]:
        """As they are kept, `[number, [cell, …], surplus]`, in the order of the file."""
        found = await connection.fetch(
            "SELECT rows FROM pupil_import_rows WHERE import_id = $1 ORDER BY row_number",
            import_id,
        )
        return [row for part in found for row in orjson.loads(part["rows"])]

    async def rejected_after(
        self, connection: Connection, of: PupilImport, after: int
    ) -> list[tuple[StagedRow, Result]]:
        """Rejected rows with their results, some at a time."""
        rejected = await self.results_after(
            connection, of, after, outcome="rejected", limit=_ROWS_AT_ONCE
        )
        if not rejected:
            return []
        results = {one.place: one.result for one in rejected}
        first, last = rejected[0].place, rejected[-1].place
        batches = self.rows_in_batches(connection, of.import_id, first, last)
        return [
            (row, results[row.number])
            async for batch in batches
            for row in batch
            if row.number in results
        ]

    async def insert_results(
        self, connection: Connection, of: PupilImport, results: Iterable[KeptResults]
    ) -> None:
        await connection.executemany(
            "INSERT INTO pupil_import_results "
            "(school_id, import_id, place, last_place, outcomes, results, added) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7)",
            [
                (
                    *(of.school_id, of.import_id, part.first, part.last),
                    *(part.outcomes, part.results, part.added),
                )
                for part in results
            ],
        )

    async def forget_results(self, connection: Connection, import_id: UUID) -> None:
        await connection.execute("DELETE FROM pupil_import_results WHERE import_id = $1", import_id)

    async def results_after(
        self,
        connection: Connection,
        of: PupilImport,
        after: int,
        *,
        outcome: Listing | None,
        limit: int,
    ) -> list[Listed]:
        """What undoing left is listed only when it is asked for."""
        found: list[Listed] = []
        while len(found) < limit:
            row = await connection.fetchrow(
                "SELECT last_place, results, added FROM pupil_import_results "
                "WHERE import_id = $1 AND last_place > $2 AND CASE WHEN $3::text IS NULL "
                "THEN outcomes <> '{changed_since}' ELSE $3 = ANY (outcomes) END "
                "ORDER BY place LIMIT 1",
                of.import_id,
                after,
                outcome,
            )
            if row is None:
                break
            found += listed_in(row, of, after, outcome)
            after = row["last_place"]
        return found[:limit]

    async def tell_progress(
        self, connection: Connection, of: PupilImport, progress: Progress, at: datetime
    ) -> None:
        await connection.execute(
            "INSERT INTO pupil_import_progress (school_id, import_id, done, total, at) "
            "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (school_id, import_id) "
            "DO UPDATE SET (done, total, at) = (excluded.done, excluded.total, excluded.at)",
            of.school_id,
            of.import_id,
            progress.done,
            progress.total or 0,
            at,
        )

    async def progress(
        self, connection: Connection, import_id: UUID, since: datetime
    ) -> Progress | None:
        """Where it was told of since then."""
        query = "SELECT done, total FROM pupil_import_progress WHERE import_id = $1 AND at >= $2"
        row = await connection.fetchrow(query, import_id, since)
        return Progress(row["done"], row["total"]) if row else None

    async def end_progress(self, connection: Connection, import_id: UUID) -> None:
        await connection.execute(
            "DELETE FROM pupil_import_progress WHERE import_id = $1", import_id
        )

    async def delete(self, connection: Connection, import_id: UUID) -> None:
        """With all that is kept of it."""
        await connection.execute("DELETE FROM pupil_imports WHERE import_id = $1", import_id)

    async def delete_oldest(self, connection: Connection, school_id: UUID, kept: int) -> None:
        """Of those that were read and nobody confirmed, all but the newest.

        One after the other, or two at once would each leave the other's.
        """
        await connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('pupil_imports ' || $1::text, 0))",
            str(school_id),
        )
        await connection.execute(
            "DELETE FROM pupil_imports WHERE import_id IN ("
            "SELECT import_id FROM pupil_imports "
            "WHERE confirmed_at IS NULL AND state <> 'reading' "
            "ORDER BY made_at DESC, import_id DESC OFFSET $1)",
            kept,
        )

    async def forget_due(self, connection: Connection, now: datetime) -> int:
        """Some of those of all schools whose time is over; how many they were."""
        return int(await connection.fetchval("SELECT pupil_imports_forget($1)", now))


def _staged(row: Any) -> StagedRow:
    return StagedRow(*row)
