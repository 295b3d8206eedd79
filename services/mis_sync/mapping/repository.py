"""The SQL of the mapping: which MIS record is which record here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Connection

__all__ = [
    "Mapped",
    "accept_email",
    "accept_upn",
    "copies_have_caught_up",
    "holder_of",
    "keep",
    "mapped_to",
    "record_version",
    "settle",
    "settle_answered",
    "try_again",
    "unsettle",
    "unsettle_unblocked",
    "version_in_the_way",
]

_OWN = {
    "pupil": "own_pupils",
    "group": "own_groups",
    "staff": "own_users",
    "contact": "own_parents",
}
_ACCOUNTS = """(SELECT school_id, id, version FROM own_users
    UNION ALL SELECT school_id, id, version FROM own_parents)"""
_IN_THE_WAY = {**_OWN, "staff": _ACCOUNTS, "contact": _ACCOUNTS}
"""An e-mail address may be that of an account of either kind (R8)."""


@dataclass(frozen=True)
class Mapped:
    """`origin`: `matched` by R17, `new` by R18 or R20, or a `person`'s decision (`made_by`)."""

    kind: str
    mis_id: str
    record_id: UUID
    origin: str
    reason: str
    made_by: str | None = None


async def keep(
    connection: Connection, school_id: UUID, mapped: Sequence[Mapped], at: datetime
) -> None:
    """Map these; one that was mapped to another record before is compared anew."""
    if not mapped:
        return
    await connection.execute(
        """
        INSERT INTO mapping AS known
            (school_id, kind, mis_id, record_id, origin, reason, made_by, made_at)
        SELECT $1, kind, mis_id, record_id, origin, reason, made_by, $8
        FROM unnest($2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[])
            AS t(kind, mis_id, record_id, origin, reason, made_by)
        ON CONFLICT (school_id, kind, mis_id) DO UPDATE SET
            record_id = excluded.record_id, origin = excluded.origin, reason = excluded.reason,
            made_by = excluded.made_by, made_at = excluded.made_at, version = known.version + 1,
            accepted_upn = NULL, accepted_email = NULL, optional_hash = NULL,
            optional_version = NULL, awaited_version = 0,
            settled_hash = NULL, settled_version = NULL
        """,
        school_id,
        [each.kind for each in mapped],
        [each.mis_id for each in mapped],
        [each.record_id for each in mapped],
        [each.origin for each in mapped],
        [each.reason for each in mapped],
        [each.made_by for each in mapped],
        at,
    )


async def settle(
    connection: Connection, school_id: UUID, kind: str, settled: Iterable[tuple[str, str, int]]
) -> None:
    """(MIS id, hash, version here) that were compared, with nothing left to do."""
    rows = list(settled)
    if not rows:
        return
    await connection.execute(
        """
        UPDATE mapping m SET settled_hash = t.hash, settled_version = t.version
        FROM unnest($3::text[], $4::text[], $5::int[]) AS t(mis_id, hash, version)
        WHERE m.school_id = $1 AND m.kind = $2 AND m.mis_id = t.mis_id
        """,
        school_id,
        kind,
        [row[0] for row in rows],
        [row[1] for row in rows],
        [row[2] for row in rows],
    )


async def settle_answered(
    connection: Connection, school_id: UUID, kind: str, answered: Sequence[tuple[UUID, int | None]]
) -> None:
    """(record, its version by the answer): our copy is awaited, and then there is nothing to do.

    Without a version the one that is here is meant; for a record that is not here, none.
    """
    await connection.execute(
        f"""
        UPDATE mapping m SET
            awaited_version = greatest(m.awaited_version, coalesce(t.version, 0)),
            settled_hash = r.hash,
            settled_version = coalesce(t.version, (
                SELECT o.version FROM {_OWN[kind]} o
                WHERE o.school_id = m.school_id AND o.id = m.record_id), 0)
        FROM unnest($3::uuid[], $4::int[]) AS t(record_id, version), mis_records r
        WHERE m.school_id = $1 AND m.kind = $2 AND m.record_id = t.record_id
            AND r.school_id = m.school_id AND r.kind = m.kind AND r.mis_id = m.mis_id
        """,
        school_id,
        kind,
        [record_id for record_id, _ in answered],
        [version for _, version in answered],
    )


async def unsettle(
    connection: Connection, school_id: UUID, kind: str, records: Sequence[tuple[UUID, int | None]]
) -> None:
    """They changed in the meantime: compare them anew, once our copy has come that far."""
    await connection.execute(
        """
        UPDATE mapping m SET
            awaited_version = greatest(m.awaited_version, coalesce(t.version, 0)),
            settled_hash = NULL, settled_version = NULL
        FROM unnest($3::uuid[], $4::int[]) AS t(record_id, version)
        WHERE m.school_id = $1 AND m.kind = $2 AND m.record_id = t.record_id
        """,
        school_id,
        kind,
        [record_id for record_id, _ in records],
        [version for _, version in records],
    )


async def unsettle_unblocked(connection: Connection, school_id: UUID) -> None:
    """What stood in the way of a refused record has changed: it is tried again."""
    for kind, own in _IN_THE_WAY.items():
        await connection.execute(
            f"""
            UPDATE mapping m SET settled_hash = NULL, settled_version = NULL
            FROM differences d JOIN {own} o ON o.school_id = d.school_id AND o.id = d.in_the_way
            WHERE m.school_id = $1 AND m.kind = $2 AND d.school_id = m.school_id
                AND d.kind = 'refused_' || $2 AND d.key = m.mis_id AND d.state <> 'resolved'
                AND d.in_the_way_version IS DISTINCT FROM o.version
            """,
            school_id,
            kind,
        )


async def copies_have_caught_up(connection: Connection, school_id: UUID) -> bool:
    """Whether our copies show all that the owners have answered."""
    behind = " UNION ALL ".join(
        f"""
        SELECT 1 FROM mapping m
        LEFT JOIN {own} o ON o.school_id = m.school_id AND o.id = m.record_id
        WHERE m.school_id = $1 AND m.kind = '{kind}'
            AND m.awaited_version > coalesce(o.version, 0)
        """
        for kind, own in _OWN.items()
    )
    return not await connection.fetchval(f"SELECT EXISTS ({behind})", school_id)


async def accept_email(connection: Connection, school_id: UUID, kind: str, mis_id: str) -> None:
    """A person said that the e-mail address that the MIS has takes the place of the one here."""
    await connection.execute(
        """
        UPDATE mapping m SET settled_hash = NULL, settled_version = NULL,
            accepted_email = r.record ->> 'email'
        FROM mis_records r
        WHERE m.school_id = $1 AND m.kind = $2 AND m.mis_id = $3
            AND r.school_id = m.school_id AND r.kind = m.kind AND r.mis_id = m.mis_id
        """,
        school_id,
        kind,
        mis_id,
    )


async def mapped_to(connection: Connection, school_id: UUID, kind: str, mis_id: str) -> UUID | None:
    """The record here that a MIS record is mapped to."""
    record_id: UUID | None = await connection.fetchval(
        "SELECT record_id FROM mapping WHERE school_id = $1 AND kind = $2 AND mis_id = $3",
        school_id,
        kind,
        mis_id,
    )
    return record_id


async def version_in_the_way(
    connection: Connection, school_id: UUID, kind: str, record_id: UUID
) -> int | None:
    """The version of what stands in the way of a record of `kind`, where it is known here."""
    version: int | None = await connection.fetchval(
        f"SELECT w.version FROM {_IN_THE_WAY[kind]} AS w WHERE w.school_id = $1 AND w.id = $2",
        school_id,
        record_id,
    )
    return version


async def accept_upn(connection: Connection, school_id: UUID, mis_id: str) -> None:
    """A person said that the mapped pupil has the UPN that the MIS has now."""
    await connection.execute(
        """
        UPDATE mapping m SET settled_hash = NULL, settled_version = NULL,
            accepted_upn = upper(regexp_replace(r.record ->> 'upn', '\\s', '', 'g'))
        FROM mis_records r
        WHERE m.school_id = $1 AND m.kind = 'pupil' AND m.mis_id = $2
            AND r.school_id = m.school_id AND r.kind = m.kind AND r.mis_id = m.mis_id
        """,
        school_id,
        mis_id,
    )


async def try_again(connection: Connection, school_id: UUID, kind: str, mis_id: str) -> None:
    """Compare it anew, though both sides are as they were."""
    await connection.execute(
        """
        UPDATE mapping SET settled_hash = NULL, settled_version = NULL
        WHERE school_id = $1 AND kind = $2 AND mis_id = $3
        """,
        school_id,
        kind,
        mis_id,
    )


async def record_version(
    connection: Connection, school_id: UUID, kind: str, record_id: UUID
) -> int | None:
    """The version of a record here; `None` where there is none of that kind."""
    version: int | None = await connection.fetchval(
        f"SELECT version FROM {_OWN[kind]} WHERE school_id = $1 AND id = $2",
        school_id,
        record_id,
    )
    return version


async def holder_of(
    connection: Connection, school_id: UUID, kind: str, record_id: UUID
) -> str | None:
    """The record, present in the MIS, that is mapped to a record here."""
    mis_id: str | None = await connection.fetchval(
        """
        SELECT min(m.mis_id) FROM mapping m JOIN mis_records r USING (school_id, kind, mis_id)
        WHERE m.school_id = $1 AND m.kind = $2 AND m.record_id = $3 AND r.missing_since IS NULL
        """,
        school_id,
        kind,
        record_id,
    )
    return mis_id
