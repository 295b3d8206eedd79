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
from services.reports.mark_imports.mark_import import (
    LIMITS,
    MarkImport,
    Planned,
    Result,
    StagedRow,
)
from services.reports.mark_imports.plan import make_plan
from services.reports.mark_imports.repository import TABLES, forget_until
from services.reports.mark_imports.rows import SYNONYMS, said_by
from services.reports.markbook import due
from services.reports.markbook.service import Markbook
from services.reports.markbook.sheet import SubjectSheet
from shared.database.pool import Connection
from shared.imports.columns import look_at_columns
from shared.imports.problems import ImportDone, NoSuchImport, WrongColumns
from shared.imports.reading import readable
from shared.imports.uploading import (
    RowPage,
    keep_columns,
    keep_preview,
    page_of_rows,
    samples_of,
    stage_rows,
)
from shared.imports.uploads import KEPT_FOR, Outcome
from shared.security.principals import Principal
from shared.tabular.columns import recognise
from shared.web.paging import PageRequest

__all__ = ["Found", "MarkImports", "Place", "results_of"]

_MOST_KEPT = 10
"""Uploads of one account that wait side by side; the oldest go first."""


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
        async with (
            readable(path, LIMITS) as table,
            self.database.transaction(principal.tenant) as connection,
        ):
            kept = await TABLES.find_headings(connection)
            new = MarkImport(
                import_id=uuid7(),
                school_id=principal.tenant,
                account_id=principal.account_id,
                **vars(place),
                file_name=file_name,
                made_at=self._now(),
                headings=table.headings,
                columns=recognise(table.headings, SYNONYMS, kept),
            )
            forget_at = new.made_at + KEPT_FOR
            await TABLES.insert(connection, new, forget_at=forget_at)
            await stage_rows(connection, TABLES, new, table)
            await TABLES.delete_oldest(connection, new, _MOST_KEPT, "account_id")
            await due.note(connection, "uploads", forget_at)
            return new.import_id

    async def get(self, principal: Principal, import_id: UUID) -> Found:
        """Raises `NoSuchImport`, and as the markbook where one may not see the group any more."""
        async with self.database.transaction(principal.tenant) as connection:
            found = await self.find(connection, principal, import_id)
            sheet = await self._sheet(connection, principal, _place(found))
            samples = await samples_of(connection, TABLES, import_id)
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
            look_at_columns(before.headings, chosen, SYNONYMS)
            _look_for_marks(set(chosen.values()))
            await keep_columns(connection, TABLES, before, columns)
            wanted = replace(before, columns=chosen)
            plan, _ = await self.plan(connection, principal, wanted)
            await keep_preview(connection, TABLES, wanted, results_of(plan))

    async def rows(
        self, principal: Principal, import_id: UUID, outcome: Outcome | None, page: PageRequest
    ) -> tuple[MarkImport, RowPage[Result]]:
        """In the order of the file."""
        async with self.database.transaction(principal.tenant) as connection:
            found = await self.find(connection, principal, import_id)
            await self._sheet(connection, principal, _place(found))
            return found, await page_of_rows(connection, TABLES, found, outcome, page)

    async def cancel(self, principal: Principal, import_id: UUID) -> None:
        """Forgets what was uploaded; what was confirmed stays done."""
        async with self.database.transaction(principal.tenant) as connection:
            await self.find(connection, principal, import_id)
            await TABLES.delete(connection, import_id)

    async def forget_due(self) -> None:
        """Whatever was uploaded more than two days ago, of all schools."""
        now = self._now()
        async for _, connection in due.schools(self.database, "uploads", now):
            following = await forget_until(connection, now)
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
        rows = TABLES.all_rows(connection, wanted.import_id)
        said = [said_by(row, wanted, sheet.bands) async for row in rows]
        return make_plan(said, sheet), sheet

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
        found = await TABLES.find(connection, import_id, to_change=to_change)
        if found is None or found.account_id != principal.account_id:
            raise NoSuchImport
        return found


def _place(of: MarkImport) -> Place:
    return Place(of.group_id, of.subject_id, of.term_id)


def results_of(plan: Sequence[Planned]) -> list[Result]:
    return [planned.result for planned in plan]


def _look_for_marks(fields: set[str]) -> None:
    if "upn" not in fields and not {"forename", "surname"} <= fields:
        raise WrongColumns("Say which column holds the UPN, or which hold forename and surname.")
    if not {"attainment", "effort", "comment"} & fields:
        raise WrongColumns("Say which column holds the attainment, the effort or the comment.")
