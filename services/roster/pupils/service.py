"""Pupils as people see and change them: lists, one pupil, and everything done by hand.

What is set by hand is marked, and the sync leaves it alone until it is handed back (R13). Nothing
is deleted (R6).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from services.roster.access import reach_of
from services.roster.activity import person
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.fields.service import check_kept
from services.roster.problems import ChangedSince, FieldRefused, PupilNotFound, UpnTaken
from services.roster.pupils.history import pupil_entry
from services.roster.pupils.pupil import OLDEST, OVERRIDABLE, Pupil, with_upn
from services.roster.pupils.repository import PupilFilter, PupilRepository
from services.roster.pupils.schemas import (
    NewPupil,
    OverridableField,
    PupilChange,
    PupilDetail,
    PupilView,
    pupil_detail,
    pupil_view,
)
from services.roster.schools.repository import School
from services.roster.schools.service import SchoolService
from shared.contracts.vocabulary import Origin
from shared.database.pool import Connection
from shared.school.academic_year import school_day
from shared.school.upn import check_upn
from shared.security.principals import Principal
from shared.web.paging import Page, PageRequest

__all__ = ["PupilService"]

_REQUIRED = ("legal_forename", "legal_surname")


class PupilService:
    def __init__(
        self,
        *,
        schools: SchoolService,
        repository: PupilRepository,
        announcements: Announcements,
        now: Clock,
    ) -> None:
        self._schools = schools
        self._repository = repository
        self._announcements = announcements
        self._now = now

    async def page(
        self, connection: Connection, principal: Principal, wanted: PupilFilter, page: PageRequest
    ) -> Page[PupilView]:
        """The pupils that the principal may see (R14)."""
        found = await self._repository.page(
            connection,
            teacher=reach_of(principal),
            wanted=replace(wanted, search=page.search),
            page=page,
        )
        items = [pupil_view(row) for row in found.rows]
        return Page(items=items, next_cursor=found.next_cursor, total=found.total)

    async def view(
        self, connection: Connection, principal: Principal, pupil_id: UUID
    ) -> PupilDetail:
        """One pupil. Raises `PupilNotFound`, also for one the principal may not see (R14).

        Only who sees the whole school sees the optional fields.
        """
        teacher = reach_of(principal)
        row = await self._repository.detail(connection, pupil_id, teacher=teacher)
        if row is None:
            raise PupilNotFound
        return pupil_detail(row, with_optional=teacher is None)

    async def add(self, connection: Connection, principal: Principal, new: NewPupil) -> PupilDetail:
        """Add a pupil by hand; the UPN can come later (R11).

        What is said of a new pupil is no override: once the MIS has them, it keeps them current.
        """
        school = await self._schools.lock(connection, principal.tenant)
        self._check_birth(new.date_of_birth)
        check_kept(school.kept_fields, new.model_dump(exclude_none=True))
        pupil = Pupil(id=uuid7(), origin=Origin.HAND, **(new.model_dump() | {"upn": None}))
        if new.upn:
            pupil = await self._numbered(connection, pupil, new.upn)
        await self._save(connection, school, principal, None, pupil)
        return await self.view(connection, principal, pupil.id)

    async def change(
        self, connection: Connection, principal: Principal, pupil_id: UUID, change: PupilChange
    ) -> PupilDetail:
        """Change details, or make active or inactive. What is different now is an override (R13).

        Raises `ChangedSince` (409) with how the pupil stands now, if somebody else was first.
        """
        school, before = await self._lock(connection, principal, pupil_id, change.expected_version)
        fields = change.fields()
        check_kept(school.kept_fields, fields)
        after = _with_activity(before, fields)
        if "upn" in fields:
            upn = fields.pop("upn")
            after = await self._numbered(connection, after, upn) if upn else with_upn(after, None)
        self._check_birth(fields.get("date_of_birth"))
        after = replace(after, **fields)
        set_by_hand = after.differs_from(before).keys() & set(OVERRIDABLE)
        await self._save(connection, school, principal, before, after.overriding(*set_by_hand))
        return await self.view(connection, principal, pupil_id)

    async def hand_back(
        self,
        connection: Connection,
        principal: Principal,
        pupil_id: UUID,
        field: OverridableField,
        expected_version: int,
    ) -> PupilDetail:
        """Leave a field to the MIS again; its value stays until the MIS says another (R13)."""
        school, before = await self._lock(connection, principal, pupil_id, expected_version)
        check_kept(school.kept_fields, [field])
        await self._save(connection, school, principal, before, before.handing_back(field))
        return await self.view(connection, principal, pupil_id)

    async def _lock(
        self, connection: Connection, principal: Principal, pupil_id: UUID, expected_version: int
    ) -> tuple[School, Pupil]:
        school = await self._schools.lock(connection, principal.tenant)
        pupil = await self._repository.get(connection, pupil_id)
        if pupil is None:
            raise PupilNotFound
        if pupil.version != expected_version:
            current = await self.view(connection, principal, pupil_id)
            raise ChangedSince(current.model_dump(mode="json"))
        return school, pupil

    async def _numbered(self, connection: Connection, pupil: Pupil, text: str) -> Pupil:
        """With this UPN, if it is one and nobody else's, active or not (R11)."""
        check = check_upn(text)
        if check.errors:
            raise FieldRefused("upn", *(fault.message for fault in check.errors))
        for holder in await self._repository.by_ids_or_upns(connection, [], [check.normalised]):
            if holder.id != pupil.id:
                raise UpnTaken(holder.name, holder.id)
        return with_upn(pupil, check.normalised)

    def _check_birth(self, born: date | None) -> None:
        if born is None:
            return
        today = school_day(self._now())
        if born > today:
            raise FieldRefused("date_of_birth", "The date of birth is in the future.")
        if born.year < today.year - OLDEST:
            raise FieldRefused(
                "date_of_birth", f"The date of birth is more than {OLDEST} years ago."
            )

    async def _save(
        self,
        connection: Connection,
        school: School,
        principal: Principal,
        before: Pupil | None,
        after: Pupil,
    ) -> None:
        if before == after:
            return
        after = replace(after, version=after.version + 1)
        school_id = school.id
        await self._repository.save(connection, school_id, [after])
        await self._announcements.pupils(connection, school_id, [after.state(school.kept_fields)])
        entry = pupil_entry(self._now(), person(principal), before, after)
        await self._announcements.activity(connection, school_id, [entry])


def _with_activity(pupil: Pupil, fields: dict[str, Any]) -> Pupil:
    """Take `active` and its reason out of `fields` and into the pupil."""
    active = fields.pop("active", pupil.active)
    reason = fields.pop("active_reason", None)
    if active == pupil.active:
        return pupil
    return replace(pupil, active=active, active_reason=reason)
