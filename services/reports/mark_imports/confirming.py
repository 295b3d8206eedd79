"""Confirming an import of marks: what the preview said, once, whole or not at all (R10, R26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.reports.activity import person
from services.reports.announcements import Announcements
from services.reports.clock import Clock
from services.reports.mark_imports.mark_import import MarkImport, Planned
from services.reports.mark_imports.repository import TABLES
from services.reports.mark_imports.service import MarkImports, results_of
from services.reports.markbook.changes import Change, Changes
from services.reports.markbook.repository import MarkToKeep, keep_marks
from services.reports.markbook.service import logged
from services.reports.markbook.sheet import SubjectSheet
from shared.contracts.activity import ActivityEntry, Subject
from shared.database.pool import Connection
from shared.imports.plans import fingerprint_of
from shared.imports.problems import ChangedMeanwhile, NothingToImport
from shared.imports.uploading import keep_preview
from shared.security.principals import Principal

__all__ = ["Confirming"]


class _TakenMeanwhile(Exception):
    """A mark was made between our look at it and our writing of it."""


class Confirming:
    def __init__(
        self, imports: MarkImports, changes: Changes, announcements: Announcements, now: Clock
    ) -> None:
        self._imports = imports
        self._changes = changes
        self._announcements = announcements
        self._now = now

    async def confirm(self, principal: Principal, import_id: UUID, version: int) -> None:
        """Does what the preview of `version` said; confirmed again, nothing.

        Raises `ChangedMeanwhile` where something else would be done now, and keeps the new
        preview.
        """
        try:
            async with self._imports.database.transaction(principal.tenant) as connection:
                done = await self._confirm(connection, principal, import_id, version)
        except _TakenMeanwhile:
            async with self._imports.database.transaction(principal.tenant) as connection:
                found = await self._imports.find(connection, principal, import_id, to_change=True)
                plan, _ = await self._imports.plan(connection, principal, found)
                done = await keep_preview(connection, TABLES, found, results_of(plan))
        if done.state != "confirmed":
            raise ChangedMeanwhile(done.version, "Somebody has changed marks of this class")

    async def _confirm(
        self, connection: Connection, principal: Principal, import_id: UUID, version: int
    ) -> MarkImport:
        """As it is afterwards: `previewed` where there is something new to look at."""
        wanted = await self._imports.find(connection, principal, import_id, to_change=True)
        if wanted.state == "confirmed" or wanted.version != version or not wanted.fingerprint:
            return wanted
        plan, sheet = await self._imports.plan(connection, principal, wanted, to_change=True)
        sheet.require_open()
        if fingerprint_of(results_of(plan)) != wanted.fingerprint:
            return await keep_preview(connection, TABLES, wanted, results_of(plan))
        changing = [one for one in plan if one.result.changes]
        if not changing:
            raise NothingToImport("a mark")
        await self._write(connection, principal, sheet, changing)
        done = replace(
            wanted, state="confirmed", version=wanted.version + 1, confirmed_at=self._now()
        )
        await TABLES.keep(connection, done)
        await self._tell(connection, principal, sheet, done, changing)
        return done

    async def _write(
        self,
        connection: Connection,
        principal: Principal,
        sheet: SubjectSheet,
        changing: Sequence[Planned],
    ) -> None:
        pupils = {pupil.id: pupil for pupil in sheet.pupils}
        marks = [
            MarkToKeep(
                one.before.pupil_id,
                one.before.version,
                one.after,
                sheet.year_group_of(pupils[one.before.pupil_id]),
            )
            for one in changing
            if one.before and one.after
        ]
        kept = await keep_marks(
            connection,
            principal.tenant,
            sheet.subject.id,
            sheet.term.term.id,
            marks,
            principal.account_id,
            self._now(),
        )
        if kept != len(changing):
            raise _TakenMeanwhile

    async def _tell(
        self,
        connection: Connection,
        principal: Principal,
        sheet: SubjectSheet,
        done: MarkImport,
        changing: Sequence[Planned],
    ) -> None:
        """R9: one line for the file; each mark has its own."""
        actor, now = person(principal), self._now()
        place = f"{sheet.group.name}, {sheet.subject.name}, {sheet.term.name}"
        line = ActivityEntry(
            at=now,
            actor=actor,
            action="marks.imported",
            subject=Subject(
                kind="group", id=sheet.group.id, label=f"{place} from {done.file_name}"
            ),
            after=dict(done.counts),
        )
        await self._announcements.activity(connection, principal.tenant, [line])
        changes = [
            Change(
                kind="mark",
                pupil_id=one.before.pupil_id,
                subject_id=sheet.subject.id,
                term_id=sheet.term.term.id,
                actor=actor,
                before=logged(sheet, one.before.values),
                after=logged(sheet, one.after),
                changed_at=now,
            )
            for one in changing
            if one.before and one.after
        ]
        await self._changes.say_now(connection, principal.tenant, changes)
