"""All SQL about pupil imports: uploads, their rows and results, and what undoes them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

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

__all__ = ["ImportRepository"]

_ROWS_AT_ONCE = 1_000


class ImportRepository:
    """The imports of the school whose transaction `connection` is in."""

    async def insert(self, connection: Connection, new: PupilImport) -> bool:
        """Whether it is new."""
        places = ", ".join(f"${n}" for n in range(1, 20))
        added = await connection.fetchval(
            f"INSERT INTO pupil_imports ({COLUMNS}) VALUES ({places}) "
            "ON CONFLICT (school_id, import_id) DO NOTHING RETURNING true",
            new.import_id,
            new.school_id,
            new.file_name,
            new.made_at,
            *state_of(new),
        )
        if added:
            await self.forget_at(connection, new)
        return added is True

    async def forget_at(self, connection: Connection, one: PupilImport) -> None:
        """Keep when it is to be forgotten."""
        await connection.execute("SELECT pupil_import_due($1, $2)", one.import_id, one.kept_until)

    async def keep(self, connection: Connection, changed: PupilImport) -> None:
        places = ", ".join(f"${n}" for n in range(2, 17))
        await connection.execute(
            f"UPDATE pupil_imports SET ({STATE}) = ROW ({places}) WHERE import_id = $1",
            changed.import_id,
            *state_of(changed),
        )

    async def insert_rows(
        self, connection: Connection, of: PupilImport, rows: Sequence[Any], so_far: int
    ) -> None:
        """Rows with `number`, `cells` and `surplus`; `so_far` counts all that were read."""
        given = [{"n": row.number, "c": row.cells, "s": row.surplus} for row in rows]
        await connection.execute(
            """
            INSERT INTO pupil_import_rows (school_id, import_id, row_number, cells, surplus)
            SELECT $1, $2, r.n, ARRAY(SELECT jsonb_array_elements_text(r.c)), r.s
            FROM jsonb_to_recordset($3::text::jsonb) AS r (n integer, c jsonb, s boolean)
            """,
            of.school_id,
            of.import_id,
            json.dumps(given, ensure_ascii=False),
        )
        await connection.execute(
            "UPDATE pupil_imports SET row_count = $2 WHERE import_id = $1", of.import_id, so_far
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

    async def rows_after(
        self, connection: Connection, import_id: UUID, after: int = 0, *, limit: int = _ROWS_AT_ONCE
    ) -> list[StagedRow]:
        """As they were uploaded, in the order of the file."""
        rows = await connection.fetch(
            "SELECT row_number, cells, surplus FROM pupil_import_rows "
            "WHERE import_id = $1 AND row_number > $2 ORDER BY row_number LIMIT $3",
            import_id,
            after,
            limit,
        )
        return [StagedRow(row["row_number"], row["cells"], row["surplus"]) for row in rows]

    async def rows_in_batches(
        self, connection: Connection, import_id: UUID
    ) -> AsyncIterator[list[StagedRow]]:
        after = 0
        while found := await self.rows_after(connection, import_id, after):
            yield found
            after = found[-1].number

    async def rejected_after(
        self, connection: Connection, import_id: UUID, after: int
    ) -> list[tuple[StagedRow, Result]]:
        """Rejected rows with their results, some at a time."""
        rows = await connection.fetch(
            "SELECT row_number, cells, surplus, result FROM pupil_import_rows r "
            "JOIN pupil_import_results o "
            "ON (o.school_id, o.import_id, o.place) = (r.school_id, r.import_id, r.row_number) "
            "WHERE r.import_id = $1 AND r.row_number > $2 AND o.outcome = 'rejected' "
            "ORDER BY r.row_number LIMIT $3",
            import_id,
            after,
            _ROWS_AT_ONCE,
        )
        return [
            (
                StagedRow(row["row_number"], row["cells"], row["surplus"]),
                Result.of_stored(json.loads(row["result"])),
            )
            for row in rows
        ]

    async def forget_results(
        self, connection: Connection, import_id: UUID, places: Sequence[int] | None = None
    ) -> None:
        await connection.execute(
            "DELETE FROM pupil_import_results "
            "WHERE import_id = $1 AND ($2::integer[] IS NULL OR place = ANY($2))",
            import_id,
            places,
        )

    async def insert_results(
        self, connection: Connection, of: PupilImport, results: Sequence[Listed]
    ) -> None:
        for start in range(0, len(results), _ROWS_AT_ONCE):
            part = results[start : start + _ROWS_AT_ONCE]
            await connection.execute(
                "INSERT INTO pupil_import_results (school_id, import_id, place, outcome, result) "
                "SELECT $1, $2, * FROM unnest($3::integer[], $4::text[], $5::jsonb[])",
                of.school_id,
                of.import_id,
                [one.place for one in part],
                [one.outcome for one in part],
                [json.dumps(one.result.stored(), ensure_ascii=False) for one in part],
            )

    async def results_after(
        self,
        connection: Connection,
        import_id: UUID,
        after: int,
        *,
        outcome: Listing | None,
        limit: int,
    ) -> list[Listed]:
        """What undoing left is listed only when it is asked for."""
        rows = await connection.fetch(
            "SELECT place, outcome, result FROM pupil_import_results "
            "WHERE import_id = $1 AND place > $2 "
            "AND CASE WHEN $3::text IS NULL THEN outcome <> 'changed_since' ELSE outcome = $3 END "
            "ORDER BY place LIMIT $4",
            import_id,
            after,
            outcome,
            limit,
        )
        return [
            Listed(row["place"], row["outcome"], Result.of_stored(json.loads(row["result"])))
            for row in rows
        ]

    async def insert_effects(
        self, connection: Connection, of: PupilImport, effects: Iterable[tuple[str, dict[str, Any]]]
    ) -> None:
        """What was done, by kind, for undoing."""
        given = list(effects)
        for start in range(0, len(given), _ROWS_AT_ONCE):
            part = given[start : start + _ROWS_AT_ONCE]
            await connection.execute(
                "INSERT INTO pupil_import_effects (school_id, import_id, place, kind, effect) "
                "SELECT $1, $2, * FROM unnest($3::integer[], $4::text[], $5::jsonb[])",
                of.school_id,
                of.import_id,
                list(range(start, start + len(part))),
                [kind for kind, _ in part],
                [json.dumps(effect, ensure_ascii=False) for _, effect in part],
            )

    async def effects(self, connection: Connection, import_id: UUID) -> dict[str, list[Any]]:
        """By kind, in the order in which they were done."""
        rows = await connection.fetch(
            "SELECT kind, effect FROM pupil_import_effects WHERE import_id = $1 ORDER BY place",
            import_id,
        )
        found: dict[str, list[Any]] = {"pupil": [], "group": [], "link": []}
        for row in rows:
            found[row["kind"]].append(json.loads(row["effect"]))
        return found

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
