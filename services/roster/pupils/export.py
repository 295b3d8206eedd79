"""All pupils that a list shows, as CSV, with headings that an import knows again (R10).

Of the optional fields it has those that the school keeps (R29). Whoever takes it is in the activity
log (R9): such a file leaves the school's hands easily.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from services.roster.activity import changed_entry, person
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.fields.field import PUPIL_FIELDS, PupilField
from services.roster.groups.repository import GroupRepository
from services.roster.listing import Listed
from services.roster.pupils.repository import PupilFilter, PupilRepository
from services.roster.pupils.schemas import pupil_view
from services.roster.schools.repository import SchoolRepository
from shared.contracts.activity import ActivityEntry, Subject
from shared.contracts.vocabulary import GroupKind, Origin
from shared.database.pool import Connection, Database
from shared.security.principals import Principal
from shared.web.paging import PageRequest
from shared.web.spreadsheet import BOM, csv_lines

__all__ = ["PupilExport"]

_HEADINGS = (
    "Surname",
    "Forename",
    "Preferred surname",
    "Preferred forename",
    "Middle name(s)",
    "UPN",
    "Former UPN",
    "Date of birth",
    "Sex",
    "Year group",
    "Class",
    "Other groups",
    "Active",
    "Reason",
    "From",
    "Set by hand",
)
_FROM = {Origin.MIS: "MIS", Origin.HAND: "By hand", Origin.IMPORT: "Import"}
_ROWS_AT_ONCE = 500


class PupilExport:
    def __init__(
        self,
        *,
        pupils: PupilRepository,
        groups: GroupRepository,
        schools: SchoolRepository,
        announcements: Announcements,
        now: Clock,
    ) -> None:
        self._pupils = pupils
        self._groups = groups
        self._schools = schools
        self._announcements = announcements
        self._now = now

    async def begin(
        self, database: Database, principal: Principal, wanted: PupilFilter
    ) -> AsyncIterator[bytes]:
        """Piece by piece, each in a transaction of its own, in the list's order by surname.

        A slow reader holds none open; who gets another surname meanwhile may be missed, or come
        twice. That it was begun is in the activity log before anything is read.
        """
        async with database.transaction(principal.tenant) as connection:
            school = await self._schools.get(connection, principal.tenant)
            kept = [one for one in PUPIL_FIELDS if school and one.name in school.kept_fields]
            first = await self._page(connection, wanted, None)
            entry = await self._entry(connection, principal, wanted, first.total, kept)
            await self._announcements.activity(connection, principal.tenant, [entry])
        return self._pieces(database, principal, wanted, first, kept)

    async def _pieces(
        self,
        database: Database,
        principal: Principal,
        wanted: PupilFilter,
        page: Listed,
        kept: Sequence[PupilField],
    ) -> AsyncIterator[bytes]:
        headings = (*_HEADINGS, *(field.label for field in kept))
        yield (BOM + csv_lines([headings])).encode()
        while True:
            yield csv_lines(_row(row, kept) for row in page.rows).encode()
            if page.next_cursor is None:
                return
            async with database.transaction(principal.tenant) as connection:
                page = await self._page(connection, wanted, page.next_cursor)

    async def _page(
        self, connection: Connection, wanted: PupilFilter, cursor: str | None
    ) -> Listed:
        request = PageRequest(limit=_ROWS_AT_ONCE, cursor=cursor)
        return await self._pupils.page(
            connection, teacher=None, wanted=wanted, page=request, with_optional=True
        )

    async def _entry(
        self,
        connection: Connection,
        principal: Principal,
        wanted: PupilFilter,
        total: int,
        kept: Sequence[PupilField],
    ) -> ActivityEntry:
        """What was taken, and by which filters, in words."""
        said: dict[str, Any] = {one.name: getattr(wanted, one.name) for one in fields(wanted)}
        if group_id := said.pop("group_id"):
            group = await self._groups.get(connection, group_id)
            said["group"] = group.name if group else "not known"
        filters = {name: value for name, value in said.items() if value is not None}
        changes = {"pupils": total, **filters}
        if kept:
            changes["optional_fields"] = [field.label for field in kept]
        return changed_entry(
            self._now(),
            person(principal),
            "pupils.exported",
            Subject(kind="school", id=principal.tenant, label="Pupils"),
            {name: (None, value) for name, value in changes.items()},
        )


def _row(row: Mapping[str, Any], kept: Sequence[PupilField]) -> Sequence[str]:
    pupil = pupil_view(row)
    classes = [group.name for group in pupil.groups if group.kind is GroupKind.CLASS]
    others = [group.name for group in pupil.groups if group.kind is not GroupKind.CLASS]
    born = pupil.date_of_birth
    return (
        pupil.legal_surname,
        pupil.legal_forename,
        pupil.preferred_surname or "",
        pupil.preferred_forename or "",
        pupil.middle_names or "",
        pupil.upn or "",
        "; ".join(pupil.former_upns),
        born.strftime("%d/%m/%Y") if born else "",
        pupil.sex or "",
        pupil.year_group or "",
        "; ".join(classes),
        "; ".join(others),
        "Yes" if pupil.active else "No",
        pupil.active_reason or "",
        _FROM[pupil.origin],
        ", ".join(name.replace("_", " ") for name in pupil.overrides),
        *(_optional(row[field.name]) for field in kept),
    )


def _optional(value: str | bool | None) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return value or ""
