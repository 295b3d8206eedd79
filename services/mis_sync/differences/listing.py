"""The SQL of the lists that a person reads: differences, and what is in the MIS and not here.

Both sides are read as they are now: the MIS's record, and the record here that it may be.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.mis_sync.differences.two_sides import (
    here_label,
    here_side,
    mis_side,
    without_internals,
)
from shared.database.pool import Connection
from shared.web.paging import InvalidCursor, PageRequest, decode_cursor, encode_cursor

__all__ = [
    "Filters",
    "Listed",
    "Reason",
    "counts_by_kind",
    "list_differences",
    "open_ids",
    "search_pattern",
    "staff_without_user",
]


@dataclass(frozen=True)
class Filters:
    """`alert`: differences; otherwise what is not here. `state` `None` means open and ignored.

    `mis_kind`: of pupils, staff, groups … only; `match`: how they stand to what is here.
    """

    alert: bool
    kind: str | None = None
    state: str | None = None
    mis_kind: str | None = None
    match: str | None = None


@dataclass(frozen=True)
class Reason:
    """Who it is about, and why: a sentence for the office."""

    label: str
    reason: str


@dataclass(frozen=True)
class Listed:
    """`mis` is the record as the MIS has it, `here` the one it may be, each by field.

    A group's says how many pupils it has and who teaches it, a member of staff's which groups they
    teach, so that a person knows which is meant.
    """

    id: UUID
    kind: str
    mis_kind: str
    mis_id: str
    state: str
    version: int
    label: str
    match: str
    reason_code: str
    reason: str
    created_at: datetime
    suggestion_id: UUID | None
    mis: dict[str, Any]
    here: dict[str, Any] | None

    @property
    def here_label(self) -> str:
        return here_label(self.mis_kind, self.here)


_BOUNDS = """
d.school_id = $1 AND d.alert = $2 AND ($3::text IS NULL OR d.kind = $3)
AND CASE WHEN $4::text IS NULL THEN d.state <> 'resolved' ELSE d.state = $4 END
AND ($5::text IS NULL OR d.label ILIKE '%' || $5 || '%')
AND ($6::text IS NULL OR d.mis_kind = $6) AND ($7::text IS NULL OR d.match = $7)
"""
_LIST = f"""
SELECT d.id, d.kind, d.mis_kind, d.key AS mis_id, d.state, d.version, d.label, d.match,
    d.reason_code, d.reason, d.created_at, d.suggestion_id,
    {mis_side("d.mis_kind", "d.key")} AS mis,
    {here_side("d.mis_kind", "d.school_id", "d.suggestion_id")} AS here
FROM differences d
LEFT JOIN mis_records r ON r.school_id = d.school_id AND r.kind = d.mis_kind AND r.mis_id = d.key
WHERE {_BOUNDS} AND ($8::text IS NULL OR (d.kind, d.label, d.id) > ($8, $9, $10::uuid))
ORDER BY d.kind, d.label, d.id LIMIT $11
"""  # noqa: S608 - text of this module only
_COUNT = f"SELECT count(*) FROM differences d WHERE {_BOUNDS}"  # noqa: S608
_COUNTS = f"""
SELECT d.kind, d.mis_kind, count(*) AS count FROM differences d WHERE {_BOUNDS}
GROUP BY d.kind, d.mis_kind ORDER BY d.mis_kind, d.kind
"""  # noqa: S608


async def list_differences(
    connection: Connection, school_id: UUID, filters: Filters, page: PageRequest
) -> tuple[list[Listed], str | None, int]:
    """By kind, then by name: the page, the cursor of the next, and how many there are in all."""
    bounds = _bounds(school_id, filters, page.search)
    after = _after(page.cursor)
    rows = await connection.fetch(_LIST, *bounds, *after, page.limit + 1)
    total = await connection.fetchval(_COUNT, *bounds)
    listed = [_listed(row) for row in rows[: page.limit]]
    cursor = None
    if len(rows) > page.limit:
        last = listed[-1]
        cursor = encode_cursor([last.kind, last.label, str(last.id)])
    return listed, cursor, total


async def counts_by_kind(
    connection: Connection, school_id: UUID, filters: Filters
) -> list[tuple[str, str, int]]:
    """(kind, kind of record, how many), for the filters of a page."""
    rows = await connection.fetch(_COUNTS, *_bounds(school_id, filters, None))
    return [(row["kind"], row["mis_kind"], row["count"]) for row in rows]


async def open_ids(connection: Connection, school_id: UUID) -> set[UUID]:
    """The differences that raise the alert now."""
    rows = await connection.fetch(
        "SELECT id FROM differences WHERE school_id = $1 AND alert AND state = 'open'", school_id
    )
    return {row["id"] for row in rows}


async def staff_without_user(
    connection: Connection, school_id: UUID, groups: Sequence[str]
) -> list[Reason]:
    """Who teaches one of these groups of the MIS and has no user that teaches it here, and why."""
    rows = await connection.fetch(
        """
        SELECT DISTINCT d.label, d.reason, d.key
        FROM mis_relations k JOIN differences d ON d.school_id = k.school_id
            AND d.mis_kind = 'staff' AND d.key = k.person_mis_id AND d.state <> 'resolved'
        WHERE k.school_id = $1 AND k.kind = 'teacher' AND k.group_mis_id = ANY($2::text[])
        ORDER BY d.label, d.key
        """,
        school_id,
        list(groups),
    )
    return [Reason(row["label"], row["reason"]) for row in rows]


def _bounds(school_id: UUID, filters: Filters, search: str | None) -> tuple[object, ...]:
    return (
        school_id,
        filters.alert,
        filters.kind,
        filters.state,
        search_pattern(search),
        filters.mis_kind,
        filters.match,
    )


def _after(cursor: str | None) -> tuple[str | None, str | None, UUID | None]:
    if cursor is None:
        return None, None, None
    kind, label, last_id = decode_cursor(cursor, 3, (str, str, str))
    try:
        return str(kind), str(label), UUID(str(last_id))
    except ValueError:
        raise InvalidCursor("This is not a place in the list.") from None


def search_pattern(search: str | None) -> str | None:
    """The text itself: what it holds of `%`, `_` and backslash means nothing more."""
    if not search:
        return None
    return search.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _listed(row: asyncpg.Record) -> Listed:
    known = dict(row)
    known["mis"] = json.loads(known["mis"]) if known["mis"] else {}
    known["here"] = without_internals(known["here"])
    return Listed(**known)
