"""The SQL of which parents a snapshot would part from a child of theirs (R18, R20).

Counted are active parents to whom the MIS gave a pupil that the snapshot still has; who leaves with
a pupil is the pupils' loss. Who is there under another id, by the same e-mail address or UPN, is
not gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.mis_sync.matching.contacts import PARENTAL
from services.mis_sync.snapshots.keeping import what_is_kept
from services.mis_sync.snapshots.records import Losses
from services.mis_sync.snapshots.relationships import STAGED_RELATIONSHIPS
from shared.contracts.mis import Collection
from shared.database.pool import Connection

__all__ = ["forget_settled_losses", "parents_losing"]

_UPN = r"upper(regexp_replace({} ->> 'upn', '\s', '', 'g'))"
_PRESENT = """
    SELECT coalesce(s.mis_id, r.mis_id) AS mis_id,
        coalesce(r.record, '{{}}') || coalesce(jsonb_strip_nulls(s.record), '{{}}') AS record
    FROM (SELECT mis_id, record, removed FROM staged WHERE kind = '{kind}') AS s
    FULL JOIN (SELECT mis_id, record, missing_since FROM mis_records
        WHERE school_id = $1 AND kind = '{kind}') AS r USING (mis_id)
    WHERE CASE WHEN s.mis_id IS NOT NULL THEN NOT s.removed
        ELSE NOT {complete} AND r.missing_since IS NULL END"""
_LOSING = f"""
WITH {STAGED_RELATIONSHIPS.format(name="told")},
relations AS (
    SELECT coalesce(t.contact_mis_id, k.contact_mis_id) AS contact_mis_id,
        coalesce(t.pupil_mis_id, k.pupil_mis_id) AS pupil_mis_id
    FROM told AS t
    FULL JOIN (SELECT contact_mis_id, pupil_mis_id, relationship, responsibility
        FROM mis_relationships WHERE school_id = $1) AS k USING (contact_mis_id, pupil_mis_id)
    WHERE CASE WHEN t.contact_mis_id IS NOT NULL THEN NOT t.removed ELSE NOT $5::boolean END
        AND (coalesce(t.relationship, k.relationship) = ANY($6::text[])
            OR coalesce(t.responsibility, k.responsibility))
),
addresses AS (
    SELECT lower(email) AS email, id AS parent_id FROM own_parents
    WHERE school_id = $1 AND email IS NOT NULL
    UNION
    SELECT lower(r.record ->> 'email'), m.record_id
    FROM mapping m JOIN mis_records r USING (school_id, kind, mis_id)
    WHERE m.school_id = $1 AND m.kind = 'contact' AND r.record ->> 'email' IS NOT NULL
),
contacts AS (
    SELECT c.mis_id, coalesce(m.record_id, a.parent_id) AS parent_id
    FROM ({_PRESENT.format(kind="contact", complete="$4::boolean")}) AS c
    LEFT JOIN mapping m ON m.school_id = $1 AND m.kind = 'contact' AND m.mis_id = c.mis_id
    LEFT JOIN addresses a ON m.mis_id IS NULL AND a.email = lower(c.record ->> 'email')
),
pupils AS (
    SELECT p.mis_id, coalesce(m.record_id, o.id) AS child
    FROM ({_PRESENT.format(kind="pupil", complete="$3::boolean")}) AS p
    LEFT JOIN mapping m ON m.school_id = $1 AND m.kind = 'pupil' AND m.mis_id = p.mis_id
    LEFT JOIN own_pupils o ON m.mis_id IS NULL AND o.school_id = $1
        AND o.upn = {_UPN.format("p.record")}
),
kept AS (
    SELECT DISTINCT c.parent_id, p.child
    FROM relations r JOIN contacts c ON c.mis_id = r.contact_mis_id
    JOIN pupils p ON p.mis_id = r.pupil_mis_id
),
given AS (
    SELECT o.id AS parent_id, child
    FROM own_parents o CROSS JOIN LATERAL unnest(o.mis_children) AS child
    WHERE o.school_id = $1 AND o.active AND child IN (SELECT p.child FROM pupils p)
        -- Of a parent without a contact nothing follows until all contacts were told.
        AND ($4::boolean AND $5::boolean
            OR (SELECT contacts_whole FROM mis_link WHERE school_id = $1)
            OR EXISTS (SELECT FROM mapping m WHERE m.school_id = $1 AND m.kind = 'contact'
                AND m.record_id = o.id))
),
counted AS (
    SELECT g.parent_id, bool_or(k.child IS NULL) AS loses,
        EXISTS (SELECT FROM accepted_losses a WHERE a.school_id = $1 AND a.kind = 'parent'
            AND a.record_id = g.parent_id) AS accepted
    FROM given g LEFT JOIN kept k USING (parent_id, child) GROUP BY g.parent_id
)
"""  # noqa: S608 - text of this module only
_COUNT = """
SELECT count(*) AS mapped,
    coalesce(array_agg(parent_id ORDER BY parent_id) FILTER (WHERE loses AND NOT accepted), '{}')
        AS losing
FROM counted
"""
_SETTLED = """
DELETE FROM accepted_losses a WHERE a.school_id = $1 AND a.kind = 'parent'
    AND NOT EXISTS (SELECT FROM counted c WHERE c.parent_id = a.record_id AND c.loses)
"""


async def parents_losing(
    connection: Connection, school_id: UUID, snapshot_id: UUID, complete: frozenset[str]
) -> tuple[Losses, Sequence[UUID]]:
    """How many parents taking the unpacked snapshot over would part from a child, and which."""
    if not (await what_is_kept(connection, school_id)).contacts:
        return Losses(0, 0), []
    row = await connection.fetchrow(
        _LOSING + _COUNT, *_arguments(school_id, snapshot_id, complete), _PARENTAL
    )
    if row is None:
        return Losses(0, 0), []
    return Losses(row["mapped"], len(row["losing"])), list(row["losing"])


async def forget_settled_losses(
    connection: Connection, school_id: UUID, snapshot_id: UUID, complete: frozenset[str]
) -> None:
    """Who was parted, or was not in the end, is asked about again when they lose a child anew."""
    accepted = "SELECT 1 FROM accepted_losses WHERE school_id = $1 AND kind = 'parent' LIMIT 1"
    if await connection.fetchval(accepted, school_id):
        await connection.execute(
            _LOSING + _SETTLED, *_arguments(school_id, snapshot_id, complete), _PARENTAL
        )


_PARENTAL = sorted(PARENTAL)


def _arguments(
    school_id: UUID, snapshot_id: UUID, complete: frozenset[str]
) -> tuple[UUID, UUID, bool, bool, bool]:
    return (
        school_id,
        snapshot_id,
        Collection.PUPILS in complete,
        Collection.CONTACTS in complete,
        Collection.RELATIONSHIPS in complete,
    )
