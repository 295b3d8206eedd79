"""What the activity log says of marks and comments (R9): a line for each sitting of one person.

Marks are saved as they are typed, so a line for each save would be one for half a word. What is
saved is kept beside the log, in the same transaction, with what was there before. What the same
person goes on with stays one line. It is said when nobody went on for ten minutes, and before
anybody else changes the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from services.reports.announcements import Announcements
from services.reports.markbook import due
from shared.contracts.activity import ActivityEntry, Actor, Subject
from shared.database.pool import Connection, Database
from shared.web.settings_changed import differences

__all__ = ["QUIET", "Change", "Changes", "Values"]

QUIET = timedelta(minutes=10)
"""Who has not gone on for so long has come to the end."""
Values = dict[str, str | None]
Kind = Literal["mark", "class_teacher", "head_teacher"]
_GENERAL = UUID(int=0)
_ACTIONS = {
    "mark": "mark.recorded",
    "class_teacher": "comment.class_teacher",
    "head_teacher": "comment.head_teacher",
}
_AT_ONCE = 400
"""An event has up to 500 entries."""


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


class Changes:
    def __init__(self, announcements: Announcements) -> None:
        self._announcements = announcements

    async def note(self, connection: Connection, school_id: UUID, change: Change) -> None:
        """Once the change itself is written: whoever is at the same mark waits for its row."""
        known = await _take(connection, change)
        if known and known.actor.account_id == change.actor.account_id:
            change = replace(change, before=known.before)
        elif known:
            await self._say(connection, school_id, [known])
        await _keep(connection, school_id, change)
        await due.note(connection, "log", change.changed_at + QUIET)

    async def say_now(
        self, connection: Connection, school_id: UUID, changes: Sequence[Change]
    ) -> None:
        """Changes of a file, after what was kept of the same marks."""
        known = [kept for change in changes if (kept := await _take(connection, change))]
        await self._say(connection, school_id, known)
        await self._say(connection, school_id, changes)

    async def say_due(self, database: Database, now: datetime) -> int:
        """What nobody went on with, of all schools; how many lines."""
        said = 0
        async for school_id, connection in due.schools(database, "log", now):
            taken = await _take_quiet(connection, now - QUIET)
            await self._say(connection, school_id, taken)
            oldest = await connection.fetchval("SELECT min(changed_at) FROM unlogged_changes")
            await due.looked_at(connection, "log", oldest and oldest + QUIET)
            said += len(taken)
        return said

    async def _say(
        self, connection: Connection, school_id: UUID, changes: Sequence[Change]
    ) -> None:
        entries = [
            entry for change in changes if (entry := await _entry(connection, change)) is not None
        ]
        for start in range(0, len(entries), _AT_ONCE):
            part = entries[start : start + _AT_ONCE]
            await self._announcements.activity(connection, school_id, part)


async def _entry(connection: Connection, change: Change) -> ActivityEntry | None:
    """Nothing where it is as it was in the end."""
    before, after = differences(change.before, change.after)
    if not after:
        return None
    return ActivityEntry(
        at=change.changed_at,
        actor=change.actor,
        action=_ACTIONS[change.kind],
        subject=Subject(kind="pupil", id=change.pupil_id, label=await _label(connection, change)),
        before=before,
        after=after,
    )


async def _label(connection: Connection, change: Change) -> str:
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


async def _keep(connection: Connection, school_id: UUID, change: Change) -> None:
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


async def _take(connection: Connection, change: Change) -> Change | None:
    row = await connection.fetchrow(
        "DELETE FROM unlogged_changes "
        "WHERE kind = $1 AND pupil_id = $2 AND subject_id = $3 AND term_id = $4 RETURNING *",
        *_place(change),
    )
    return _change(row) if row else None


async def _take_quiet(connection: Connection, since: datetime) -> list[Change]:
    rows = await connection.fetch(
        "DELETE FROM unlogged_changes WHERE (kind, pupil_id, subject_id, term_id) IN ("
        "SELECT kind, pupil_id, subject_id, term_id FROM unlogged_changes "
        "WHERE changed_at <= $1 ORDER BY changed_at LIMIT $2 FOR UPDATE SKIP LOCKED"
        ") RETURNING *",
        since,
        _AT_ONCE,
    )
    return sorted(map(_change, rows), key=lambda change: (change.changed_at, change.pupil_id))


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
