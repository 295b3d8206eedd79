"""Deletes what stood in reports, and their files, when their time is over (R27).

The rows of jobs and pupils stay, and say that it is gone.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.reports.activity import THE_CALENDAR
from services.reports.announcements import Announcements
from services.reports.clock import Clock
from services.reports.files.store import FileStore
from services.reports.generated import due_files, repository, texts_repository
from services.reports.generated.due_files import DueFile
from services.reports.generated.history import entry_of
from services.reports.generated.job import Job, copy_of
from services.reports.online.repository import lock as lock_online_reports
from shared.database.pool import Connection, Database

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
        if due.what in ("texts", "copies"):
            await lock_online_reports(connection, due.school_id)
        if not await due_files.take(connection, due, at):
            return False
        job = await repository.find(connection, due.job_id)
        if job is not None and due.what in ("texts", "copies"):
            await _delete_unseen(connection, files, announcements, at, due.school_id, job)
            return True
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


async def _delete_unseen(
    connection: Connection,
    files: FileStore,
    announcements: Announcements,
    at: datetime,
    school_id: UUID,
    job: Job,
) -> None:
    """What parents do not see: files that were printed for them, and after a year the texts.

    Without its text a report cannot be published again, nor made as it was. Nobody publishes
    meanwhile: whoever calls holds that lock, and took it before any other.
    """
    for pupil_id in await texts_repository.pupils_no_parent_sees(connection, job.id):
        await files.delete(school_id, copy_of(job.id, pupil_id))
    if job.unfinished or job.texts_expire_at > at:
        await due_files.make_due(connection, job.id, "texts", job.texts_expire_at)
    elif forgotten := await texts_repository.forget(connection, job.id):
        entry = entry_of(job, at, THE_CALENDAR, "report.texts_deleted", school_id, texts=forgotten)
        await announcements.activity(connection, school_id, [entry])
