"""Reading and recording marks and general comments, one at a time as they are typed (R26).

Each has a version. Nothing goes over what somebody else wrote meanwhile, and the same sent twice is
saved once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.reports.activity import person
from services.reports.clock import Clock
from services.reports.markbook import repository
from services.reports.markbook.changes import Change, Changes, Values
from services.reports.markbook.mark import (
    EFFORT_WORDS,
    CommentKind,
    GeneralComment,
    Mark,
    MarkValues,
    TermAt,
)
from services.reports.markbook.problems import ChangedMeanwhile
from services.reports.markbook.repository import CommentToKeep, MarkToKeep
from services.reports.markbook.sheet import (
    Sheet,
    SubjectSheet,
    open_sheet,
    open_subject_sheet,
    terms_at,
)
from services.reports.school_settings.service import SchoolSettings, Settings
from services.reports.visible.reach import reach_of
from services.reports.visible.repository import SeenGroup
from services.reports.visible.service import groups_for
from shared.database.pool import Connection, Database
from shared.school.academic_year import school_day
from shared.security.principals import Principal

__all__ = ["Choices", "Markbook", "logged"]


@dataclass(frozen=True)
class Choices:
    """What somebody may choose from."""

    groups: list[SeenGroup]
    terms: list[TermAt]
    settings: Settings
    whole_school: bool


class Markbook:
    def __init__(
        self, database: Database, settings: SchoolSettings, changes: Changes, now: Clock
    ) -> None:
        self.database = database
        self.settings = settings
        self._changes = changes
        self._now = now

    async def choices(self, principal: Principal) -> Choices:
        reach = reach_of(principal)
        async with self.database.transaction(principal.tenant) as connection:
            settings = await self.settings.read(connection, principal.tenant)
            return Choices(
                groups=await groups_for(connection, principal),
                terms=await terms_at(connection, settings, school_day(self._now())),
                settings=settings,
                whole_school=reach.whole_school,
            )

    async def read(
        self, principal: Principal, group_id: UUID, term_id: UUID, subject_id: UUID
    ) -> SubjectSheet:
        async with self.database.transaction(principal.tenant) as connection:
            return await self.open(connection, principal, group_id, term_id, subject_id)

    async def open(
        self,
        connection: Connection,
        principal: Principal,
        group_id: UUID,
        term_id: UUID,
        subject_id: UUID,
        *,
        to_change: list[UUID] | None = None,
    ) -> SubjectSheet:
        settings = await self.settings.read(connection, principal.tenant)
        return await open_subject_sheet(
            connection,
            principal,
            settings,
            school_day(self._now()),
            group_id,
            term_id,
            subject_id,
            to_change=to_change,
        )

    async def record(
        self,
        principal: Principal,
        group_id: UUID,
        term_id: UUID,
        subject_id: UUID,
        pupil_id: UUID,
        said: Mapping[str, Any],
        expected: int,
    ) -> tuple[SubjectSheet, Mark]:
        """Of the mark, what is `said`; the rest stays. Raises `ChangedMeanwhile` and refusals."""
        async with self.database.transaction(principal.tenant) as connection:
            sheet = await self.open(
                connection, principal, group_id, term_id, subject_id, to_change=[pupil_id]
            )
            pupil, before = sheet.pupil(pupil_id), sheet.mark(pupil_id)
            sheet.require_open()
            sheet.require_taught(pupil)
            after = before.values.with_(**said)
            if after == before.values:
                return sheet, before
            if before.version != expected:
                raise changed_meanwhile(before)
            sheet.require_given(before.values, after)
            keep = MarkToKeep(pupil_id, before.version, after, sheet.year_group_of(pupil))
            await self._keep(connection, principal, sheet, keep)
            await self._changes.note(
                connection,
                principal.tenant,
                self._change(principal, sheet, before, after),
            )
            now = await repository.find_marks(connection, subject_id, term_id, [pupil_id])
            return sheet, now[pupil_id]

    async def _keep(
        self, connection: Connection, principal: Principal, sheet: SubjectSheet, mark: MarkToKeep
    ) -> None:
        subject_id, term_id = sheet.subject.id, sheet.term.term.id
        kept = await repository.keep_marks(
            connection,
            principal.tenant,
            subject_id,
            term_id,
            [mark],
            principal.account_id,
            self._now(),
        )
        if not kept:
            # The first mark was made by two at once, and the other was the first.
            found = await repository.find_marks(connection, subject_id, term_id, [mark.pupil_id])
            raise changed_meanwhile(found[mark.pupil_id])

    def _change(
        self, principal: Principal, sheet: SubjectSheet, before: Mark, after: MarkValues
    ) -> Change:
        return Change(
            kind="mark",
            pupil_id=before.pupil_id,
            subject_id=sheet.subject.id,
            term_id=sheet.term.term.id,
            actor=person(principal),
            before=logged(sheet, before.values),
            after=logged(sheet, after),
            changed_at=self._now(),
        )

    async def read_comments(
        self, principal: Principal, group_id: UUID, term_id: UUID
    ) -> tuple[Sheet, dict[tuple[UUID, CommentKind], GeneralComment]]:
        async with self.database.transaction(principal.tenant) as connection:
            sheet = await self._open(connection, principal, group_id, term_id)
            pupils = [pupil.id for pupil in sheet.pupils]
            return sheet, await repository.find_comments(connection, term_id, pupils)

    async def comment(
        self,
        principal: Principal,
        group_id: UUID,
        term_id: UUID,
        pupil_id: UUID,
        kind: CommentKind,
        comment: str,
        expected: int,
    ) -> GeneralComment:
        """Raises as `record`."""
        async with self.database.transaction(principal.tenant) as connection:
            sheet = await self._open(connection, principal, group_id, term_id)
            sheet.require_writer(kind)
            sheet.pupil(pupil_id)
            sheet.require_open()
            found = await repository.find_comments(connection, term_id, [pupil_id], to_change=True)
            before = found.get((pupil_id, kind)) or GeneralComment(pupil_id, kind)
            if comment == before.comment:
                return before
            if before.version != expected:
                raise comment_changed_meanwhile(before)
            keep = CommentToKeep(pupil_id, kind, before.version, comment)
            kept = await repository.keep_comment(
                connection, principal.tenant, term_id, keep, principal.account_id, self._now()
            )
            now = (await repository.find_comments(connection, term_id, [pupil_id]))[pupil_id, kind]
            if not kept:
                raise comment_changed_meanwhile(now)
            change = Change(
                kind=kind.value,
                pupil_id=pupil_id,
                subject_id=None,
                term_id=term_id,
                actor=person(principal),
                before={"comment": before.comment or None},
                after={"comment": comment or None},
                changed_at=self._now(),
            )
            await self._changes.note(connection, principal.tenant, change)
            return now

    async def _open(
        self, connection: Connection, principal: Principal, group_id: UUID, term_id: UUID
    ) -> Sheet:
        settings = await self.settings.read(connection, principal.tenant)
        today = school_day(self._now())
        return await open_sheet(connection, principal, settings, today, group_id, term_id)


def logged(sheet: Sheet, values: MarkValues) -> Values:
    """A mark as the activity log tells it, in the school's words."""
    codes = {band.id: band.code for band in sheet.bands}
    return {
        "attainment": codes.get(values.band_id) if values.band_id else None,
        "effort": EFFORT_WORDS[values.effort] if values.effort else None,
        "comment": values.comment or None,
    }


def changed_meanwhile(now: Mark) -> ChangedMeanwhile:
    values = now.values
    current = {
        "version": now.version,
        "band_id": str(values.band_id) if values.band_id else None,
        "effort": values.effort,
        "comment": values.comment,
    }
    return ChangedMeanwhile(_who_and_when(current, now), now.recorded_by)


def comment_changed_meanwhile(now: GeneralComment) -> ChangedMeanwhile:
    current = {"version": now.version, "comment": now.comment}
    return ChangedMeanwhile(_who_and_when(current, now), now.recorded_by)


def _who_and_when(current: dict[str, Any], now: Mark | GeneralComment) -> dict[str, Any]:
    at = now.recorded_at.isoformat() if now.recorded_at else None
    return {**current, "recorded_at": at, "recorded_by": now.recorded_by}
