"""The SQL that compares links: what the MIS has and is not here, what it gave and has no longer.

R13 goes first: what was set by hand is neither added nor taken away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from shared.database.pool import Connection

__all__ = ["LinkSides", "link_sides"]


@dataclass(frozen=True)
class LinkSides:
    """Links to be made and to be taken away, and those that are wanted though they were refused:
    (kind, group, person)."""

    add: list[tuple[str, UUID, UUID]]
    remove: list[tuple[str, UUID, UUID]]
    refused: list[tuple[str, UUID, UUID]]


# What is there as it is wanted, nearly all of it every night, stays in the database.
_SIDES = """
WITH wanted AS MATERIALIZED (
    SELECT DISTINCT k.kind, g.record_id AS group_id, p.record_id AS person_id
    FROM mis_relations k
    JOIN mapping g ON g.school_id = k.school_id AND g.kind = 'group' AND g.mis_id = k.group_mis_id
    JOIN mis_records gr ON gr.school_id = k.school_id AND gr.kind = 'group'
        AND gr.mis_id = k.group_mis_id AND gr.missing_since IS NULL
    JOIN mapping p ON p.school_id = k.school_id AND p.mis_id = k.person_mis_id
        AND p.kind = CASE k.kind WHEN 'member' THEN 'pupil' ELSE 'staff' END
    JOIN mis_records pr ON pr.school_id = p.school_id AND pr.kind = p.kind
        AND pr.mis_id = p.mis_id AND pr.missing_since IS NULL
    WHERE k.school_id = $1
),
-- Of which relations the MIS has told all, in the school's year and since its ids mean what they
-- do: that it does not tell of one means something in these only. A run that waits has just been
-- taken over, in this transaction.
told AS MATERIALIZED (
    SELECT DISTINCT CASE name WHEN 'membership' THEN 'member' ELSE 'teacher' END AS kind
    FROM runs r
    JOIN snapshots s ON s.school_id = r.school_id AND s.run_id = r.id AND s.state = 'done'
    CROSS JOIN LATERAL unnest(s.complete) AS name
    WHERE r.school_id = $1 AND name IN ('membership', 'teaching')
        AND (r.state = 'waiting' OR r.compared_at IS NOT NULL AND NOT r.limited
            AND r.academic_year = (SELECT academic_year FROM own_schools WHERE school_id = $1)
            AND r.started_at >= coalesce((SELECT records_since FROM mis_link
                WHERE school_id = $1), '-infinity'))
),
refused AS MATERIALIZED (
    SELECT key FROM differences
    WHERE school_id = $1 AND kind = 'refused_link' AND state <> 'resolved'
),
sides AS (
    SELECT CASE WHEN f.key IS NOT NULL THEN 'refused' ELSE 'add' END AS side,
        w.kind, w.group_id, w.person_id
    FROM wanted w
    LEFT JOIN own_links l ON l.school_id = $1
        AND (l.kind, l.group_id, l.person_id) = (w.kind, w.group_id, w.person_id)
    LEFT JOIN refused f ON f.key = w.kind || ':' || w.group_id || ':' || w.person_id
    WHERE f.key IS NOT NULL OR (coalesce(NOT l.present AND NOT l.override, true)
        AND (w.group_id = ANY($2::uuid[]) OR EXISTS (
            SELECT 1 FROM own_groups o WHERE o.school_id = $1 AND o.id = w.group_id AND o.active))
        AND (w.person_id = ANY($2::uuid[]) OR CASE w.kind
            WHEN 'member' THEN EXISTS (SELECT 1 FROM own_pupils o
                WHERE o.school_id = $1 AND o.id = w.person_id AND o.active)
            ELSE EXISTS (SELECT 1 FROM own_users o
                WHERE o.school_id = $1 AND o.id = w.person_id AND o.active) END))
    UNION ALL
    SELECT 'remove', l.kind, l.group_id, l.person_id FROM own_links l
    WHERE l.school_id = $1 AND l.present AND l.origin = 'mis' AND NOT l.override
        AND l.kind IN (SELECT kind FROM told)
        AND NOT EXISTS (SELECT 1 FROM wanted w
            WHERE (w.kind, w.group_id, w.person_id) = (l.kind, l.group_id, l.person_id))
        -- Who is missing from the MIS for the first time has left nothing yet (R18).
        AND NOT (l.kind = 'member' AND NOT EXISTS (
            SELECT 1 FROM mapping m JOIN mis_records r USING (school_id, kind, mis_id)
            WHERE m.school_id = $1 AND m.kind = 'pupil' AND m.record_id = l.person_id
                AND r.missing_since IS NULL))
        -- What was taken apart keeps what it has until somebody has decided (R19).
        AND NOT EXISTS (
            SELECT 1 FROM taken_apart a
            WHERE a.school_id = $1 AND a.record_id IN (l.group_id, l.person_id)
                AND NOT EXISTS (SELECT 1 FROM mapping m WHERE m.school_id = a.school_id
                                AND m.kind = a.kind AND m.record_id = a.record_id))
)
SELECT side, kind, group_id, person_id FROM sides ORDER BY kind, group_id, person_id
"""


async def link_sides(
    connection: Connection, school_id: UUID, arriving: Sequence[UUID]
) -> LinkSides:
    """`arriving` are made, or made active again, by the same run. R13's overrides stand."""
    rows = await connection.fetch(_SIDES, school_id, list(arriving))

    def on(side: str) -> list[tuple[str, UUID, UUID]]:
        return [_link(row) for row in rows if row["side"] == side]

    return LinkSides(add=on("add"), remove=on("remove"), refused=on("refused"))


def _link(row: asyncpg.Record) -> tuple[str, UUID, UUID]:
    return row["kind"], row["group_id"], row["person_id"]
