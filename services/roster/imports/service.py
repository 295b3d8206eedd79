"""Imports of pupils: uploaded, read, looked through, looked at, and forgotten in the end (R10)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from uuid_utils.compat import uuid7

from services.roster.clock import Clock
from services.roster.imports.columns import (
    OPTIONAL_FIELDS,
    columns_of,
    look_at_columns,
    set_of_headings,
)
from services.roster.imports.hiding import hidden_names, without_fields
from services.roster.imports.mappings_repository import KeptMapping, MappingRepository
from services.roster.imports.preview import Preview
from services.roster.imports.problems import ImportIdTaken, NoSuchImport, NotReadYet
from services.roster.imports.pupil_import import (
    LIMITS,
    Found,
    How,
    Listed,
    Listing,
    PupilImport,
    StagedRow,
)
from services.roster.imports.reading import WORTH_TELLING_SECONDS, First, first_of, under_way
from services.roster.imports.repository import ImportRepository
from services.roster.imports.showing import Showing, notes_on
from services.roster.schools.repository import School, SchoolRepository
from services.roster.schools.service import SchoolService
from shared.database.pool import Connection, Database
from shared.imports.columns import headings_chosen
from shared.imports.problems import ImportDone
from shared.imports.reading import readable
from shared.security.principals import Principal
from shared.tabular.apart import Batch, TableApart
from shared.web.paging import PageRequest, decode_cursor, encode_cursor

__all__ = ["PupilImports", "RowPage"]

_MOST_KEPT = 10
"""Uploads of a school that wait side by side; the oldest go first."""
_MOST_LISTED = 20
_SAMPLES = 3


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
        showing: Showing,
        now: Clock,
    ) -> None:
        self.database = database
        self.repository = repository
        self._schools = schools
        self._school_rows = school_rows
        self._mappings = MappingRepository()
        self._preview = preview
        self._showing = showing
        self._now = now

    async def upload(
        self, principal: Principal, path: Path, file_name: str, import_id: UUID | None
    ) -> Found:
        """Read and staged, with its columns as far as they are recognised.

        A file that takes long is kept part by part as it is read, so that others see how far it is;
        what ends in the middle leaves one that was never read whole, and that is uploaded anew.
        Raises `UnreadableFile` or `ImportIdTaken`.
        """
        new = PupilImport(
            import_id=import_id or uuid7(),
            school_id=principal.tenant,
            file_name=file_name,
            made_at=self._now(),
        )
        async with readable(path, LIMITS) as table, under_way(first_of(table.batches)) as reading:
            await asyncio.wait({reading}, timeout=WORTH_TELLING_SECONDS)
            if not reading.done() or not reading.result().whole:
                return await self._read_in_parts(new, table, reading)
            async with self.database.transaction(new.school_id) as connection:
                school = await self._known_school(connection, new.school_id)
                batches = reading.result().batches
                read = await self._recognised(connection, school, new, table, batches)
                if not await self.repository.insert(connection, read):
                    raise ImportIdTaken
                await self.repository.insert_rows(connection, read, batches)
                await self.repository.delete_oldest(connection, new.school_id, _MOST_KEPT)
                return await self._showing.of(connection, read, school)

    async def preview(
        self,
        principal: Principal,
        import_id: UUID,
        columns: Mapping[int, str | None],
        how: How,
    ) -> Found:
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
            unkept = notes_on(before, OPTIONAL_FIELDS - school.kept_fields)
            said = {column: field for column, field in columns.items() if column not in unkept}
            kept = KeptMapping(headings_chosen(before.headings, said), how)
            headings = set_of_headings(before.headings)
            await self._mappings.keep(connection, principal.tenant, headings, kept)
            wanted = replace(before, columns=chosen, how=how)
            seen = await self._preview.look_through(connection, school, wanted)
            return await self._showing.of(connection, seen, school, held=True)

    async def get(self, principal: Principal, import_id: UUID) -> Found:
        """Raises `NoSuchImport`."""
        async with self.database.transaction(principal.tenant) as connection:
            one = await self.repository.find(connection, import_id)
            if one is None:
                raise NoSuchImport
            school = await self._school(connection, principal.tenant)
            return await self._showing.of(connection, one, school)

    async def newest(self, principal: Principal) -> list[Found]:
        """The newest first."""
        async with self.database.transaction(principal.tenant) as connection:
            if not (some := await self.repository.newest(connection, _MOST_LISTED)):
                return []
            school = await self._school(connection, principal.tenant)
            return [await self._showing.of(connection, one, school) for one in some]

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
            hidden = hidden_names((await self._school(connection, principal.tenant)).kept_fields)
        shown = [without_fields(row, hidden) for row in found[: page.limit]]
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

    async def _read_in_parts(
        self, new: PupilImport, table: TableApart, reading: asyncio.Future[First]
    ) -> Found:
        async with self.database.transaction(new.school_id) as connection:
            school = await self._known_school(connection, new.school_id)
            if not await self.repository.insert(connection, new):
                raise ImportIdTaken
        try:
            batches = list((await reading).batches)
            new = await self._keep_part(new, batches)
            async for batch in table.batches:
                batches.append(batch)
                new = await self._keep_part(new, [batch])
            async with self.database.transaction(new.school_id) as connection:
                read = await self._recognised(connection, school, new, table, batches)
                await self.repository.keep(connection, read)
                await self.repository.delete_oldest(connection, new.school_id, _MOST_KEPT)
                return await self._showing.of(connection, read, school)
        except BaseException:
            await asyncio.shield(self._forget(new))
            raise

    async def _keep_part(self, new: PupilImport, batches: Sequence[Batch]) -> PupilImport:
        """In a transaction of its own, so that others see how far it is."""
        further = replace(new, row_count=new.row_count + sum(map(len, batches)))
        async with self.database.transaction(new.school_id) as connection:
            await self.repository.insert_rows(connection, new, batches)
            await self.repository.tell_read(connection, further)
        return further

    async def _recognised(
        self,
        connection: Connection,
        school: School,
        new: PupilImport,
        table: TableApart,
        batches: Sequence[Batch],
    ) -> PupilImport:
        """Read whole."""
        kept = await self._mappings.find(connection, set_of_headings(table.headings))
        unkept = OPTIONAL_FIELDS - school.kept_fields
        columns = columns_of(table.headings, kept.columns)
        return replace(
            new,
            state="uploaded",
            headings=table.headings,
            columns={c: field for c, field in columns.items() if field not in unkept},
            how=kept.how,
            row_count=sum(map(len, batches)),
            samples=tuple(StagedRow(*row) for row in batches[0].first_rows(_SAMPLES)),
        )

    async def _forget(self, new: PupilImport) -> None:
        async with self.database.transaction(new.school_id) as connection:
            await self.repository.delete(connection, new.import_id)

    async def _school(self, connection: Connection, school_id: UUID) -> School:
        """Without keeping others from its roster. Whoever uploads is in one that is known."""
        school = await self._school_rows.get(connection, school_id)
        if school is None:
            raise NoSuchImport
        return school

    async def _known_school(self, connection: Connection, school_id: UUID) -> School:
        """Made known where nobody has spoken of it yet."""
        found = await self._school_rows.get(connection, school_id)
        return found or await self._schools.lock(connection, school_id)

    async def _locked(self, connection: Connection, import_id: UUID) -> PupilImport:
        found = await self.repository.lock(connection, import_id)
        if found is None:
            raise NoSuchImport
        return found
