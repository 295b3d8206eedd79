"""Which snapshots are waited for no longer, and when a school is to be looked at again (R16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.database.pool import Connection

__all__ = ["Overdue", "next_due_at", "overdue"]


@dataclass(frozen=True)
class Overdue:
    """A snapshot that is waited for no longer. `begun_anew`: its connector has sent another."""

    run_id: UUID
    snapshot_id: UUID
    parts: int | None
    begun_anew: bool
    arrived: int

    @property
    def note(self) -> str:
        """As it stands in the history."""
        arrived = f"{self.arrived} of {self.parts or 'an unknown number of'} parts had arrived."
        if self.begun_anew:
            return f"Its connector began anew before its end: {arrived} It changed nothing."
        return f"It was not complete after 6 hours: {arrived}"


_GIVEN_UP_AT = """least(r.created_at + $2::interval, (
    SELECT greatest(min(n.first_heard_at), s.last_heard_at, s.first_heard_at) + $3::interval
    FROM snapshots n
    WHERE n.school_id = s.school_id AND n.connector_id = s.connector_id AND n.begun AND s.begun
        AND (n.taken_at, n.id) > (s.taken_at, s.id)
    HAVING count(*) > 0))"""
"""When a snapshot that is received is waited for no longer: after `$2`, or `$3` after its last sign
of life where its connector has begun another meanwhile, as it sends one after the other."""


async def overdue(
    connection: Connection,
    school_id: UUID,
    now: datetime,
    *,
    receives_for: timedelta,
    quiet_for: timedelta,
) -> list[Overdue]:
    """What is waited for no longer."""
    rows = await connection.fetch(
        f"""
        SELECT r.id AS run_id, s.id AS snapshot_id, s.chunks AS parts,
            r.created_at + $2::interval > $4 AS begun_anew,
            (SELECT count(*) FROM snapshot_chunks c
             WHERE c.school_id = s.school_id AND c.snapshot_id = s.id) AS arrived
        FROM runs r JOIN snapshots s ON s.school_id = r.school_id AND s.run_id = r.id
        WHERE r.school_id = $1 AND r.state = 'receiving' AND {_GIVEN_UP_AT} <= $4
        """,  # noqa: S608 - text of this module only
        school_id,
        receives_for,
        quiet_for,
        now,
    )
    return [Overdue(**row) for row in rows]


async def next_due_at(
    connection: Connection,
    school_id: UUID,
    *,
    waits_until: datetime,
    receives_for: timedelta,
    quiet_for: timedelta,
) -> datetime | None:
    """When the school is to be looked at again, whatever wakes the runner before."""
    at: datetime | None = await connection.fetchval(
        f"""
        SELECT min(CASE r.state WHEN 'waiting' THEN greatest(r.next_try_at, $4)
            ELSE {_GIVEN_UP_AT} END)
        FROM runs r LEFT JOIN snapshots s ON s.school_id = r.school_id AND s.run_id = r.id
        WHERE r.school_id = $1 AND r.state IN ('waiting', 'receiving')
        """,  # noqa: S608 - text of this module only
        school_id,
        receives_for,
        quiet_for,
        waits_until,
    )
    return at
