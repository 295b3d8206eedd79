"""The SQL of changes that are not in the activity log yet, and what each is in the log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from shared.contracts.activity import Actor
from shared.database.pool import Connection

__all__ = ["AT_ONCE", "Change", "Kind", "Values", "keep", "label", "oldest", "take", "take_quiet"]

AT_ONCE = 400
"""An event has up to 500 entries."""
Values = dict[str, str | None]
Kind = Literal["mark", "class_teacher", "head_teacher"]
_GENERAL = UUID(int=0)


@dataclass(frozen=True)
class Change:
    """`before` and `after` are whole, in the school's words. `subject_id` is null of a comment."""

    kind: Kind
    pupil_id: UUID
    subject_id: UUID | None
    term_id: UUID
    actor: Actor
    before: Values
    after: Values
    changed_at: datetime


async def label(connection: Connection, change: Change) -> str:
    """`Zoë Hall, English, Autumn 2026/27`."""
    parts = await connection.fetchrow(
        """
        SELECT (SELECT concat_ws(' ', coalesce(preferred_forename, legal_forename),
                    coalesce(preferred_surname, legal_surname)) FROM pupils WHERE id = $1),
            (SELECT name FROM subjects WHERE id = $2),
            (SELECT concat_ws(' ', name, academic_year) FROM terms WHERE id = $3)
        """,
        change.pupil_id,
        change.subject_id,
        change.term_id,
    )
    return ", ".join(part for part in parts or () if part)


async def keep(connection: Connection, school_id: UUID, change: Change) -> None:
    await connection.execute(
        "INSERT INTO unlogged_changes (school_id, kind, pupil_id, subject_id, term_id, actor, "
        "before, after, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        school_id,
        *_place(change),
        change.actor.model_dump_json(),
        json.dumps(change.before),
        json.dumps(change.after),
        change.changed_at,
    )


async def take(connection: Connection, change: Change) -> Change | None:
    row = await connection.fetchrow(
        "DELETE FROM unlogged_changes "
        "WHERE kind = $1 AND pupil_id = $2 AND subject_id = $3 AND term_id = $4 RETURNING *",
        *_place(change),
    )
    return _change(row) if row else None


async def take_quiet(connection: Connection, since: datetime) -> list[Change]:
    rows = await connection.fetch(
        "DELETE FROM unlogged_changes WHERE (kind, pupil_id, subject_id, term_id) IN ("
        "SELECT kind, pupil_id, subject_id, term_id FROM unlogged_changes "
        "WHERE changed_at <= $1 ORDER BY changed_at LIMIT $2 FOR UPDATE SKIP LOCKED"
        ") RETURNING *",
        since,
        AT_ONCE,
    )
    return sorted(map(_change, rows), key=lambda change: (change.changed_at, change.pupil_id))


async def oldest(connection: Connection) -> datetime | None:
    """When the one was changed that waits longest."""
    when: datetime | None = await connection.fetchval(
        "SELECT min(changed_at) FROM unlogged_changes"
    )
    return when


def _place(change: Change) -> tuple[str, UUID, UUID, UUID]:
    return change.kind, change.pupil_id, change.subject_id or _GENERAL, change.term_id


def _change(row: Any) -> Change:
    return Change(
        kind=row["kind"],
        pupil_id=row["pupil_id"],
        subject_id=None if row["subject_id"] == _GENERAL else row["subject_id"],
        term_id=row["term_id"],
        actor=Actor.model_validate_json(row["actor"]),
        before=json.loads(row["before"]),
        after=json.loads(row["after"]),
        changed_at=row["changed_at"],
    )
