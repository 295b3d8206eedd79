"""Proposals on their way out, in batches, and which of them are answered (the run's open ends)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from services.mis_sync.runs.changes import ids_that_change, record_id_of, told_fields
from services.mis_sync.runs.comparison import Proposals
from services.mis_sync.runs.contact_sides import name_children
from shared.contracts.envelope import Payload
from shared.contracts.mis_sync import (
    MAX_PROPOSALS_PER_BATCH,
    GroupsApproved,
    LinksApproved,
    ParentsApproved,
    ProposalBatch,
    PupilsApproved,
    StaffApproved,
)
from shared.database.pool import Connection
from shared.messaging.outbox import Outbox

__all__ = [
    "Sent",
    "answer",
    "forget_changes",
    "keep_changes",
    "send",
    "unanswered",
    "unanswered_payloads",
]

T = TypeVar("T")

_KINDS: dict[str, type[ProposalBatch]] = {
    "pupils": PupilsApproved,
    "groups": GroupsApproved,
    "staff": StaffApproved,
    "links": LinksApproved,
    "parents": ParentsApproved,
}

_OWN = {
    "pupils": "own_pupils",
    "groups": "own_groups",
    "staff": "own_users",
    "parents": "own_parents",
}
_CHANGES_ARE_KEPT = timedelta(days=365)


@dataclass(frozen=True)
class Sent:
    """A batch as it went out, and what stood here of the fields that it is to change."""

    proposals: Sequence[Mapping[str, Any]]
    before: Mapping[str, Mapping[str, Any]]


async def send(
    outbox: Outbox,
    connection: Connection,
    school_id: UUID,
    run_id: UUID,
    academic_year: str,
    proposals: Proposals,
) -> int:
    """Write the batches to the outbox and to the run; how many there are."""
    batches = [
        (
            kind,
            model(
                run_id=run_id,
                sequence=sequence,
                total=len(parts),
                academic_year=academic_year,
                proposals=part,
            ),
        )
        for kind, model in _KINDS.items()
        for parts in [_parts(getattr(proposals, kind))]
        for sequence, part in enumerate(parts)
    ]
    await connection.executemany(
        """
        INSERT INTO run_batches (school_id, run_id, kind, sequence, payload, before)
        VALUES ($1, $2, $3, $4, $5, $6::jsonb)
        """,
        [
            (
                school_id,
                run_id,
                kind,
                batch.sequence,
                batch.model_dump_json(),
                await _what_stands_here(connection, school_id, kind, batch),
            )
            for kind, batch in batches
        ],
    )
    await outbox.publish(connection, school_id, *(batch for _, batch in batches))
    return len(batches)


async def answer(
    connection: Connection, school_id: UUID, run_id: UUID, kind: str, sequence: int, at: datetime
) -> Sent | None:
    """The batch, if this is the first answer to it. The school's link is locked."""
    key = (school_id, run_id, kind, sequence)
    row = await connection.fetchrow(
        """
        SELECT payload, before FROM run_batches
        WHERE school_id = $1 AND run_id = $2 AND kind = $3 AND sequence = $4
            AND answered_at IS NULL
        """,
        *key,
    )
    if row is None:
        return None
    await connection.execute(
        """
        UPDATE run_batches SET answered_at = $5, payload = NULL, before = NULL
        WHERE school_id = $1 AND run_id = $2 AND kind = $3 AND sequence = $4
        """,
        *key,
        at,
    )
    sent = json.loads(row["payload"])["proposals"] if row["payload"] else []
    return Sent(sent, json.loads(row["before"]) if row["before"] else {})


async def keep_changes(
    connection: Connection,
    school_id: UUID,
    run_id: UUID,
    kind: str,
    sequence: int,
    changes: Sequence[Mapping[str, Any]],
) -> None:
    """What came of a batch, for the run's record."""
    if not changes:
        return
    await connection.execute(
        """
        UPDATE run_batches SET changes = $5::jsonb
        WHERE school_id = $1 AND run_id = $2 AND kind = $3 AND sequence = $4
        """,
        school_id,
        run_id,
        kind,
        sequence,
        json.dumps(changes),
    )


async def forget_changes(connection: Connection, school_id: UUID, now: datetime) -> None:
    """Person by person, a run's record is kept for a year; ids of runs tell when they began."""
    before = int((now - _CHANGES_ARE_KEPT).timestamp() * 1000)
    await connection.execute(
        """
        UPDATE run_batches SET changes = NULL
        WHERE school_id = $1 AND run_id < $2 AND changes IS NOT NULL
        """,
        school_id,
        UUID(int=before << 80),
    )


async def unanswered(connection: Connection, school_id: UUID, run_id: UUID) -> int:
    count: int = await connection.fetchval(
        """
        SELECT count(*) FROM run_batches
        WHERE school_id = $1 AND run_id = $2 AND answered_at IS NULL
        """,
        school_id,
        run_id,
    )
    return count


async def unanswered_payloads(connection: Connection, school_id: UUID) -> list[Payload]:
    """All that no owner has answered yet, as it was sent."""
    rows = await connection.fetch(
        """
        SELECT kind, payload FROM run_batches
        WHERE school_id = $1 AND answered_at IS NULL AND payload IS NOT NULL
        ORDER BY run_id, kind, sequence
        """,
        school_id,
    )
    return [_KINDS[row["kind"]].model_validate_json(row["payload"]) for row in rows]


async def _what_stands_here(
    connection: Connection, school_id: UUID, kind: str, batch: ProposalBatch
) -> str | None:
    """Of the fields that are to change, by record, as JSON; `None` where there are none."""
    proposals = batch.model_dump(mode="json")["proposals"]
    ids = ids_that_change(proposals) if kind in _OWN else []
    if not ids:
        return None
    rows = await connection.fetch(
        f"""
        SELECT o.id, to_jsonb(o) AS here FROM {_OWN[kind]} o
        WHERE o.school_id = $1 AND o.id = ANY($2::uuid[])
        """,  # noqa: S608
        school_id,
        ids,
    )
    here = {str(row["id"]): json.loads(row["here"]) for row in rows}
    if kind == "parents":
        await name_children(connection, school_id, proposals, here)
    before = {}
    for proposal in proposals:
        known = here.get(record_id_of(proposal))
        if known is not None:
            fields = told_fields(proposal).keys() & known.keys()
            before[record_id_of(proposal)] = {name: known[name] for name in sorted(fields)}
    return json.dumps(before)


def _parts(items: Sequence[T]) -> list[Sequence[T]]:
    size = MAX_PROPOSALS_PER_BATCH
    return [items[start : start + size] for start in range(0, len(items), size)]
