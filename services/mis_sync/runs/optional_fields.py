"""The SQL that knows which optional fields of a pupil roster has answered (R29).

Roster's own values are not copied: what the MIS says is proposed once for each state of both sides,
and the answer is remembered by hash and version.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.mis_sync.matching.records import OPTIONAL_FIELDS
from shared.database.pool import Connection

__all__ = ["OPTIONAL_ANSWERED", "settle_optional"]

_NAMES = ", ".join(f"'{name}'" for name in OPTIONAL_FIELDS)
_HASH = (
    "(SELECT md5(string_agg(e.key || ':' || e.value::text, ',' ORDER BY e.key)) "  # noqa: S608
    f"FROM jsonb_each(r.record) AS e WHERE e.key IN ({_NAMES}))"
)
OPTIONAL_ANSWERED = f"""(o.id IS NOT NULL
    AND (m.optional_hash, m.optional_version) IS NOT DISTINCT FROM ({_HASH}, o.version))"""
"""Of a record `r`, its mapping `m`, and the pupil `o` here."""


async def settle_optional(
    connection: Connection, school_id: UUID, answered: Sequence[tuple[UUID, int | None]]
) -> None:
    """(pupil, their version by the answer)."""
    await connection.execute(
        f"""
        UPDATE mapping m SET optional_hash = {_HASH}, optional_version = t.version
        FROM unnest($2::uuid[], $3::int[]) AS t(record_id, version), mis_records r
        WHERE m.school_id = $1 AND m.kind = 'pupil' AND m.record_id = t.record_id
            AND r.school_id = m.school_id AND r.kind = m.kind AND r.mis_id = m.mis_id
            AND (m.optional_hash IS NOT NULL OR r.record ?| ARRAY[{_NAMES}])
        """,  # noqa: S608
        school_id,
        [pupil_id for pupil_id, _ in answered],
        [version for _, version in answered],
    )
