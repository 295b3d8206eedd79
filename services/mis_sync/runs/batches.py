"""Proposals on their way out, in batches, and which of them are answered (the run's open ends)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from services.mis_sync.runs.comparison import Proposals
from shared.contracts.envelope import Payload
from shared.contracts.mis_sync import (
    MAX_PROPOSALS_PER_BATCH,
    GroupsApproved,
    LinksApproved,
    ProposalBatch,
    PupilsApproved,
    StaffApproved,
)
from shared.database.pool import Connection
from shared.messaging.outbox import Outbox

__all__ = ["answer", "send", "unanswered", "unanswered_payloads"]

T = TypeVar("T")

_KINDS: dict[str, type[ProposalBatch]] = {
    "pupils": PupilsApproved,
    "groups": GroupsApproved,
    "staff": StaffApproved,
    "links": LinksApproved,
}


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
        INSERT INTO run_batches (school_id, run_id, kind, sequence, payload)
        VALUES ($1, $2, $3, $4, $5)
        """,
        [
            (school_id, run_id, kind, batch.sequence, batch.model_dump_json())
            for kind, batch in batches
        ],
    )
    await outbox.publish(connection, school_id, *(batch for _, batch in batches))
    return len(batches)


async def answer(
    connection: Connection, school_id: UUID, run_id: UUID, kind: str, sequence: int, at: datetime
) -> bool:
    """Whether this is the first answer to a batch that was sent."""
    done = await connection.execute(
        """
        UPDATE run_batches SET answered_at = $5, payload = NULL
        WHERE school_id = $1 AND run_id = $2 AND kind = $3 AND sequence = $4
            AND answered_at IS NULL
        """,
        school_id,
        run_id,
        kind,
        sequence,
        at,
    )
    return bool(done == "UPDATE 1")


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


def _parts(items: Sequence[T]) -> list[Sequence[T]]:
    size = MAX_PROPOSALS_PER_BATCH
    return [items[start : start + size] for start in range(0, len(items), size)]
