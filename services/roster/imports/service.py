"""Imports of pupils: uploaded, read, looked through, looked at, and forgotten in the end (R10)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from uuid_utils.compat import uuid7

from services.roster.clock import Clock
from services.roster.imports.columns import (
    FIELD_NAMES,
    OPTIONAL_FIELDS,
    columns_of,
    headings_chosen,
    look_at_columns,
    set_of_headings,
)
from services.roster.imports.mappings_repository import KeptMapping, MappingRepository
from services.roster.imports.preview import Preview
from services.roster.imports.problems import (
    ImportDone,
    ImportIdTaken,
    NoSuchImport,
    NotReadYet,
    UnreadableFile,
)
from services.roster.imports.pupil_import import (
    LIMITS,
    READING_FOR,
    UNDO_FOR,
    Found,
    How,
    Listed,
    Listing,
    Progress,
    PupilImport,
    Shown,
)
from services.roster.imports.repository import ImportRepository
from services.roster.schools.repository import School, SchoolRepository
from services.roster.schools.service import SchoolService
from shared.database.pool import Connection, Database
from shared.security.principals import Principal
from shared.tabular.apart import TableApart, read_apart
from shared.tabular.table import Row, TableProblem
from shared.web.paging import PageRequest, decode_cursor, encode_cursor

__all__ = ["PupilImports", "RowPage"]

_MOST_KEPT = 10
"""Uploads of a school that wait side by side; the oldest go first."""
_MOST_LISTED = 20
_SAMPLES = 3
_APPLYING_FOR = timedelta(seconds=60)
"""Progress that was told longer ago is of a service that ended in the middle."""


@dataclass(frozen=True)
class RowPage:
    rows: list[Listed]
    next_cursor: str | None
    total: int


class PupilImports:
    def __init__(
        self,
        *,
        database: Database,
        schools: SchoolService,
        school_rows: SchoolRepository,
        repository: ImportRepository,
        preview: Preview,
        now: Clock,
    ) -> None:
        self.database = database
        self.repository = repository
        self._schools = schools
        self._school_rows = school_rows
        self._mappings = MappingRepository()
        self._preview = preview
        self._now = now

    async def upload(
        self, principal: Principal, path: Path, file_name: str, import_id: UUID | None
    ) -> UUID:
        """Read and staged, with its columns as far as they are recognised.

        Each part is kept as it is read, so that others see how far it is; what ends in the middle
        leaves a file that was never read whole, and that is uploaded anew. Raises `UnreadableFile`.
        """
        new = await self._begin(principal, file_name, import_id or uuid7())
        try:
            async with _readable(path) as table:
                await self._read(new, table)
        except BaseException:
            await asyncio.shield(self._forget(new))
            raise
        return new.import_id

    async def preview(
        self,
        principal: Principal,
        import_id: UUID,
        columns: Mapping[int, str | None],
        how: How,
    ) -> None:
        """Looked through with these columns, which are kept for the next time. Writes no pupil.

        Raises `WrongColumns` or `ImportDone`.
        """
        async with self.database.transaction(principal.tenant) as connection:
            before = await self._locked(connection, import_id)
            if before.confirmed_at:
                raise ImportDone
            if before.state == "reading":
                raise NotReadYet
            chosen = {column: field for column, field in columns.items() if field}
            school = await self._school(connection, principal.tenant)
            look_at_columns(before.headings, chosen, how, kept=school.kept_fields)
            unkept = _notes_on(before, OPTIONAL_FIELDS - school.kept_fields)
            said = {column: field for column, field in columns.items() if column not in unkept}
            kept = KeptMapping(headings_chosen(before.headings, said), how)
            headings = set_of_headings(before.headings)
            await self._mappings.keep(connection, principal.tenant, headings, kept)
            wanted = replace(before, columns=chosen, how=how)
            await self._preview.look_through(connection, school, wanted)

    async def get(self, principal: Principal, import_id: UUID) -> Found:
        """Raises `NoSuchImport`."""
        async with self.database.transaction(principal.tenant) as connection:
            one = await self.repository.find(connection, import_id)
            if one is None:
                raise NoSuchImport
            return await self._found(connection, one)

    async def newest(self, principal: Principal) -> list[Found]:
        """The newest first."""
        async with self.database.transaction(principal.tenant) as connection:
            some = await self.repository.newest(connection, _MOST_LISTED)
            return [await self._found(connection, one) for one in some]

    async def rows(
        self, principal: Principal, import_id: UUID, outcome: Listing | None, page: PageRequest
    ) -> tuple[PupilImport, RowPage]:
        """In the order of the file."""
        after = int(decode_cursor(page.cursor, 1, [int])[0] or 0) if page.cursor else 0
        after = min(max(after, 0), 2**31 - 1)
        async with self.database.transaction(principal.tenant) as connection:
            one = await self.repository.find(connection, import_id)
            if one is None:
                raise NoSuchImport
            found = await self.repository.results_after(
                connection, one, after, outcome=outcome, limit=page.limit + 1
            )
        shown = found[: page.limit]
        cursor = encode_cursor([shown[-1].place]) if len(found) > page.limit else None
        return one, RowPage(shown, cursor, one.count_of(outcome))

    async def cancel(self, principal: Principal, import_id: UUID) -> None:
        """Forgets what was uploaded. Raises `ImportDone` for what was confirmed."""
        async with self.database.transaction(principal.tenant) as connection:
            one = await self._locked(connection, import_id)
            if one.confirmed_at:
                raise ImportDone
            await self.repository.delete(connection, import_id)

    async def forget_due(self) -> int:
        """What is over, of all schools; how many uploads they were."""
        forgotten = 0
        while True:
            async with self.database.transaction() as connection:
                some = await self.repository.forget_due(connection, self._now())
            if not some:
                return forgotten
            forgotten += some

    async def _begin(self, principal: Principal, file_name: str, import_id: UUID) -> PupilImport:
        new = PupilImport(
            import_id=import_id,
            school_id=principal.tenant,
            file_name=file_name,
            made_at=self._now(),
        )
        async with self.database.transaction(principal.tenant) as connection:
            if await self._school_rows.get(connection, principal.tenant) is None:
                await self._schools.lock(connection, principal.tenant)
            if not await self.repository.insert(connection, new):
                raise ImportIdTaken
        return new

    async def _read(self, new: PupilImport, table: TableApart) -> None:
        """Each part in a transaction of its own, so that others see how far it is."""
        count = 0
        last: Sequence[Row] = ()
        async for batch in table.batches:
            if last:
                async with self.database.transaction(new.school_id) as connection:
                    await self.repository.insert_rows(connection, new, last, count)
            last = batch
            count += len(batch)
        async with self.database.transaction(new.school_id) as connection:
            await self.repository.insert_rows(connection, new, last, count)
            headings = set_of_headings(table.headings)
            kept = await self._mappings.find(connection, headings)
            unkept = OPTIONAL_FIELDS - (await self._school(connection, new.school_id)).kept_fields
            columns = columns_of(table.headings, kept.columns)
            read = replace(
                new,
                state="uploaded",
                headings=table.headings,
                columns={c: field for c, field in columns.items() if field not in unkept},
                how=kept.how,
                row_count=count,
            )
            await self.repository.keep(connection, read)
            await self.repository.delete_oldest(connection, new.school_id, _MOST_KEPT)

    async def _forget(self, new: PupilImport) -> None:
        async with self.database.transaction(new.school_id) as connection:
            await self.repository.delete(connection, new.import_id)

    async def _school(self, connection: Connection, school_id: UUID) -> School:
        """Without keeping others from its roster. Whoever uploads is in one that is known."""
        school = await self._school_rows.get(connection, school_id)
        if school is None:
            raise NoSuchImport
        return school

    async def _locked(self, connection: Connection, import_id: UUID) -> PupilImport:
        found = await self.repository.lock(connection, import_id)
        if found is None:
            raise NoSuchImport
        return found

    async def _found(self, connection: Connection, one: PupilImport) -> Found:
        now = self._now()
        state: Shown = one.state
        progress = None
        if state == "reading":
            progress = Progress(one.row_count, None)
            state = "reading" if now - one.made_at <= READING_FOR else "interrupted"
        elif state == "previewed":
            progress = await self.repository.progress(
                connection, one.import_id, now - _APPLYING_FOR
            )
            state = "applying" if progress else "previewed"
        undo_until = None
        if one.state == "confirmed" and one.confirmed_at:
            last = await self.repository.last_confirmed(connection)
            until = one.confirmed_at + UNDO_FOR
            undo_until = until if last == one.import_id and now <= until else None
        kept = (await self._school(connection, one.school_id)).kept_fields
        return Found(
            the_import=one,
            state=state,
            undo_until=undo_until,
            progress=progress,
            samples=await self.repository.first_rows(connection, one.import_id, _SAMPLES),
            fields=tuple(f for f in FIELD_NAMES if f not in OPTIONAL_FIELDS or f in kept),
            column_notes=_notes_on(one, OPTIONAL_FIELDS - kept),
        )


@asynccontextmanager
async def _readable(path: Path) -> AsyncIterator[TableApart]:
    try:
        async with read_apart(path, LIMITS) as table:
            yield table
    except TableProblem as problem:
        raise UnreadableFile(problem) from None


def _notes_on(one: PupilImport, unkept: frozenset[str]) -> dict[int, str]:
    """Columns of fields that the school does not keep, with a word about that."""
    return {
        column: f"The school does not keep ‘{FIELD_NAMES[field]}’, so this column is passed over."
        for column, field in columns_of(one.headings, {}).items()
        if field in unkept
    }
