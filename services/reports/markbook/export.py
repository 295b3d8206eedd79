"""The marks of a group as CSV, with headings that an import knows again (R26).

Who takes it is in the activity log (R9): such a file leaves the school's hands easily.
"""

from __future__ import annotations

from uuid import UUID

from services.reports.activity import person
from services.reports.announcements import Announcements
from services.reports.clock import Clock
from services.reports.markbook.mark import EFFORT_WORDS
from services.reports.markbook.service import Markbook
from services.reports.markbook.sheet import SubjectSheet
from shared.contracts.activity import ActivityEntry, Subject
from shared.security.principals import Principal
from shared.web.spreadsheet import BOM, csv_lines

__all__ = ["HEADINGS", "MarkbookFiles"]

HEADINGS = ("UPN", "Surname", "Forename", "Attainment", "Effort", "Comment")


class MarkbookFiles:
    def __init__(self, markbook: Markbook, announcements: Announcements, now: Clock) -> None:
        self._markbook = markbook
        self._announcements = announcements
        self._now = now

    async def marks(
        self,
        principal: Principal,
        group_id: UUID,
        term_id: UUID,
        subject_id: UUID,
        *,
        empty: bool,
    ) -> bytes:
        """Pupils to whom the subject is taught. `empty`: without their marks, to be filled in."""
        async with self._markbook.database.transaction(principal.tenant) as connection:
            sheet = await self._markbook.open(connection, principal, group_id, term_id, subject_id)
            if not empty:
                entry = self._entry(principal, sheet)
                await self._announcements.activity(connection, principal.tenant, [entry])
        return (BOM + csv_lines([HEADINGS, *_rows(sheet, empty=empty)])).encode()

    def _entry(self, principal: Principal, sheet: SubjectSheet) -> ActivityEntry:
        label = f"{sheet.group.name}, {sheet.subject.name}, {sheet.term.name}"
        return ActivityEntry(
            at=self._now(),
            actor=person(principal),
            action="marks.exported",
            subject=Subject(kind="group", id=sheet.group.id, label=label),
            after={"pupils": len(sheet.pupils)},
        )


def _rows(sheet: SubjectSheet, *, empty: bool) -> list[tuple[str, ...]]:
    codes = {band.id: band.code for band in sheet.bands}
    rows: list[tuple[str, ...]] = []
    for pupil in sheet.pupils:
        if not sheet.taught_to(pupil):
            continue
        values = sheet.mark(pupil.id).values
        said = (
            codes.get(values.band_id, "") if values.band_id else "",
            EFFORT_WORDS[values.effort] if values.effort else "",
            values.comment,
        )
        name = (pupil.upn or "", pupil.surname, pupil.forename)
        rows.append((*name, *(("", "", "") if empty else said)))
    return rows
