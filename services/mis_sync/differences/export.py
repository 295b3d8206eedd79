"""Who is in the MIS and not here, as CSV: to be worked through beside the MIS (R20).

Whoever takes it is in the activity log (R9): such a file leaves the school's hands easily.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from uuid import UUID

from services.mis_sync import activity
from services.mis_sync.context import MisSync
from services.mis_sync.differences.listing import Filters, Listed, list_differences
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.paging import PageRequest
from shared.web.spreadsheet import BOM, csv_lines

__all__ = ["not_here_file"]

_ROWS_AT_ONCE = 500
_HEADINGS = (
    "Who",
    "Name",
    "Why",
    "Probably",
    "UPN",
    "Date of birth",
    "Year group",
    "E-mail",
    "Staff code",
    "Classes in the MIS",
    "MIS id",
)
_WHO = {"pupil": "Pupil", "staff": "Staff", "contact": "Parent"}

Part = tuple[list[Listed], str | None]


async def not_here_file(
    mis_sync: MisSync, principal: Principal, filters: Filters, search: str | None
) -> AsyncIterator[bytes]:
    """Piece by piece, each in a transaction of its own, so that a slow reader holds none open.

    That it was begun is in the activity log before anything is read.
    """
    async with mis_sync.database.transaction(principal.tenant) as connection:
        request = PageRequest(limit=_ROWS_AT_ONCE, search=search)
        listed, cursor, total = await list_differences(
            connection, principal.tenant, filters, request
        )
        said = {"who": filters.mis_kind, "because": filters.kind, "search": search}
        line = activity.entry(
            at=mis_sync.clock(),
            actor=activity.by(principal),
            action="mapping.not_here_exported",
            kind="mapping",
            label="In the MIS, not here",
            after={"people": total, **{name: value for name, value in said.items() if value}},
        )
        await activity.record(mis_sync.outbox, connection, principal.tenant, [line])
    return _pieces(mis_sync, principal.tenant, filters, search, (listed, cursor))


async def _pieces(
    mis_sync: MisSync, school_id: UUID, filters: Filters, search: str | None, part: Part
) -> AsyncIterator[bytes]:
    yield (BOM + csv_lines([_HEADINGS])).encode()
    while True:
        listed, cursor = part
        yield csv_lines(_row(one) for one in listed).encode()
        if cursor is None:
            return
        async with mis_sync.database.transaction(school_id) as connection:
            part = await _part(connection, school_id, filters, search, cursor)


async def _part(
    connection: Connection, school_id: UUID, filters: Filters, search: str | None, cursor: str
) -> Part:
    request = PageRequest(limit=_ROWS_AT_ONCE, cursor=cursor, search=search)
    listed, next_cursor, _ = await list_differences(connection, school_id, filters, request)
    return listed, next_cursor


def _row(one: Listed) -> Sequence[str]:
    mis = one.mis
    return (
        _WHO.get(one.mis_kind, one.mis_kind),
        one.label,
        one.reason,
        one.here_label if one.here else "",
        str(mis.get("upn") or ""),
        _day(mis.get("date_of_birth")),
        str(mis.get("year_group") or ""),
        str(mis.get("email") or ""),
        str(mis.get("staff_code") or ""),
        "; ".join(map(str, mis.get("groups") or ())),
        one.mis_id,
    )


def _day(text: object) -> str:
    return date.fromisoformat(str(text)).strftime("%d/%m/%Y") if text else ""
