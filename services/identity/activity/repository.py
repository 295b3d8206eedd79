"""The SQL of the activity log, which can be added to and read, by database rights (R9)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shared.contracts.activity import ActivityEntry, ActivityRecorded
from shared.contracts.envelope import Event
from shared.database.pool import Connection

__all__ = ["append"]


async def append(
    connection: Connection, school_id: UUID, events: Sequence[Event[ActivityRecorded]]
) -> None:
    """The entries of these events, each under its event's id and its place in it."""
    rows = [
        _row(school_id, event, position, entry)
        for event in events
        for position, entry in enumerate(event.data.entries)
    ]
    await connection.execute(
        "INSERT INTO activity_log SELECT * "
        "FROM jsonb_populate_recordset(NULL::activity_log, $1::jsonb)",
        json.dumps(rows),
    )


def _row(
    school_id: UUID, event: Event[ActivityRecorded], position: int, entry: ActivityEntry
) -> dict[str, Any]:
    said = entry.model_dump(mode="json")
    return {
        "school_id": str(school_id),
        "event_id": str(event.id),
        "position": position,
        "service": event.data.service,
        "at": said["at"],
        "actor_kind": entry.actor.kind,
        "actor_account_id": said["actor"]["account_id"],
        "actor_name": entry.actor.name,
        "action": entry.action,
        "subject_kind": entry.subject.kind,
        "subject_id": said["subject"]["id"],
        "subject_label": entry.subject.label,
        "before": said["before"],
        "after": said["after"],
    }
