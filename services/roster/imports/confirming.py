"""Confirming an import: what the preview said, once, whole or not at all (R10, R12, R13).

The preview kept all that is written. While nobody changed the roll since, that is what would be
worked out now, too, and it is written as it is; else the plan is made anew, and held against it.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID

from services.roster.activity import person
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.imports.parts_repository import Addresses
from services.roster.imports.prepared import Kind, entry_start
from services.roster.imports.preview import Preview, Rows
from services.roster.imports.problems import ManyInactive, NoSuchImport
from services.roster.imports.pupil_import import Found, Planned, Progress, PupilImport
from services.roster.imports.showing import Showing
from services.roster.imports.writing import Writing
from services.roster.schools.repository import School
from services.roster.schools.service import SchoolService
from shared.contracts.activity import ActivityRecorded
from shared.contracts.envelope import Payload
from shared.contracts.roster import GroupsChanged, LinksChanged, PupilsChanged
from shared.database.pool import Connection, Database
from shared.imports.problems import ChangedMeanwhile, ImportDone, NothingToImport
from shared.security.principals import Principal

__all__ = ["Confirming"]

_WORTH_TELLING = 2_000
"""Of more changes it is told how far they are; fewer are written before anybody could ask."""
_STATES: dict[Kind, type[Payload]] = {
    "group": GroupsChanged,
    "new_pupil": PupilsChanged,
    "changed_pupil": PupilsChanged,
    "pupil": PupilsChanged,
    "link": LinksChanged,
}


class Confirming:
    def __init__(
        self,
        *,
        database: Database,
        schools: SchoolService,
        rows: Rows,
        preview: Preview,
        writing: Writing,
        showing: Showing,
        announcements: Announcements,
        now: Clock,
    ) -> None:
        self._database = database
        self._schools = schools
        self._rows = rows
        self._preview = preview
        self._writing = writing
        self._showing = showing
        self._say = announcements
        self._now = now
        self._side_by_side = asyncio.Semaphore(2)
        """Each needs two connections of the pool, and may need the roll of a school in memory."""

    async def confirm(
        self, principal: Principal, import_id: UUID, version: int, *, make_many_inactive: bool
    ) -> Found:
        """Done; confirmed again, nothing more. It opens its own transactions.

        Raises `ChangedMeanwhile` where the preview of `version` is not what would be done now, and
        keeps the new one; else whatever stands in the way, and then nothing is changed.
        """
        async with self._side_by_side:
            telling = _Telling(self._database, self._rows, self._now)
            try:
                async with self._database.transaction(principal.tenant) as connection:
                    school = await self._schools.lock(connection, principal.tenant)
                    done = await self._confirm(
                        connection,
                        school,
                        principal,
                        import_id,
                        version,
                        make_many_inactive,
                        telling,
                    )
                    found = await self._showing.of(connection, done, school, held=True)
            finally:
                await asyncio.shield(telling.end())
        if done.state == "undone":
            raise ImportDone
        if done.state != "confirmed":
            raise ChangedMeanwhile(done.version)
        return found

    async def _confirm(
        self,
        connection: Connection,
        school: School,
        principal: Principal,
        import_id: UUID,
        version: int,
        make_many_inactive: bool,
        telling: _Telling,
    ) -> PupilImport:
        """The import as it is afterwards: `previewed` where there is something new to look at."""
        wanted = await self._rows.imports.lock(connection, import_id)
        if wanted is None:
            raise NoSuchImport
        if wanted.confirmed_at or wanted.version != version or not wanted.fingerprint:
            return wanted
        planned = wanted.planned
        if planned is None or planned.basis != self._preview.basis(school):
            await telling.tell(wanted, Progress(0, None))
            looked = await self._preview.look(connection, school, wanted)
            if looked.fingerprint != wanted.fingerprint:
                return await self._preview.keep(connection, school, wanted, looked)
            wanted, planned = (
                await self._preview.keep_same(connection, wanted, looked),
                looked.planned,
            )
        await self._look_at(connection, school, wanted, planned, make_many_inactive)
        await self._write(connection, principal, wanted, planned, telling)
        return await self._keep(connection, school, principal, wanted)

    async def _look_at(
        self,
        connection: Connection,
        school: School,
        wanted: PupilImport,
        planned: Planned,
        make_many_inactive: bool,
    ) -> None:
        if not planned.changing:
            raise NothingToImport
        await self._preview.refuse(connection, school, wanted)
        if wanted.makes_many_inactive and not make_many_inactive:
            raise ManyInactive(wanted.counts["made_inactive"], wanted.active_roll)

    async def _write(
        self,
        connection: Connection,
        principal: Principal,
        wanted: PupilImport,
        planned: Planned,
        telling: _Telling,
    ) -> None:
        """Part by part, so that neither a statement nor an event grows with the school."""
        school_id, start = wanted.school_id, entry_start(person(principal), self._now())
        logged = self._say.address(school_id, ActivityRecorded)
        done = 0
        for part in await self._rows.parts.kept(connection, wanted.import_id):
            states = self._say.address(school_id, _STATES[part.kind])
            to = Addresses(states, logged, start)
            await self._rows.parts.write(connection, wanted.import_id, part, to)
            done += part.size if part.kind != "group" else 0
            if planned.changing > _WORTH_TELLING:
                await telling.tell(wanted, Progress(done, planned.changing))

    async def _keep(
        self, connection: Connection, school: School, principal: Principal, wanted: PupilImport
    ) -> PupilImport:
        done = replace(
            wanted,
            state="confirmed",
            version=wanted.version + 1,
            refused_because=None,
            confirmed_at=self._now(),
        )
        await self._rows.imports.keep_for(connection, done)
        actor = person(principal)
        await self._writing.tell_of_import(connection, school, actor, "pupils.imported", done)
        return done


class _Telling:
    """How far one is, for whoever looks meanwhile: outside of the transaction that nobody sees
    into."""

    def __init__(self, database: Database, rows: Rows, now: Clock) -> None:
        self._database = database
        self._rows = rows
        self._now = now
        self._told: PupilImport | None = None

    async def tell(self, of: PupilImport, progress: Progress) -> None:
        self._told = of
        async with self._database.transaction(of.school_id) as connection:
            await self._rows.imports.tell_progress(connection, of, progress, self._now())

    async def end(self) -> None:
        if self._told:
            async with self._database.transaction(self._told.school_id) as connection:
                await self._rows.imports.end_progress(connection, self._told.import_id)
