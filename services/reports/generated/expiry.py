"""Deletes files whose time is over; the rows stay, and say that they are gone (R27)."""

from __future__ import annotations

from services.reports.activity import THE_CALENDAR
from services.reports.announcements import Announcements
from services.reports.clock import Clock
from services.reports.files.store import FileStore
from services.reports.generated import due_files, repository
from services.reports.generated.due_files import DueFile
from services.reports.generated.history import entry_of
from shared.database.pool import Database

__all__ = ["delete_due_files"]

_AT_ONCE = 50


async def delete_due_files(
    database: Database, files: FileStore, announcements: Announcements, now: Clock
) -> int:
    """How many sets of files. Several may delete side by side. Raises `FilesAway`."""
    deleted = 0
    while True:
        async with database.transaction() as connection:
            due = await due_files.look(connection, now(), _AT_ONCE)
        taken = [await _delete(database, files, announcements, now, one) for one in due]
        deleted += sum(taken)
        if not any(taken):
            return deleted


async def _delete(
    database: Database, files: FileStore, announcements: Announcements, now: Clock, due: DueFile
) -> bool:
    """The files first: what fails between the two is deleted, or told, by the next look."""
    async with database.transaction(due.school_id) as connection:
        at = now()
        if not await due_files.take(connection, due, at):
            return False
        job = await repository.find(connection, due.job_id)
        if job is None or job.unfinished:
            return True  # it is being made again, and will say anew what is to be deleted
        folder = f"generated/{due.job_id}/"
        if due.what == "parts":
            await files.delete_all(due.school_id, f"{folder}parts/")
            return True
        if job.state == "done" and job.expires_at and job.expires_at > at:
            return True  # it was made again meanwhile
        await files.delete_all(due.school_id, folder)
        gone = await repository.forget_file(connection, due.job_id, at)
        if gone is not None:
            entry = entry_of(gone, at, THE_CALENDAR, "report.file_deleted", due.school_id)
            await announcements.activity(connection, due.school_id, [entry])
        return True
