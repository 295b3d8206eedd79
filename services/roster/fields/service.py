"""Which optional fields of pupils a school keeps, and what follows from changing that (R29).

None is kept until the school switches it on. One that is switched off again keeps its values (R6):
they are shown to nobody, told to nobody and taken from nobody until it is switched on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from services.roster.activity import person
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.fields.field import OPTIONAL_FIELDS, field_named
from services.roster.problems import FieldNotKept
from services.roster.pupils.repository import PupilRepository
from services.roster.schools.repository import SchoolRepository
from services.roster.schools.service import SchoolService
from shared.contracts.activity import ActivityEntry, Subject
from shared.contracts.roster import PupilFieldsChanged
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.settings_changed import SettingsChangedMeanwhile, differences

__all__ = ["KeptFields", "PupilFieldsService", "check_kept", "kept_or_not"]

_AT_ONCE = 500


def check_kept(kept: frozenset[str], names: Iterable[str]) -> None:
    """Raises `FieldNotKept` (422) if one of the names is of an optional field that is not kept."""
    for name in names:
        if name in OPTIONAL_FIELDS and name not in kept:
            raise FieldNotKept(name, field_named(name).label)


def kept_or_not(kept: frozenset[str]) -> dict[str, bool]:
    """Each optional field, and whether it is kept."""
    return {name: name in kept for name in OPTIONAL_FIELDS}


@dataclass(frozen=True)
class KeptFields:
    """The optional fields that a school keeps; version 0 until somebody changed something."""

    names: frozenset[str] = frozenset()
    version: int = 0


class PupilFieldsService:
    def __init__(
        self,
        *,
        schools: SchoolService,
        school_rows: SchoolRepository,
        pupils: PupilRepository,
        announcements: Announcements,
        now: Clock,
    ) -> None:
        self._schools = schools
        self._school_rows = school_rows
        self._pupils = pupils
        self._announcements = announcements
        self._now = now

    async def kept(self, connection: Connection, school_id: UUID) -> KeptFields:
        """A school that was not heard of yet keeps none."""
        school = await self._school_rows.get(connection, school_id)
        if school is None:
            return KeptFields()
        return KeptFields(school.kept_fields, school.kept_fields_version)

    async def change(
        self,
        connection: Connection,
        principal: Principal,
        said: Mapping[str, bool],
        expected_version: int,
    ) -> KeptFields:
        """Keep these fields from now on. Raises `SettingsChangedMeanwhile` (409).

        Every pupil is told anew, with the values of what is kept now and without the others.
        """
        before = await self._schools.lock(connection, principal.tenant)
        was = kept_or_not(before.kept_fields)
        if before.kept_fields_version != expected_version:
            raise SettingsChangedMeanwhile(was, said, before.kept_fields_version)
        kept = frozenset(name for name, keep in said.items() if keep)
        if kept == before.kept_fields:
            return KeptFields(kept, expected_version)
        version = before.kept_fields_version + 1
        await self._school_rows.keep_fields(connection, before.id, kept, version)
        told = PupilFieldsChanged(version=version, kept=kept)
        await self._announcements.pupil_fields(connection, before.id, told)
        await self._tell_pupils_anew(connection, before.id, kept)
        old, new = differences(was, said)
        entry = ActivityEntry(
            at=self._now(),
            actor=person(principal),
            action="settings.pupil_fields_changed",
            subject=Subject(kind="school", id=before.id, label="Pupil fields"),
            before=old,
            after=new,
        )
        await self._announcements.activity(connection, before.id, [entry])
        return KeptFields(kept, version)

    async def _tell_pupils_anew(
        self, connection: Connection, school_id: UUID, kept: frozenset[str]
    ) -> None:
        """Each with a new version, so that what others kept of a field that went goes there too,
        and the next sync looks again at who has a field that came."""
        last: UUID | None = None
        while page := await self._pupils.after(connection, last, _AT_ONCE):
            now = [replace(pupil, version=pupil.version + 1) for pupil in page]
            await self._pupils.save(connection, school_id, now)
            states = [pupil.state(kept) for pupil in now]
            await self._announcements.pupils(connection, school_id, states)
            last = page[-1].id
