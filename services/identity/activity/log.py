"""Reading the activity log: pages of it, what it can be filtered by, and all of it as CSV (R9)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.identity.activity import repository
from services.identity.activity.entry import ActorFound, Entry, Place, Wanted
from services.identity.activity.exports import filters_of, note_export
from services.identity.activity.wording import actor_name, details, sentence
from services.identity.context import Identity
from shared.database.pool import Connection
from shared.school.academic_year import SCHOOL_TIME
from shared.security.principals import Principal
from shared.web.paging import InvalidCursor, PageRequest, cursor_time, decode_cursor, encode_cursor
from shared.web.spreadsheet import BOM, csv_lines

__all__ = ["Choices", "LogPage", "choices", "exported", "read_log"]

_HEADINGS = ("Date", "Time", "Who", "What happened", "Name", "Before", "After")
_ROWS_AT_ONCE = 1_000


@dataclass(frozen=True)
class LogPage:
    entries: list[Entry]
    next_cursor: str | None
    total: int


@dataclass(frozen=True)
class Choices:
    """What stands in the school's log to filter by."""

    actors: list[ActorFound]
    actions: list[str]


async def read_log(
    connection: Connection, wanted: Wanted, page: PageRequest, *, together: bool
) -> LogPage:
    """Newest first. `together`: what one event did many times is one line, such as of a sync."""
    after = _place(page.cursor) if page.cursor else None
    read, count = (
        (repository.lines_after, repository.count_lines)
        if together
        else (repository.entries_after, repository.count_entries)
    )
    found = await read(connection, wanted, after, page.limit + 1)
    shown = found[: page.limit]
    more = len(found) > page.limit
    total = await count(connection, wanted)
    return LogPage(shown, _cursor(shown[-1].place) if more else None, total)


async def choices(connection: Connection) -> Choices:
    return Choices(await repository.actors(connection), await repository.actions(connection))


async def exported(
    identity: Identity, principal: Principal, wanted: Wanted
) -> AsyncIterator[bytes]:
    """The whole filtered log as CSV, newest first, piece by piece.

    Each piece is a transaction of its own, so that a slow reader holds none open; what is written
    meanwhile is newer, and not in it. That it was begun stands in the log afterwards.
    """
    async with identity.database.transaction(principal.tenant) as connection:
        said = {"entries": await repository.count_entries(connection, wanted), **filters_of(wanted)}
        await note_export(
            identity, connection, principal, "activity.exported", "Activity log", said
        )
    return _pieces(identity, principal.tenant, wanted)


async def _pieces(identity: Identity, school_id: UUID, wanted: Wanted) -> AsyncIterator[bytes]:
    yield (BOM + csv_lines([_HEADINGS])).encode()
    after: Place | None = None
    while True:
        async with identity.database.transaction(school_id) as connection:
            found = await repository.entries_after(connection, wanted, after, _ROWS_AT_ONCE)
        if found:
            yield csv_lines(_row(entry) for entry in found).encode()
        if len(found) < _ROWS_AT_ONCE:
            return
        after = found[-1].place


def _row(entry: Entry) -> Sequence[str]:
    at = entry.place.at.astimezone(SCHOOL_TIME)
    differs = details(entry)
    return (
        at.strftime("%d/%m/%Y"),
        at.strftime("%H:%M:%S"),
        _who(entry),
        sentence(entry),
        entry.subject_label,
        "; ".join(f"{name}: {before}" for name, before, _ in differs if before),
        "; ".join(f"{name}: {after}" for name, _, after in differs if after),
    )


def _who(entry: Entry) -> str:
    name = actor_name(entry.actor_kind, entry.actor_name)
    return f"{name} ({entry.actor_authenticator})" if entry.actor_authenticator else name


def _cursor(place: Place) -> str:
    return encode_cursor([place.at.isoformat(), str(place.event_id), place.position])


def _place(cursor: str) -> Place:
    at, event_id, position = decode_cursor(cursor, 3, [str, str, int])
    try:
        place = Place(cursor_time(at), UUID(str(event_id)), int(position or 0))
    except ValueError:
        raise InvalidCursor("Please start from the first page of the list.") from None
    if not 0 <= place.position < 2**31:
        raise InvalidCursor("Please start from the first page of the list.")
    return place
