"""Imports of marks: uploaded, looked through, listed, forgotten (R10, R26).

Each is of one group, subject and term, and is its uploader's alone. Who may no longer see the group
can go on with none of it (R14).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from uuid_utils.compat import uuid7

from services.reports.clock import Clock
from services.reports.mark_imports import repository
from services.reports.mark_imports.mark_import import (
    KEPT_FOR,
    LIMITS,
    MarkImport,
    Outcome,
    Planned,
    StagedRow,
)
from services.reports.mark_imports.plan import counts_of, fingerprint_of, make_plan
from services.reports.mark_imports.problems import (
    ImportDone,
    NoSuchImport,
    UnreadableFile,
    WrongColumns,
)
from services.reports.mark_imports.rows import SYNONYMS, said_by
from services.reports.markbook import due
from services.reports.markbook.service import Markbook
from services.reports.markbook.sheet import SubjectSheet
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.tabular.apart import read_apart
from shared.tabular.columns import heading_key, recognise
from shared.tabular.table import TableProblem
from shared.web.paging import PageRequest, decode_cursor, encode_cursor

__all__ = ["Found", "MarkImports", "Place", "RowPage"]

_MOST_KEPT = 10
"""Uploads of one account that wait side by side; the oldest go first."""
_SAMPLES = 3


@dataclass(frozen=True)
class Place:
    """Where the marks of a file belong."""

    group_id: UUID
    subject_id: UUID
    term_id: UUID


@dataclass(frozen=True)
class Found:
    """An import with its first rows, to tell columns by, and the place in words."""

    the_import: MarkImport
    samples: Sequence[StagedRow]
    sheet: SubjectSheet


@dataclass(frozen=True)
class RowPage:
    rows: list[StagedRow]
    next_cursor: str | None
    total: int


class MarkImports:
    def __init__(self, markbook: Markbook, now: Clock) -> None:
        self._markbook = markbook
        self.database = markbook.database
        self._now = now

    async def upload(self, principal: Principal, path: Path, file_name: str, place: Place) -> UUID:
        """Staged with its columns as far as they are recognised. Raises `UnreadableFile`.

        Raises as the markbook does where nothing can be recorded, before the file is read.
        """
        async with self.database.transaction(principal.tenant) as connection:
            (await self._sheet(connection, principal, place)).require_open()
        try:
            async with (
                read_apart(path, LIMITS) as table,
                self.database.transaction(principal.tenant) as connection,
            ):
                kept = await repository.find_headings(connection)
                now = self._now()
                new = MarkImport(
                    import_id=uuid7(),
                    school_id=principal.tenant,
                    account_id=principal.account_id,
                    **vars(place),
                    file_name=file_name,
                    made_at=now,
                    headings=table.headings,
                    columns=recognise(table.headings, SYNONYMS, kept),
                )
                await repository.insert_import(connection, new, now + KEPT_FOR)
                count = 0
                async for batch in table.batches:
                    await repository.insert_rows(connection, new, batch)
                    count += len(batch)
                await repository.keep_import(connection, replace(new, row_count=count))
                await repository.delete_oldest(connection, principal.account_id, _MOST_KEPT)
                await due.note(connection, "uploads", now + KEPT_FOR)
                return new.import_id
        except TableProblem as problem:
            raise UnreadableFile(problem) from None

    async def get(self, principal: Principal, import_id: UUID) -> Found:
        """Raises `NoSuchImport`, and as the markbook where one may not see the group any more."""
        async with self.database.transaction(principal.tenant) as connection:
            found = await self.find(connection, principal, import_id)
            sheet = await self._sheet(connection, principal, _place(found))
            samples = await repository.rows_after(connection, import_id, limit=_SAMPLES)
            return Found(found, samples, sheet)

    async def preview(
        self, principal: Principal, import_id: UUID, columns: Mapping[int, str | None]
    ) -> None:
        """Looked through with these columns, which are kept for the next time. Writes no mark.

        Raises `WrongColumns` or `ImportDone`.
        """
        async with self.database.transaction(principal.tenant) as connection:
            before = await self.find(connection, principal, import_id, to_change=True)
            if before.state == "confirmed":
                raise ImportDone
            chosen = {column: field for column, field in columns.items() if field}
            _look_at_columns(before, chosen)
            keys = {
                key: columns[heading.column]
                for heading in reversed(before.headings)
                if (key := heading_key(heading.text)) and heading.column in columns
            }
            await repository.keep_headings(connection, principal.tenant, keys)
            wanted = replace(before, columns=chosen)
            plan, _ = await self.plan(connection, principal, wanted)
            await self.keep_preview(connection, wanted, plan)

    async def rows(
        self, principal: Principal, import_id: UUID, outcome: Outcome | None, page: PageRequest
    ) -> tuple[MarkImport, RowPage]:
        """In the order of the file."""
        after = int(decode_cursor(page.cursor, 1, [int])[0] or 0) if page.cursor else 0
        after = min(max(after, 0), 2**31 - 1)
        async with self.database.transaction(principal.tenant) as connection:
            found = await self.find(connection, principal, import_id)
            await self._sheet(connection, principal, _place(found))
            rows = await repository.rows_after(
                connection, import_id, after, outcome=outcome, limit=page.limit + 1
            )
        shown = rows[: page.limit]
        cursor = encode_cursor([shown[-1].number]) if len(rows) > page.limit else None
        total = found.counts.get(outcome, 0) if outcome else found.row_count
        return found, RowPage(shown, cursor, total)

    async def cancel(self, principal: Principal, import_id: UUID) -> None:
        """Forgets what was uploaded; what was confirmed stays done."""
        async with self.database.transaction(principal.tenant) as connection:
            await self.find(connection, principal, import_id)
            await repository.delete_import(connection, import_id)

    async def forget_due(self) -> None:
        """Whatever was uploaded more than two days ago, of all schools."""
        now = self._now()
        async for _, connection in due.schools(self.database, "uploads", now):
            following = await repository.forget_until(connection, now)
            await due.looked_at(connection, "uploads", following)

    async def plan(
        self,
        connection: Connection,
        principal: Principal,
        wanted: MarkImport,
        *,
        to_change: bool = False,
    ) -> tuple[list[Planned], SubjectSheet]:
        """What it would do now. `to_change`: the group's marks stay until the transaction ends."""
        sheet = await self._sheet(connection, principal, _place(wanted))
        if to_change:
            everybody = [pupil.id for pupil in sheet.pupils]
            sheet = await self._sheet(connection, principal, _place(wanted), everybody)
        rows = await repository.all_rows(connection, wanted)
        said = [said_by(row, wanted, sheet.bands) for row in rows]
        return make_plan(said, sheet), sheet

    async def keep_preview(
        self, connection: Connection, wanted: MarkImport, plan: Sequence[Planned]
    ) -> MarkImport:
        """At its next version."""
        previewed = replace(
            wanted,
            state="previewed",
            version=wanted.version + 1,
            counts=counts_of(plan),
            fingerprint=fingerprint_of(plan),
        )
        await repository.keep_import(connection, previewed)
        results = [planned.result for planned in plan]
        await repository.keep_results(connection, wanted.import_id, results)
        return previewed

    async def _sheet(
        self,
        connection: Connection,
        principal: Principal,
        place: Place,
        to_change: list[UUID] | None = None,
    ) -> SubjectSheet:
        return await self._markbook.open(
            connection,
            principal,
            place.group_id,
            place.term_id,
            place.subject_id,
            to_change=to_change,
        )

    async def find(
        self,
        connection: Connection,
        principal: Principal,
        import_id: UUID,
        *,
        to_change: bool = False,
    ) -> MarkImport:
        """One's own. Raises `NoSuchImport`."""
        found = await repository.find_import(
            connection, import_id, principal.account_id, to_change=to_change
        )
        if found is None:
            raise NoSuchImport
        return found


def _place(of: MarkImport) -> Place:
    return Place(of.group_id, of.subject_id, of.term_id)


def _look_at_columns(of: MarkImport, chosen: Mapping[int, str]) -> None:
    known = {heading.column for heading in of.headings}
    fields = list(chosen.values())
    if not chosen.keys() <= known or not set(fields) <= SYNONYMS.keys():
        raise WrongColumns("One of the columns is not in this file. Please upload it again.")
    if len(set(fields)) < len(fields):
        raise WrongColumns("Two columns are taken for the same detail. Choose one of them.")
    if "upn" not in fields and not {"forename", "surname"} <= set(fields):
        raise WrongColumns("Say which column holds the UPN, or which hold forename and surname.")
    if not {"attainment", "effort", "comment"} & set(fields):
        raise WrongColumns("Say which column holds the attainment, the effort or the comment.")
