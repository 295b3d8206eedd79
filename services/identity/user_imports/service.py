"""Imports of users: uploaded, looked through, and confirmed once, whole or not at all (R10)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from uuid_utils.compat import uuid7

from services.identity.context import Identity
from services.identity.user_imports import repository
from services.identity.user_imports.preview import look_through
from services.identity.user_imports.problems import (
    ImportDone,
    NoSuchImport,
    UnreadableFile,
    WrongColumns,
)
from services.identity.user_imports.rows import SYNONYMS
from services.identity.user_imports.user_import import (
    KEPT_FOR,
    LIMITS,
    Outcome,
    StagedRow,
    UserImport,
)
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.tabular.apart import TableApart, read_apart
from shared.tabular.columns import heading_key, recognise
from shared.tabular.table import TableProblem
from shared.web.paging import PageRequest, decode_cursor, encode_cursor

__all__ = [
    "RowPage",
    "cancel_import",
    "forget_due",
    "get_import",
    "list_rows",
    "preview_import",
    "samples_of",
    "upload_users",
]

_MOST_KEPT = 10
"""Uploads of a school that wait side by side; the oldest go first."""
_SAMPLES = 3


@dataclass(frozen=True)
class RowPage:
    rows: list[StagedRow]
    next_cursor: str | None
    total: int


async def upload_users(
    identity: Identity, principal: Principal, path: Path, file_name: str
) -> UserImport:
    """Staged with its columns as far as they are recognised. Raises `UnreadableFile`."""
    async with (
        _readable(path) as table,
        identity.database.transaction(principal.tenant) as connection,
    ):
        kept = await repository.find_headings(connection)
        now = identity.clock()
        new = UserImport(
            import_id=uuid7(),
            school_id=principal.tenant,
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
        new = replace(new, row_count=count)
        await repository.keep_import(connection, new)
        await repository.delete_oldest(connection, _MOST_KEPT)
        return new


@asynccontextmanager
async def _readable(path: Path) -> AsyncIterator[TableApart]:
    try:
        async with read_apart(path, LIMITS) as table:
            yield table
    except TableProblem as problem:
        raise UnreadableFile(problem) from None


async def preview_import(
    connection: Connection,
    principal: Principal,
    import_id: UUID,
    columns: Mapping[int, str | None],
    *,
    keep_over_mis: bool,
    add_namesakes: bool,
) -> UserImport:
    """Looked through with these columns, which are kept for the next time. Writes no user.

    Raises `WrongColumns` or `ImportDone`.
    """
    before = await repository.lock_import(connection, import_id)
    if before is None:
        raise NoSuchImport
    if before.state == "confirmed":
        raise ImportDone
    chosen = {column: field for column, field in columns.items() if field}
    _look_at_columns(before, chosen)
    await repository.keep_headings(connection, principal.tenant, _by_key(before, columns))
    wanted = replace(
        before, columns=chosen, keep_over_mis=keep_over_mis, add_namesakes=add_namesakes
    )
    previewed, _ = await look_through(connection, wanted)
    return previewed


def _by_key(of: UserImport, columns: Mapping[int, str | None]) -> dict[str, str | None]:
    """What was chosen, by the keys of the headings; of two with one key the first counts."""
    return {
        key: columns[heading.column]
        for heading in reversed(of.headings)
        if (key := heading_key(heading.text)) and heading.column in columns
    }


def _look_at_columns(of: UserImport, chosen: Mapping[int, str]) -> None:
    known = {heading.column for heading in of.headings}
    fields = list(chosen.values())
    if not chosen.keys() <= known or not set(fields) <= SYNONYMS.keys():
        raise WrongColumns("One of the columns is not in this file. Please upload it again.")
    if len(set(fields)) < len(fields):
        raise WrongColumns("Two columns are taken for the same detail. Choose one of them.")
    if not set(fields) & {"email", "staff_code", "username"} and not (
        {"forename", "surname"} <= set(fields)
    ):
        raise WrongColumns(
            "Say which columns hold the first name and the surname. To change users who are here "
            "already, a column with their e-mail address, staff code or username is enough."
        )


async def get_import(connection: Connection, import_id: UUID) -> UserImport:
    """Raises `NoSuchImport`."""
    found = await repository.find_import(connection, import_id)
    if found is None:
        raise NoSuchImport
    return found


async def samples_of(connection: Connection, import_id: UUID) -> list[StagedRow]:
    """The first rows, to tell columns by."""
    return await repository.rows_after(connection, import_id, limit=_SAMPLES)


async def list_rows(
    connection: Connection, import_id: UUID, outcome: Outcome | None, page: PageRequest
) -> tuple[UserImport, RowPage]:
    """In the order of the file."""
    found = await get_import(connection, import_id)
    after = int(decode_cursor(page.cursor, 1, [int])[0] or 0) if page.cursor else 0
    after = min(max(after, 0), 2**31 - 1)
    rows = await repository.rows_after(
        connection, import_id, after, outcome=outcome, limit=page.limit + 1
    )
    shown = rows[: page.limit]
    cursor = encode_cursor([shown[-1].number]) if len(rows) > page.limit else None
    total = found.counts.get(outcome, 0) if outcome else found.row_count
    return found, RowPage(shown, cursor, total)


async def cancel_import(connection: Connection, import_id: UUID) -> None:
    """Forgets what was uploaded; what was confirmed stays done."""
    await get_import(connection, import_id)
    await repository.delete_import(connection, import_id)


async def forget_due(identity: Identity) -> int:
    """Whatever was uploaded more than two days ago, of all schools; how many uploads they were."""
    forgotten = 0
    while True:
        async with identity.database.transaction() as connection:
            some = await repository.forget_due(connection, identity.clock())
        if not some:
            return forgotten
        forgotten += some
