"""The SQL of the lists that a person reads: differences, and what is in the MIS and not here.

Both sides are read as they are now: the MIS's record, and the record here that it may be.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from shared.database.pool import Connection
from shared.web.paging import InvalidCursor, PageRequest, decode_cursor, encode_cursor

__all__ = ["Filters", "Listed", "list_differences"]


@dataclass(frozen=True)
class Filters:
    """`alert`: differences; otherwise what is not here. `state` `None` means open and ignored."""

    alert: bool
    kind: str | None = None
    state: str | None = None


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
        here = self.here or {}
        if self.mis_kind == "group":
            return str(here.get("name"))
        forename = here.get("preferred_forename") or here.get("legal_forename")
        surname = here.get("preferred_surname") or here.get("legal_surname")
        return f"{forename or here.get('forename')} {surname or here.get('surname')}"


_BOUNDS = """
d.school_id = $1 AND d.alert = $2 AND ($3::text IS NULL OR d.kind = $3)
AND CASE WHEN $4::text IS NULL THEN d.state <> 'resolved' ELSE d.state = $4 END
AND ($5::text IS NULL OR d.label ILIKE '%' || $5 || '%')
"""
_LIST = f"""
SELECT d.id, d.kind, d.mis_kind, d.key AS mis_id, d.state, d.version, d.label, d.match,
    d.reason_code, d.reason, d.created_at, d.suggestion_id,
    r.record || CASE d.mis_kind
        WHEN 'group' THEN jsonb_build_object(
            'pupils', (SELECT count(*) FROM mis_relations m
                WHERE m.school_id = d.school_id AND m.kind = 'member' AND m.group_mis_id = d.key),
            'teachers', (SELECT jsonb_agg(concat_ws(' ', s.record->>'title',
                    s.record->>'forename', s.record->>'surname') ORDER BY s.record->>'surname')
                FROM mis_relations m JOIN mis_records s
                    ON s.school_id = m.school_id AND s.kind = 'staff' AND s.mis_id = m.person_mis_id
                WHERE m.school_id = d.school_id AND m.kind = 'teacher' AND m.group_mis_id = d.key))
        WHEN 'staff' THEN jsonb_build_object(
            'groups', (SELECT jsonb_agg(g.record->>'name' ORDER BY g.record->>'name')
                FROM mis_relations m JOIN mis_records g
                    ON g.school_id = m.school_id AND g.kind = 'group' AND g.mis_id = m.group_mis_id
                WHERE m.school_id = d.school_id AND m.kind = 'teacher' AND m.person_mis_id = d.key))
        WHEN 'contact' THEN jsonb_build_object(
            'children', (SELECT jsonb_agg(concat_ws(' ',
                    coalesce(p.record->>'preferred_forename', p.record->>'legal_forename'),
                    coalesce(p.record->>'preferred_surname', p.record->>'legal_surname'))
                    ORDER BY p.mis_id)
                FROM mis_relationships k JOIN mis_records p
                    ON p.school_id = k.school_id AND p.kind = 'pupil' AND p.mis_id = k.pupil_mis_id
                WHERE k.school_id = d.school_id AND k.contact_mis_id = d.key))
        ELSE '{{}}'
    END AS mis,
    CASE d.mis_kind
        WHEN 'pupil' THEN (SELECT to_jsonb(o) FROM own_pupils o
            WHERE o.school_id = d.school_id AND o.id = d.suggestion_id)
        WHEN 'group' THEN (SELECT to_jsonb(o) FROM own_groups o
            WHERE o.school_id = d.school_id AND o.id = d.suggestion_id)
        WHEN 'staff' THEN (SELECT to_jsonb(o) FROM own_users o
            WHERE o.school_id = d.school_id AND o.id = d.suggestion_id)
        WHEN 'contact' THEN (SELECT to_jsonb(o) FROM own_parents o
            WHERE o.school_id = d.school_id AND o.id = d.suggestion_id)
    END AS here
FROM differences d
LEFT JOIN mis_records r ON r.school_id = d.school_id AND r.kind = d.mis_kind AND r.mis_id = d.key
WHERE {_BOUNDS} AND ($6::text IS NULL OR (d.kind, d.label, d.id) > ($6, $7, $8::uuid))
ORDER BY d.kind, d.label, d.id LIMIT $9
"""  # noqa: S608 - text of this module only
_COUNT = f"SELECT count(*) FROM differences d WHERE {_BOUNDS}"  # noqa: S608
_INTERNAL = (
    *("school_id", "version", "overrides", "origin"),
    *("children", "mis_children", "kept_apart"),
)


async def list_differences(
    connection: Connection, school_id: UUID, filters: Filters, page: PageRequest
) -> tuple[list[Listed], str | None, int]:
    """By kind, then by name: the page, the cursor of the next, and how many there are in all."""
    bounds = (school_id, filters.alert, filters.kind, filters.state, _pattern(page.search))
    after = _after(page.cursor)
    rows = await connection.fetch(_LIST, *bounds, *after, page.limit + 1)
    total = await connection.fetchval(_COUNT, *bounds)
    listed = [_listed(row) for row in rows[: page.limit]]
    cursor = None
    if len(rows) > page.limit:
        last = listed[-1]
        cursor = encode_cursor([last.kind, last.label, str(last.id)])
    return listed, cursor, total


def _after(cursor: str | None) -> tuple[str | None, str | None, UUID | None]:
    if cursor is None:
        return None, None, None
    kind, label, last_id = decode_cursor(cursor, 3, (str, str, str))
    try:
        return str(kind), str(label), UUID(str(last_id))
    except ValueError:
        raise InvalidCursor("This is not a place in the list.") from None


def _pattern(search: str | None) -> str | None:
    """The text itself: what it holds of `%`, `_` and backslash means nothing more."""
    if not search:
        return None
    return search.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _listed(row: asyncpg.Record) -> Listed:
    known = dict(row)
    known["mis"] = json.loads(known["mis"]) if known["mis"] else {}
    here = json.loads(known["here"]) if known["here"] else None
    if here is not None:
        here = {name: value for name, value in here.items() if name not in _INTERNAL}
    known["here"] = here
    return Listed(**known)
