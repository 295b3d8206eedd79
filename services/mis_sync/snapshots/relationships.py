"""The SQL that takes over what contacts are to pupils (R20); see `records` for the rest.

Absence means 'gone' where the snapshot tells all relationships; what it does not say of one is no
information (R17).
"""

from __future__ import annotations

from uuid import UUID

from services.mis_sync.snapshots.keeping import what_is_kept
from shared.contracts.mis import Collection
from shared.database.pool import Connection

__all__ = ["STAGED_RELATIONSHIPS", "take_relationships"]

STAGED_RELATIONSHIPS = """
{name} AS MATERIALIZED (
    SELECT DISTINCT ON (contact_mis_id, pupil_mis_id)
        contact_mis_id, pupil_mis_id, relationship, responsibility, removed
    FROM snapshot_chunks AS c
    CROSS JOIN LATERAL (
        SELECT r ->> 'contact_mis_id' AS contact_mis_id, r ->> 'pupil_mis_id' AS pupil_mis_id,
            r ->> 'relationship' AS relationship,
            (r ->> 'responsibility')::boolean AS responsibility,
            coalesce((r ->> 'removed')::boolean, false) AS removed, place
        FROM jsonb_array_elements(c.records) WITH ORDINALITY AS e(r, place)
        WHERE r ->> 'kind' = 'relationship'
    ) AS told
    WHERE c.school_id = $1 AND c.snapshot_id = $2
    ORDER BY contact_mis_id, pupil_mis_id, c.sequence DESC, place DESC
)"""
"""What `$1`'s snapshot `$2` says of relationships; of what is told twice the last counts."""
_STAGED = STAGED_RELATIONSHIPS.format(name="staged")
_END = f"""
WITH {_STAGED}
DELETE FROM mis_relationships k
WHERE k.school_id = $1 AND CASE WHEN $3::boolean THEN NOT EXISTS (
        SELECT 1 FROM staged s WHERE NOT s.removed
            AND (s.contact_mis_id, s.pupil_mis_id) = (k.contact_mis_id, k.pupil_mis_id))
    ELSE EXISTS (
        SELECT 1 FROM staged s WHERE s.removed
            AND (s.contact_mis_id, s.pupil_mis_id) = (k.contact_mis_id, k.pupil_mis_id))
    END
"""  # noqa: S608 - text of this module only
_TAKE = f"""
WITH {_STAGED}
INSERT INTO mis_relationships AS known
    (school_id, contact_mis_id, pupil_mis_id, relationship, responsibility)
SELECT $1, contact_mis_id, pupil_mis_id, relationship, responsibility
FROM staged WHERE NOT removed
ON CONFLICT (school_id, contact_mis_id, pupil_mis_id) DO UPDATE SET
    relationship = coalesce(excluded.relationship, known.relationship),
    responsibility = coalesce(excluded.responsibility, known.responsibility)
WHERE (excluded.relationship IS NOT NULL
        AND excluded.relationship IS DISTINCT FROM known.relationship)
    OR (excluded.responsibility IS NOT NULL
        AND excluded.responsibility IS DISTINCT FROM known.responsibility)
"""  # noqa: S608
_WHOLE = """
UPDATE mis_link SET contacts_whole = true
WHERE school_id = $1 AND NOT contacts_whole
"""


async def take_relationships(
    connection: Connection, school_id: UUID, snapshot_id: UUID, complete: frozenset[str]
) -> None:
    """Nothing where parents do not come from the MIS: then none was staged."""
    if not (await what_is_kept(connection, school_id)).contacts:
        return
    whole = Collection.RELATIONSHIPS in complete
    await connection.execute(_END, school_id, snapshot_id, whole)
    await connection.execute(_TAKE, school_id, snapshot_id)
    if whole and Collection.CONTACTS in complete:
        await connection.execute(_WHOLE, school_id)
