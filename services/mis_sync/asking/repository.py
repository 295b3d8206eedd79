"""The SQL of requests for a snapshot, and of their lines in the sync history (R16, R23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from services.mis_sync.measures import figures
from shared.database.pool import Connection
from shared.messaging.traces import carried, points_at

__all__ = [
    "LastRequest",
    "add",
    "add_line",
    "await_until",
    "earlier_open",
    "end",
    "given_up",
    "hold",
    "last_request",
    "mark_heard",
    "take_given_up",
    "was_heard",
]


@dataclass(frozen=True)
class LastRequest:
    """`outcome` is `answered`, `failed` or `not_heard` once it has its end."""

    id: UUID
    asked_at: datetime
    heard_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    note: str | None
    """Of its line in the history."""


async def hold(connection: Connection, request_id: UUID) -> None:
    """Until the transaction ends: an answer may be quicker than the transaction that has asked."""
    await connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"request {request_id}"
    )


async def add_line(
    connection: Connection, school_id: UUID, cause: str, state: str, note: str, at: datetime
) -> UUID:
    """A line of the history: `closed`, or `failed` where something must be looked at."""
    run_id = uuid7()
    await connection.execute(
        "INSERT INTO runs (school_id, id, cause, state, note, created_at, ended_at, traceparent) "
        "VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
        school_id,
        run_id,
        cause,
        state,
        note,
        at,
        carried().get("traceparent"),
    )
    return run_id


async def add(
    connection: Connection, school_id: UUID, request_id: UUID, run_id: UUID, at: datetime
) -> None:
    await connection.execute(
        "INSERT INTO snapshot_requests (school_id, id, run_id, asked_at) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT DO NOTHING",
        school_id,
        request_id,
        run_id,
        at,
    )
    figures.request("asked")


async def await_until(
    connection: Connection, school_id: UUID, request_id: UUID, at: datetime
) -> None:
    """It is given up then, if it has no end before."""
    await connection.execute("SELECT await_request($1, $2, $3)", request_id, school_id, at)


async def mark_heard(
    connection: Connection, school_id: UUID, request_id: UUID, note: str, at: datetime
) -> bool:
    """Whether it waits for its end; the first time counts."""
    run_id: UUID | None = await connection.fetchval(
        """
        UPDATE snapshot_requests SET heard_at = $3
        WHERE school_id = $1 AND id = $2 AND heard_at IS NULL AND ended_at IS NULL
        RETURNING run_id
        """,
        school_id,
        request_id,
        at,
    )
    if run_id is not None:
        await _set_line(connection, school_id, run_id, "closed", note)
    return run_id is not None


async def end(
    connection: Connection,
    school_id: UUID,
    request_id: UUID,
    outcome: str,
    note: str,
    at: datetime,
) -> bool:
    """Whether there is such a request, and it was not answered before."""
    run_id: UUID | None = await connection.fetchval(
        """
        UPDATE snapshot_requests SET ended_at = $4, outcome = $3,
            heard_at = CASE WHEN $3 = 'not_heard' THEN heard_at ELSE coalesce(heard_at, $4) END
        WHERE school_id = $1 AND id = $2 AND outcome IS DISTINCT FROM 'answered'
            AND outcome IS DISTINCT FROM $3
        RETURNING run_id
        """,
        school_id,
        request_id,
        outcome,
        at,
    )
    if run_id is not None:
        await connection.execute("SELECT request_ended($1)", request_id)
        state = "closed" if outcome == "answered" else "failed"
        await _set_line(connection, school_id, run_id, state, note)
        figures.request(outcome)
    return run_id is not None


async def earlier_open(connection: Connection, school_id: UUID, request_id: UUID) -> list[UUID]:
    """Those that were asked before it and have no end: what ends it ends them."""
    rows = await connection.fetch(
        """
        SELECT r.id FROM snapshot_requests r JOIN snapshot_requests this
            ON this.school_id = r.school_id AND this.id = $2
        WHERE r.school_id = $1 AND r.ended_at IS NULL AND r.asked_at < this.asked_at
        ORDER BY r.asked_at
        """,
        school_id,
        request_id,
    )
    return [row["id"] for row in rows]


async def given_up(connection: Connection, now: datetime, most: int) -> list[tuple[UUID, UUID]]:
    """Request and school of those whose time is over; without a tenant."""
    rows = await connection.fetch("SELECT * FROM requests_given_up($1, $2)", now, most)
    return [(row["request_id"], row["school_id"]) for row in rows]


async def take_given_up(connection: Connection, request_id: UUID, now: datetime) -> bool:
    """Whether its time is still over, and it is ours to end: for who is the first to take it."""
    taken: bool | None = await connection.fetchval("SELECT take_request($1, $2)", request_id, now)
    return bool(taken)


async def was_heard(connection: Connection, school_id: UUID, request_id: UUID) -> bool:
    heard: datetime | None = await connection.fetchval(
        "SELECT heard_at FROM snapshot_requests WHERE school_id = $1 AND id = $2",
        school_id,
        request_id,
    )
    return heard is not None


async def last_request(connection: Connection, school_id: UUID) -> LastRequest | None:
    row = await connection.fetchrow(
        """
        SELECT q.id, q.asked_at, q.heard_at, q.ended_at, q.outcome, r.note
        FROM snapshot_requests q JOIN runs r ON r.school_id = q.school_id AND r.id = q.run_id
        WHERE q.school_id = $1 ORDER BY q.asked_at DESC, q.id DESC LIMIT 1
        """,
        school_id,
    )
    return LastRequest(**row) if row else None


async def _set_line(
    connection: Connection, school_id: UUID, run_id: UUID, state: str, note: str
) -> None:
    asked_by = await connection.fetchval(
        "UPDATE runs SET state = $3, note = $4 WHERE school_id = $1 AND id = $2 "
        "RETURNING traceparent",
        school_id,
        run_id,
        state,
        note,
    )
    points_at(asked_by)
