"""The SQL of differences: found, found again, decided, resolved.

One stands for (kind, MIS record), so that finding it again repeats nothing, and what a person
ignored stays ignored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from services.mis_sync.matching.records import Finding
from shared.database.pool import Connection

__all__ = [
    "Found",
    "Standing",
    "counts",
    "decide",
    "lock",
    "record",
    "resolve_all_of_records",
    "resolve_gone",
    "resolve_kind",
    "resolve_links",
    "resolve_of_record",
    "resolve_unfound",
    "resolve_unlooked",
]


@dataclass(frozen=True)
class Found:
    """A finding and what it is of: `mis_kind` and `key` (the MIS id, for a record)."""

    mis_kind: str
    key: str
    finding: Finding
    in_the_way_version: int | None = None


@dataclass(frozen=True)
class Standing:
    """A difference as it stands, locked for a decision."""

    id: UUID
    kind: str
    mis_kind: str
    key: str
    state: str
    version: int
    label: str
    reason_code: str
    suggestion_id: UUID | None
    changed_at: datetime
    decision: str | None
    decided_by: str | None
    decided_at: datetime
    decided_version: int | None


async def record(
    connection: Connection, school_id: UUID, found: Sequence[Found], at: datetime
) -> None:
    """Open what is new or was resolved; of what is known, only what changed."""
    if not found:
        return
    await connection.execute(
        """
        INSERT INTO differences AS known
            (school_id, id, kind, mis_kind, key, alert, state, label, match, suggestion_id,
             reason_code, reason, in_the_way, in_the_way_version, created_at, changed_at)
        SELECT $1, id, kind, mis_kind, key, alert, 'open', label, match, suggestion_id,
            reason_code, reason, in_the_way, in_the_way_version, $14, $14
        FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::bool[], $7::text[],
                $8::text[], $9::uuid[], $10::text[], $11::text[], $12::uuid[], $13::int[])
            AS t(id, kind, mis_kind, key, alert, label, match, suggestion_id, reason_code, reason,
                 in_the_way, in_the_way_version)
        ON CONFLICT (school_id, kind, key) DO UPDATE SET
            state = CASE known.state WHEN 'ignored' THEN 'ignored' ELSE 'open' END,
            created_at = CASE known.state WHEN 'resolved' THEN $14 ELSE known.created_at END,
            version = known.version + 1, label = excluded.label, match = excluded.match,
            suggestion_id = excluded.suggestion_id, reason_code = excluded.reason_code,
            reason = excluded.reason, in_the_way = excluded.in_the_way,
            in_the_way_version = excluded.in_the_way_version, changed_at = $14
        WHERE known.state = 'resolved'
            OR (known.label, known.match, known.suggestion_id, known.reason_code, known.reason,
                known.in_the_way, known.in_the_way_version)
            IS DISTINCT FROM
               (excluded.label, excluded.match, excluded.suggestion_id, excluded.reason_code,
                excluded.reason, excluded.in_the_way, excluded.in_the_way_version)
        """,
        school_id,
        [uuid7() for _ in found],
        [each.finding.kind.value for each in found],
        [each.mis_kind for each in found],
        [each.key for each in found],
        [each.finding.kind.alert for each in found],
        [each.finding.label for each in found],
        [each.finding.match.value for each in found],
        [each.finding.suggestion for each in found],
        [each.finding.reason_code for each in found],
        [each.finding.reason for each in found],
        [each.finding.in_the_way for each in found],
        [each.in_the_way_version for each in found],
        at,
    )


async def resolve_unfound(
    connection: Connection,
    school_id: UUID,
    mis_kind: str,
    looked_at: Sequence[str],
    found: Sequence[tuple[str, str]],
    proposed: Sequence[str],
    at: datetime,
) -> None:
    """Of the records that were `looked_at`: what was not `found` (kind, key) again is resolved.

    A refusal of what is `proposed` again stands until the owner has answered.
    """
    await connection.execute(
        """
        UPDATE differences d SET state = 'resolved', version = version + 1, changed_at = $7
        WHERE d.school_id = $1 AND d.mis_kind = $2 AND d.key = ANY($3::text[])
            AND d.state <> 'resolved'
            AND NOT (d.kind LIKE 'refused%' AND d.key = ANY($6::text[]))
            AND NOT EXISTS (SELECT 1 FROM unnest($4::text[], $5::text[]) AS t(kind, key)
                            WHERE t.kind = d.kind AND t.key = d.key)
        """,
        school_id,
        mis_kind,
        list(looked_at),
        [kind for kind, _ in found],
        [key for _, key in found],
        list(proposed),
        at,
    )


async def resolve_unlooked(
    connection: Connection, school_id: UUID, mis_kind: str, looked_at: Sequence[str], at: datetime
) -> None:
    """What was found of unmapped records of a kind that there is nothing to be said of any more."""
    await connection.execute(
        """
        UPDATE differences d SET state = 'resolved', version = version + 1, changed_at = $4
        WHERE d.school_id = $1 AND d.mis_kind = $2 AND d.state <> 'resolved'
            AND d.key <> ALL($3::text[])
            AND NOT EXISTS (SELECT 1 FROM mapping m WHERE m.school_id = d.school_id
                            AND m.kind = d.mis_kind AND m.mis_id = d.key)
        """,
        school_id,
        mis_kind,
        list(looked_at),
        at,
    )


async def resolve_gone(connection: Connection, school_id: UUID, at: datetime) -> None:
    """What was found of unmapped records that the MIS no longer has is of no interest any more."""
    await connection.execute(
        """
        UPDATE differences d SET state = 'resolved', version = version + 1, changed_at = $2
        FROM mis_records r
        WHERE d.school_id = $1 AND d.state <> 'resolved' AND r.school_id = d.school_id
            AND r.kind = d.mis_kind AND r.mis_id = d.key AND r.missing_since IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM mapping m WHERE m.school_id = r.school_id
                            AND m.kind = r.kind AND m.mis_id = r.mis_id)
        """,
        school_id,
        at,
    )


async def resolve_of_record(
    connection: Connection, school_id: UUID, mis_kind: str, mis_id: str, at: datetime
) -> None:
    """All that was found of one record: it is asked about anew."""
    await connection.execute(
        """
        UPDATE differences SET state = 'resolved', version = version + 1, changed_at = $4
        WHERE school_id = $1 AND mis_kind = $2 AND key = $3 AND state <> 'resolved'
        """,
        school_id,
        mis_kind,
        mis_id,
        at,
    )


async def resolve_kind(
    connection: Connection, school_id: UUID, kind: str, keys: Sequence[str] | None, at: datetime
) -> None:
    """All of a kind, or those with these keys."""
    await connection.execute(
        """
        UPDATE differences SET state = 'resolved', version = version + 1, changed_at = $4
        WHERE school_id = $1 AND kind = $2 AND state <> 'resolved'
            AND ($3::text[] IS NULL OR key = ANY($3::text[]))
        """,
        school_id,
        kind,
        None if keys is None else list(keys),
        at,
    )


async def resolve_links(
    connection: Connection, school_id: UUID, *, unless: Sequence[str], at: datetime
) -> None:
    """Refused links that the MIS no longer asks for."""
    await connection.execute(
        """
        UPDATE differences SET state = 'resolved', version = version + 1, changed_at = $3
        WHERE school_id = $1 AND mis_kind = 'link' AND state <> 'resolved'
            AND key <> ALL($2::text[])
        """,
        school_id,
        list(unless),
        at,
    )


async def resolve_all_of_records(connection: Connection, school_id: UUID, at: datetime) -> None:
    """The MIS's ids mean nothing any more, and what was found of them neither."""
    await connection.execute(
        """
        UPDATE differences SET state = 'resolved', version = version + 1, changed_at = $2
        WHERE school_id = $1 AND mis_kind <> 'run' AND state <> 'resolved'
        """,
        school_id,
        at,
    )


async def lock(
    connection: Connection, school_id: UUID, ids: Sequence[UUID]
) -> dict[UUID, Standing]:
    rows = await connection.fetch(
        """
        SELECT id, kind, mis_kind, key, state, version, label, reason_code, suggestion_id,
            changed_at, decision, decided_by, coalesce(decided_at, changed_at) AS decided_at,
            decided_version
        FROM differences WHERE school_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE
        """,
        school_id,
        list(ids),
    )
    return {row["id"]: Standing(**row) for row in rows}


async def decide(
    connection: Connection,
    school_id: UUID,
    difference_id: UUID,
    state: str,
    decision: str,
    by: str,
    at: datetime,
) -> None:
    """A person's doing, so that the next one can be told of it."""
    await connection.execute(
        """
        UPDATE differences SET state = $3, version = version + 1, changed_at = $6, decision = $4,
            decided_by = $5, decided_at = $6, decided_version = version + 1
        WHERE school_id = $1 AND id = $2
        """,
        school_id,
        difference_id,
        state,
        decision,
        by,
        at,
    )


async def counts(connection: Connection, school_id: UUID) -> tuple[int, int]:
    """Open differences, and what is in the MIS and not here."""
    row = await connection.fetchrow(
        """
        SELECT count(*) FILTER (WHERE alert) AS differences,
            count(*) FILTER (WHERE NOT alert) AS not_here
        FROM differences WHERE school_id = $1 AND state = 'open'
        """,
        school_id,
    )
    return (row["differences"], row["not_here"]) if row else (0, 0)
