"""Lays a snapshot out in temporary tables, once, for the statements that take it over (R17).

`staged` are the records of people and groups, `staged_relations` who is in which group or teaches
it; of what is told twice the last counts. Both are empty again when the transaction ends.
"""

from __future__ import annotations

from uuid import UUID

from shared.database.pool import Connection

__all__ = ["unpack"]

_STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS staged (
    kind text COLLATE "C", mis_id text COLLATE "C", record jsonb, removed boolean, hash text
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS staged_relations (
    kind text COLLATE "C", group_mis_id text COLLATE "C", person_mis_id text COLLATE "C",
    removed boolean
) ON COMMIT DELETE ROWS;
DELETE FROM staged;
DELETE FROM staged_relations
"""
_UNPACK = """
WITH told AS MATERIALIZED (
    SELECT r ->> 'kind' AS kind, r AS record,
        coalesce((r ->> 'removed')::boolean, false) AS removed, c.sequence, place
    FROM snapshot_chunks AS c
    CROSS JOIN LATERAL jsonb_array_elements(c.records) WITH ORDINALITY AS e(r, place)
    WHERE c.school_id = $1 AND c.snapshot_id = $2
),
relations AS (
    INSERT INTO staged_relations (kind, group_mis_id, person_mis_id, removed)
    SELECT DISTINCT ON (kind COLLATE "C", group_mis_id COLLATE "C", person_mis_id COLLATE "C")
        kind, group_mis_id, person_mis_id, removed
    FROM (
        SELECT CASE kind WHEN 'membership' THEN 'member' ELSE 'teacher' END AS kind,
            record ->> 'group_mis_id' AS group_mis_id,
            coalesce(record ->> 'pupil_mis_id', record ->> 'staff_mis_id') AS person_mis_id,
            removed, sequence, place
        FROM told WHERE kind IN ('membership', 'teaching')
    ) AS t
    ORDER BY kind COLLATE "C", group_mis_id COLLATE "C", person_mis_id COLLATE "C",
        sequence DESC, place DESC
)
INSERT INTO staged (kind, mis_id, record, removed, hash)
SELECT DISTINCT ON (kind COLLATE "C", mis_id COLLATE "C") kind, mis_id, record, removed,
    encode(sha256(convert_to(record::text, 'UTF8')), 'hex')
FROM (
    SELECT kind, record ->> 'mis_id' AS mis_id, record, removed, sequence, place
    FROM told WHERE kind IN ('pupil', 'staff', 'group', 'contact')
) AS t
ORDER BY kind COLLATE "C", mis_id COLLATE "C", sequence DESC, place DESC
"""


async def unpack(connection: Connection, school_id: UUID, snapshot_id: UUID) -> None:
    """Lay the snapshot's records out, once, for the statements below in the same transaction."""
    await connection.execute(_STAGE)
    await connection.execute(_UNPACK, school_id, snapshot_id)
