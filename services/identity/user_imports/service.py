"""Imports of users: uploaded, looked through, and confirmed once, whole or not at all (R10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from uuid_utils.compat import uuid7

from services.identity.context import Identity
from services.identity.user_imports.preview import look_through
from services.identity.user_imports.repository import TABLES, forget_at
from services.identity.user_imports.repository import forget_due as forget_some
from services.identity.user_imports.rows import SYNONYMS
from services.identity.user_imports.user_import import LIMITS, Result, StagedRow, UserImport
from shared.database.pool import Connection
from shared.imports import uploading
from shared.imports.columns import look_at_columns
from shared.imports.problems import ImportDone, NoSuchImport, WrongColumns
from shared.imports.reading import readable
from shared.imports.uploading import RowPage, keep_columns, page_of_rows, stage_rows
from shared.imports.uploads import KEPT_FOR, Outcome
from shared.security.principals import Principal
from shared.tabular.columns import recognise
from shared.web.paging import PageRequest

__all__ = [
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


async def upload_users(
    identity: Identity, principal: Principal, path: Path, file_name: str
) -> UserImport:
    """Staged with its columns as far as they are recognised. Raises `UnreadableFile`."""
    async with (
        readable(path, LIMITS) as table,
        identity.database.transaction(principal.tenant) as connection,
    ):
        kept = await TABLES.find_headings(connection)
        new = UserImport(
            import_id=uuid7(),
            school_id=principal.tenant,
            file_name=file_name,
            made_at=identity.clock(),
            headings=table.headings,
            columns=recognise(table.headings, SYNONYMS, kept),
        )
        await TABLES.insert(connection, new)
        await forget_at(connection, new.import_id, new.made_at + KEPT_FOR)
        new = await stage_rows(connection, TABLES, new, table)
        await TABLES.delete_oldest(connection, new, _MOST_KEPT)
        return new


async def preview_import(
    connection: Connection,
    import_id: UUID,
    columns: Mapping[int, str | None],
    *,
    keep_over_mis: bool,
    add_namesakes: bool,
) -> UserImport:
    """Looked through with these columns, which are kept for the next time. Writes no user.

    Raises `WrongColumns` or `ImportDone`.
    """
    before = await get_import(connection, import_id, to_change=True)
    if before.state == "confirmed":
        raise ImportDone
    chosen = {column: field for column, field in columns.items() if field}
    look_at_columns(before.headings, chosen, SYNONYMS)
    _look_for_names(set(chosen.values()))
    await keep_columns(connection, TABLES, before, columns)
    wanted = replace(
        before, columns=chosen, keep_over_mis=keep_over_mis, add_namesakes=add_namesakes
    )
    previewed, _ = await look_through(connection, wanted)
    return previewed


def _look_for_names(fields: set[str]) -> None:
    if not fields & {"email", "staff_code", "username"} and not {"forename", "surname"} <= fields:
        raise WrongColumns(
            "Say which columns hold the first name and the surname. To change users who are here "
            "already, a column with their e-mail address, staff code or username is enough."
        )


async def get_import(
    connection: Connection, import_id: UUID, *, to_change: bool = False
) -> UserImport:
    """`to_change`: it stays as it is until the transaction ends. Raises `NoSuchImport`."""
    found = await TABLES.find(connection, import_id, to_change=to_change)
    if found is None:
        raise NoSuchImport
    return found


async def samples_of(connection: Connection, import_id: UUID) -> list[StagedRow]:
    """The first rows, to tell columns by."""
    return await uploading.samples_of(connection, TABLES, import_id)


async def list_rows(
    connection: Connection, import_id: UUID, outcome: Outcome | None, page: PageRequest
) -> tuple[UserImport, RowPage[Result]]:
    """In the order of the file."""
    found = await get_import(connection, import_id)
    return found, await page_of_rows(connection, TABLES, found, outcome, page)


async def cancel_import(connection: Connection, import_id: UUID) -> None:
    """Forgets what was uploaded; what was confirmed stays done."""
    await get_import(connection, import_id)
    await TABLES.delete(connection, import_id)


async def forget_due(identity: Identity) -> int:
    """Whatever was uploaded more than two days ago, of all schools; how many uploads they were."""
    forgotten = 0
    while True:
        async with identity.database.transaction() as connection:
            some = await forget_some(connection, identity.clock())
        if not some:
            return forgotten
        forgotten += some
