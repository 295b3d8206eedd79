"""What the activity log says of marks and comments (R9): a line for each sitting of one person.

Marks are saved as they are typed, so a line for each save would be one for half a word. What is
saved is kept beside the log, in the same transaction, with what was there before. What the same
person goes on with stays one line. It is said when nobody went on for ten minutes, and before
anybody else changes the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.reports.announcements import Announcements
from services.reports.markbook import changes_repository as repository
from services.reports.markbook import due
from services.reports.markbook.changes_repository import AT_ONCE, Change, Values
from shared.contracts.activity import ActivityEntry, Subject
from shared.database.pool import Connection, Database
from shared.web.settings_changed import differences

__all__ = ["QUIET", "Change", "Changes", "Values"]

QUIET = timedelta(minutes=10)
"""Who has not gone on for so long has come to the end."""
_ACTIONS = {
    "mark": "mark.recorded",
    "class_teacher": "comment.class_teacher",
    "head_teacher": "comment.head_teacher",
}


class Changes:
    def __init__(self, announcements: Announcements) -> None:
        self._announcements = announcements

    async def note(self, connection: Connection, school_id: UUID, change: Change) -> None:
        """Once the change itself is written: whoever is at the same mark waits for its row."""
        known = await repository.take(connection, change)
        if known and known.actor.account_id == change.actor.account_id:
            change = replace(change, before=known.before)
        elif known:
            await self._say(connection, school_id, [known])
        await repository.keep(connection, school_id, change)
        await due.note(connection, "log", change.changed_at + QUIET)

    async def say_now(
        self, connection: Connection, school_id: UUID, changes: Sequence[Change]
    ) -> None:
        """Changes of a file, after what was kept of the same marks."""
        known = [kept for change in changes if (kept := await repository.take(connection, change))]
        await self._say(connection, school_id, known)
        await self._say(connection, school_id, changes)

    async def say_due(self, database: Database, now: datetime) -> int:
        """What nobody went on with, of all schools; how many lines."""
        said = 0
        async for school_id, connection in due.schools(database, "log", now):
            taken = await repository.take_quiet(connection, now - QUIET)
            await self._say(connection, school_id, taken)
            waiting = await repository.oldest(connection)
            await due.looked_at(connection, "log", waiting and waiting + QUIET)
            said += len(taken)
        return said

    async def _say(
        self, connection: Connection, school_id: UUID, changes: Sequence[Change]
    ) -> None:
        entries = [
            entry for change in changes if (entry := await _entry(connection, change)) is not None
        ]
        for start in range(0, len(entries), AT_ONCE):
            part = entries[start : start + AT_ONCE]
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
        subject=Subject(
            kind="pupil", id=change.pupil_id, label=await repository.label(connection, change)
        ),
        before=before,
        after=after,
    )
