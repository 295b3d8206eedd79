"""The SQL of the mapping as it is looked through: all that is mapped, both sides, and why (R19).

Parents are not in it: several contacts may be one parent, whose own page tells of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.mis_sync.differences.listing import search_pattern
from services.mis_sync.differences.two_sides import (
    here_label,
    here_side,
    mis_side,
    without_internals,
)
from services.mis_sync.mapping.by_hand import MIS_LABEL
from shared.database.pool import Connection
from shared.web.paging import PageRequest, decode_cursor, encode_cursor

__all__ = ["MappedRecord", "counts_by_kind", "list_mapped"]


@dataclass(frozen=True)
class MappedRecord:
    """`here` is null where the record is still to be made; `gone`: the MIS does not have it now."""

    kind: str
    mis_id: str
    label: str
    record_id: UUID
    origin: str
    reason: str
    made_by: str | None
    made_at: datetime
    version: int
    gone: bool
    mis: dict[str, Any]
    here: dict[str, Any] | None

    @property
    def here_label(self) -> str | None:
        return here_label(self.kind, self.here) if self.here else None


_HERE_MATCHES = """
CASE r.kind
    WHEN 'group' THEN EXISTS (SELECT 1 FROM own_groups o WHERE o.school_id = r.school_id
        AND o.id = r.record_id AND o.name ILIKE {text})
    WHEN 'staff' THEN EXISTS (SELECT 1 FROM own_users o WHERE o.school_id = r.school_id
        AND o.id = r.record_id AND concat_ws(' ', o.forename, o.surname, o.username) ILIKE {text})
    ELSE EXISTS (SELECT 1 FROM own_pupils o WHERE o.school_id = r.school_id
        AND o.id = r.record_id AND concat_ws(' ', coalesce(o.preferred_forename, o.legal_forename),
            coalesce(o.preferred_surname, o.legal_surname), o.upn) ILIKE {text})
END""".format(text="'%' || $4 || '%'")  # noqa: S608
_LISTED = f"""
FROM (SELECT m.*, r.record, r.missing_since, {MIS_LABEL} AS label
    FROM mapping m JOIN mis_records r USING (school_id, kind, mis_id)
    WHERE m.school_id = $1 AND m.kind <> 'contact' AND ($2::text IS NULL OR m.kind = $2)
        AND ($3::text IS NULL OR m.origin = $3)) AS r
WHERE ($4::text IS NULL OR r.label ILIKE '%' || $4 || '%' OR {_HERE_MATCHES})
"""  # noqa: S608 - text of this module only
_LIST = f"""
SELECT r.kind, r.mis_id, r.label, r.record_id, r.origin, r.reason, r.made_by, r.made_at, r.version,
    r.missing_since IS NOT NULL AS gone,
    {mis_side("r.kind", "r.mis_id")} AS mis,
    {here_side("r.kind", "r.school_id", "r.record_id")} AS here
{_LISTED} AND ($5::text IS NULL OR (r.kind, r.label, r.mis_id) > ($5, $6, $7))
ORDER BY r.kind, r.label, r.mis_id LIMIT $8
"""
_COUNTS = """
SELECT kind, count(*) AS count FROM mapping WHERE school_id = $1 AND kind <> 'contact' GROUP BY kind
"""


async def list_mapped(
    connection: Connection, school_id: UUID, kind: str | None, origin: str | None, page: PageRequest
) -> tuple[list[MappedRecord], str | None, int]:
    """By kind, then by name in the MIS: the page, the cursor of the next, how many in all."""
    bounds = (school_id, kind, origin, search_pattern(page.search))
    rows = await connection.fetch(_LIST, *bounds, *_after(page.cursor), page.limit + 1)
    total = await connection.fetchval(f"SELECT count(*) {_LISTED}", *bounds)
    listed = [_mapped(row) for row in rows[: page.limit]]
    cursor = None
    if len(rows) > page.limit:
        last = listed[-1]
        cursor = encode_cursor([last.kind, last.label, last.mis_id])
    return listed, cursor, total


async def counts_by_kind(connection: Connection, school_id: UUID) -> dict[str, int]:
    rows = await connection.fetch(_COUNTS, school_id)
    return {row["kind"]: row["count"] for row in rows}


def _after(cursor: str | None) -> tuple[str | None, str | None, str | None]:
    if cursor is None:
        return None, None, None
    kind, label, mis_id = decode_cursor(cursor, 3, (str, str, str))
    return str(kind), str(label), str(mis_id)


def _mapped(row: asyncpg.Record) -> MappedRecord:
    known = dict(row)
    known["mis"] = json.loads(known["mis"])
    known["here"] = without_internals(known["here"])
    return MappedRecord(**known)
