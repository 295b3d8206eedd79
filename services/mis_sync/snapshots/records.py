"""The SQL that takes a whole snapshot over: what the MIS says now, against what it said before.

The snapshot is unpacked (`unpacking.py`) in the same transaction before. A record that has not
changed is not written again. What a snapshot does not carry, or carries as
null, is no information (R17); absence means 'gone' in complete collections only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.mis_sync.snapshots.relationships import take_relationships
from shared.database.pool import Connection

__all__ = [
    "Losses",
    "accept_losses",
    "begin_year",
    "forget_all",
    "gone",
    "losses",
    "take_details",
    "take_over",
]


@dataclass(frozen=True)
class Losses:
    """Of the active records here that are mapped, how many a snapshot would leave without one."""

    mapped: int
    gone: int

    @property
    def share(self) -> float:
        return self.gone / self.mapped if self.mapped else 0.0


_TOLD = """
jsonb_strip_nulls(s.record) - ARRAY['kind', 'removed']
    - CASE WHEN s.record -> 'former_upns' = '[]'::jsonb THEN 'former_upns' ELSE '' END"""

_AFTER = """
WITH after AS (
    SELECT m.record_id, bool_or(
        -- Who is there under another id is not gone.
        CASE WHEN {known} IN (SELECT {told} FROM staged AS other
                WHERE other.kind = $2 AND NOT other.removed AND {told} IS NOT NULL) THEN true
             WHEN s.mis_id IS NOT NULL THEN NOT s.removed
             WHEN $2 = ANY($3::text[]) THEN false
             ELSE r.missing_since IS NULL END
    ) AS stays
    FROM mapping m
    JOIN mis_records r USING (school_id, kind, mis_id)
    LEFT JOIN staged s ON s.kind = m.kind AND s.mis_id = m.mis_id
    WHERE m.school_id = $1 AND m.kind = $2
        AND EXISTS (SELECT 1 FROM {own} o
                    WHERE o.school_id = m.school_id AND o.id = m.record_id AND o.active)
    GROUP BY m.record_id
),
counted AS (
    SELECT record_id, stays OR EXISTS (
        SELECT 1 FROM accepted_losses a WHERE a.school_id = $1 AND a.kind = $2
            AND a.record_id = after.record_id) AS stays
    FROM after
)
"""
_LOSSES = "SELECT count(*) AS mapped, count(*) FILTER (WHERE NOT stays) AS gone FROM counted"
_GONE = "SELECT record_id FROM counted WHERE NOT stays"
_BACK_AGAIN = """
DELETE FROM accepted_losses a
USING mapping m JOIN mis_records r USING (school_id, kind, mis_id)
WHERE a.school_id = $1 AND m.school_id = $1 AND m.kind = a.kind AND m.record_id = a.record_id
    AND r.missing_since IS NULL
"""

# A record that is as it was is not even locked: most are, every night.
_TAKE_RECORDS = f"""
INSERT INTO mis_records AS known (school_id, kind, mis_id, record, hash, missing_since, gone)
SELECT $1, s.kind, s.mis_id, {_TOLD}, CASE WHEN s.removed THEN 'gone' ELSE s.hash END,
    CASE WHEN s.removed THEN $2::date END, s.removed
FROM staged s
LEFT JOIN mis_records k ON k.school_id = $1 AND k.kind = s.kind AND k.mis_id = s.mis_id
WHERE k.mis_id IS NULL OR k.missing_since IS NOT NULL
    OR k.hash <> CASE WHEN s.removed THEN 'gone' ELSE s.hash END
ON CONFLICT (school_id, kind, mis_id) DO UPDATE SET
    record = known.record || excluded.record, hash = excluded.hash,
    missing_since = CASE WHEN excluded.gone
        THEN coalesce(known.missing_since, excluded.missing_since) END,
    gone = excluded.gone
"""  # noqa: S608 - text of this module only
_MARK_MISSING = """
UPDATE mis_records r SET
    missing_since = coalesce(r.missing_since, $2::date),
    gone = r.missing_since IS NOT NULL,
    hash = CASE WHEN r.missing_since IS NULL THEN r.hash ELSE 'gone' END
WHERE r.school_id = $1 AND r.kind = ANY($3::text[]) AND NOT r.gone
    AND (r.missing_since IS NULL OR r.missing_since < $2::date)
    AND NOT EXISTS (SELECT 1 FROM staged s WHERE s.kind = r.kind AND s.mis_id = r.mis_id)
"""
_TAKE_DETAILS = f"""
INSERT INTO mis_records AS known (school_id, kind, mis_id, record, hash)
SELECT $1, s.kind, s.mis_id, {_TOLD} - 'year_group', 'other-year:' || s.hash
FROM staged s
LEFT JOIN mis_records k ON k.school_id = $1 AND k.kind = s.kind AND k.mis_id = s.mis_id
WHERE s.kind = 'pupil' AND NOT s.removed
    AND (k.mis_id IS NULL OR k.missing_since IS NOT NULL OR k.hash <> 'other-year:' || s.hash)
ON CONFLICT (school_id, kind, mis_id) DO UPDATE SET
    record = known.record || excluded.record, hash = excluded.hash, missing_since = NULL,
    gone = false
"""  # noqa: S608

_END_RELATIONS = """
DELETE FROM mis_relations k
WHERE k.school_id = $1 AND CASE WHEN k.kind = ANY($2::text[]) THEN NOT EXISTS (
        SELECT 1 FROM staged_relations s WHERE (s.kind, s.group_mis_id, s.person_mis_id)
            = (k.kind, k.group_mis_id, k.person_mis_id) AND NOT s.removed)
    ELSE EXISTS (
        SELECT 1 FROM staged_relations s WHERE (s.kind, s.group_mis_id, s.person_mis_id)
            = (k.kind, k.group_mis_id, k.person_mis_id) AND s.removed)
    END
"""
_TAKE_RELATIONS = """
INSERT INTO mis_relations (school_id, kind, group_mis_id, person_mis_id)
SELECT $1, kind, group_mis_id, person_mis_id FROM staged_relations s
WHERE NOT removed AND NOT EXISTS (
    SELECT 1 FROM mis_relations k WHERE k.school_id = $1
        AND (k.kind, k.group_mis_id, k.person_mis_id) = (s.kind, s.group_mis_id, s.person_mis_id))
"""

_OWN = {"pupil": "own_pupils", "group": "own_groups"}
_KNOWN_BY = {
    "pupil": r"upper(regexp_replace({}.record ->> 'upn', '\s', '', 'g'))",
    "group": "lower({}.record ->> 'name')",
}
_RELATIONS = {"membership": "member", "teaching": "teacher"}


def _after(kind: str) -> str:
    known_by = _KNOWN_BY[kind]
    return _AFTER.format(own=_OWN[kind], known=known_by.format("r"), told=known_by.format("other"))


async def losses(
    connection: Connection, school_id: UUID, kind: str, complete: frozenset[str]
) -> Losses:
    """What taking the unpacked snapshot over would cost, of `kind` `pupil` or `group`."""
    row = await connection.fetchrow(_after(kind) + _LOSSES, school_id, kind, sorted(complete))
    return Losses(row["mapped"], row["gone"]) if row else Losses(0, 0)


async def gone(
    connection: Connection, school_id: UUID, kind: str, complete: frozenset[str]
) -> list[UUID]:
    """The records here that `losses` counts."""
    rows = await connection.fetch(_after(kind) + _GONE, school_id, kind, sorted(complete))
    return [row["record_id"] for row in rows]


async def accept_losses(
    connection: Connection, school_id: UUID, kind: str, record_ids: Sequence[UUID], run_id: UUID
) -> None:
    """A person said that these may go: no snapshot without them is held for it again."""
    await connection.execute(
        """
        INSERT INTO accepted_losses (school_id, kind, record_id, run_id)
        SELECT $1, $2, record_id, $4 FROM unnest($3::uuid[]) AS t(record_id)
        ON CONFLICT DO NOTHING
        """,
        school_id,
        kind,
        list(record_ids),
        run_id,
    )


async def take_over(
    connection: Connection, school_id: UUID, snapshot_id: UUID, complete: frozenset[str], day: date
) -> None:
    """The unpacked snapshot's records and relations are what the MIS says from now on."""
    kinds = sorted(complete - _RELATIONS.keys())
    relations = [_RELATIONS[name] for name in sorted(complete & _RELATIONS.keys())]
    await connection.execute(_TAKE_RECORDS, school_id, day)
    await connection.execute(_MARK_MISSING, school_id, day, kinds)
    await connection.execute(_END_RELATIONS, school_id, relations)
    await connection.execute(_TAKE_RELATIONS, school_id)
    await connection.execute(_BACK_AGAIN, school_id)
    await take_relationships(connection, school_id, snapshot_id, complete)


async def begin_year(connection: Connection, school_id: UUID) -> None:
    """What was said of year groups, and of who is where, was said of the year before (R22)."""
    await connection.execute(
        """
        UPDATE mis_records SET record = record - 'year_group',
            hash = CASE WHEN gone THEN hash ELSE 'year-before:' || hash END
        WHERE school_id = $1 AND kind = 'pupil' AND record ? 'year_group'
        """,
        school_id,
    )
    await connection.execute("DELETE FROM mis_relations WHERE school_id = $1", school_id)


async def take_details(connection: Connection, school_id: UUID) -> None:
    """Of one of another academic year: what pupils are called, and no more (R22)."""
    await connection.execute(_TAKE_DETAILS, school_id)


async def forget_all(connection: Connection, school_id: UUID, at: datetime) -> None:
    """The MIS's ids mean nothing any more: another server stands behind the link (R21)."""
    await connection.execute(
        "UPDATE mis_link SET records_since = $2 WHERE school_id = $1", school_id, at
    )
    for table in (
        "mapping",
        "taken_apart",
        "mis_relations",
        "mis_relationships",
        "mis_records",
        "accepted_losses",
    ):
        await connection.execute(
            f"DELETE FROM {table} WHERE school_id = $1",  # noqa: S608
            school_id,
        )
    await connection.execute(
        "UPDATE mis_link SET contacts_whole = false WHERE school_id = $1", school_id
    )
