"""Whose answer it is: the MIS record, and its name, behind each record that was proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.mis_sync.matching.records import FindingKind
from shared.contracts.roster import LinkOutcome
from shared.database.pool import Connection

__all__ = ["GROUPS", "PARENTS", "PUPILS", "STAFF", "Kind", "labels", "link_labels"]


@dataclass(frozen=True)
class Kind:
    """One kind of record, by its names in the mapping, in the batches, and when it is refused."""

    mapping: str
    batches: str
    refused: FindingKind


PUPILS = Kind("pupil", "pupils", FindingKind.REFUSED_PUPIL)
GROUPS = Kind("group", "groups", FindingKind.REFUSED_GROUP)
STAFF = Kind("staff", "staff", FindingKind.REFUSED_STAFF)
PARENTS = Kind("contact", "parents", FindingKind.REFUSED_CONTACT)

_LABEL = """
coalesce(
    nullif(concat_ws(' ',
        coalesce(r.record ->> 'preferred_forename', r.record ->> 'legal_forename',
                 r.record ->> 'forename', r.record ->> 'name'),
        coalesce(r.record ->> 'preferred_surname', r.record ->> 'legal_surname',
                 r.record ->> 'surname')), ''),
    m.mis_id)"""


async def labels(
    connection: Connection, school_id: UUID, kind: str, record_ids: Sequence[UUID]
) -> dict[UUID, tuple[str, str]]:
    """Record here → (MIS id, name in the MIS); of several, the one that the MIS still has."""
    rows = await connection.fetch(
        f"""
        SELECT DISTINCT ON (m.record_id) m.record_id, m.mis_id, {_LABEL} AS label
        FROM mapping m JOIN mis_records r USING (school_id, kind, mis_id)
        WHERE m.school_id = $1 AND m.kind = $2 AND m.record_id = ANY($3::uuid[])
        ORDER BY m.record_id, r.missing_since IS NULL DESC, m.mis_id
        """,  # noqa: S608
        school_id,
        kind,
        list(record_ids),
    )
    return {row["record_id"]: (row["mis_id"], row["label"]) for row in rows}


async def link_labels(
    connection: Connection, school_id: UUID, outcomes: Sequence[LinkOutcome]
) -> dict[tuple[UUID, UUID], str]:
    """(group, person) → such as `Maya Patel in 3 Blue`."""
    if not outcomes:
        return {}
    groups = await labels(connection, school_id, "group", [o.group_id for o in outcomes])
    people = {
        **await labels(connection, school_id, "pupil", [o.person_id for o in outcomes]),
        **await labels(connection, school_id, "staff", [o.person_id for o in outcomes]),
    }
    unknown = ("", "somebody")
    return {
        (o.group_id, o.person_id): (
            f"{people.get(o.person_id, unknown)[1]} in {groups.get(o.group_id, unknown)[1]}"
        )
        for o in outcomes
    }
