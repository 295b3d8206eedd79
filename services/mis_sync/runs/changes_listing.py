"""The SQL of what a run changed, person by person, as it is read (R23)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from shared.database.pool import Connection
from shared.web.paging import PageRequest, decode_cursor, encode_cursor

__all__ = ["Change", "ChangeFilters", "changes_counted", "list_changes"]


@dataclass(frozen=True)
class ChangeFilters:
    """`kind` as in `Change`; `outcome` `None` means all."""

    kind: str | None = None
    outcome: str | None = None


@dataclass(frozen=True)
class Change:
    """`kind`: pupil, group, staff, parent, member or teacher. `group` is of the last two.

    `fields` are (field, before, after); optional fields of pupils stand by name only.
    """

    kind: str
    record_id: UUID
    label: str
    group_id: UUID | None
    group: str | None
    action: str
    outcome: str
    reason: str | None
    fields: list[dict[str, Any]]


_NAME = """concat_ws(' ', coalesce({0}.preferred_forename, {0}.legal_forename),
    coalesce({0}.preferred_surname, {0}.legal_surname))"""
_NAMED = f"""
WITH items AS MATERIALIZED (
    SELECT CASE b.kind WHEN 'links' THEN e.item ->> 'link' WHEN 'staff' THEN 'staff'
            ELSE rtrim(b.kind, 's') END AS kind,
        b.sequence, e.place, e.item, (e.item ->> 'id')::uuid AS id,
        (e.item ->> 'group_id')::uuid AS group_id
    FROM run_batches b CROSS JOIN LATERAL jsonb_array_elements(b.changes)
        WITH ORDINALITY AS e(item, place)
    WHERE b.school_id = $1 AND b.run_id = $2 AND b.changes IS NOT NULL
),
named AS (
    SELECT i.kind, i.id AS record_id, i.group_id, g.name AS "group", i.sequence, i.place,
        coalesce(nullif({_NAME.format("p")}, ''), o.name,
            nullif(concat_ws(' ', u.forename, u.surname), ''),
            nullif(concat_ws(' ', c.forename, c.surname), ''), i.item ->> 'label', '–') AS label,
        i.item ->> 'action' AS action, i.item ->> 'outcome' AS outcome,
        i.item ->> 'reason' AS reason, coalesce(i.item -> 'fields', '[]') AS fields,
        array_position(ARRAY['pupil', 'group', 'staff', 'parent', 'member', 'teacher'], i.kind)
            AS rank
    FROM items i
    LEFT JOIN own_pupils p ON i.kind IN ('pupil', 'member') AND p.school_id = $1 AND p.id = i.id
    LEFT JOIN own_users u ON i.kind IN ('staff', 'teacher') AND u.school_id = $1 AND u.id = i.id
    LEFT JOIN own_parents c ON i.kind = 'parent' AND c.school_id = $1 AND c.id = i.id
    LEFT JOIN own_groups o ON i.kind = 'group' AND o.school_id = $1 AND o.id = i.id
    LEFT JOIN own_groups g ON g.school_id = $1 AND g.id = i.group_id
)
"""  # noqa: S608 - text of this module only
_BOUNDS = """
($3::text IS NULL OR kind = $3) AND ($4::text IS NULL OR outcome = $4)
AND ($5::text IS NULL OR label ILIKE '%' || $5 || '%' OR "group" ILIKE '%' || $5 || '%')
"""
_PLACE = "(rank, label, coalesce(\"group\", ''), sequence, place)"
_LIST = f"""
{_NAMED}
SELECT kind, record_id, label, group_id, "group", action, outcome, reason, fields,
    rank, sequence, place
FROM named
WHERE {_BOUNDS} AND ($6::bigint IS NULL
    OR {_PLACE} > ($6::bigint, $7::text, $8::text, $9::bigint, $10::bigint))
ORDER BY {_PLACE} LIMIT $11
"""  # noqa: S608 - text of this module only
_COUNT = f"{_NAMED} SELECT count(*) FROM named WHERE {_BOUNDS}"  # noqa: S608
_COUNTED = f"""
{_NAMED} SELECT kind, count(*) AS count FROM named
WHERE {_BOUNDS} GROUP BY kind, rank ORDER BY rank
"""  # noqa: S608


async def list_changes(
    connection: Connection,
    school_id: UUID,
    run_id: UUID,
    filters: ChangeFilters,
    page: PageRequest,
) -> tuple[list[Change], str | None, int]:
    """By kind, then by name: the page, the cursor of the next, and how many there are in all."""
    bounds = (school_id, run_id, filters.kind, filters.outcome, _pattern(page.search))
    rows = await connection.fetch(_LIST, *bounds, *_after(page.cursor), page.limit + 1)
    total = await connection.fetchval(_COUNT, *bounds)
    changes = [_change(row) for row in rows[: page.limit]]
    cursor = None
    if len(rows) > page.limit:
        last = rows[page.limit - 1]
        place = (last["rank"], last["label"], last["group"] or "", last["sequence"], last["place"])
        cursor = encode_cursor(list(place))
    return changes, cursor, total


async def changes_counted(
    connection: Connection, school_id: UUID, run_id: UUID, search: str | None
) -> dict[str, int]:
    """Kind → how many, of those that the search finds."""
    rows = await connection.fetch(_COUNTED, school_id, run_id, None, None, _pattern(search))
    return {row["kind"]: row["count"] for row in rows}


def _after(cursor: str | None) -> tuple[Any, ...]:
    if cursor is None:
        return None, None, None, None, None
    return decode_cursor(cursor, 5, (int, str, str, int, int))


def _pattern(search: str | None) -> str | None:
    if not search:
        return None
    return search.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _change(row: asyncpg.Record) -> Change:
    return Change(
        kind=row["kind"],
        record_id=row["record_id"],
        label=row["label"],
        group_id=row["group_id"],
        group=row["group"],
        action=row["action"],
        outcome=row["outcome"],
        reason=row["reason"],
        fields=json.loads(row["fields"]),
    )
