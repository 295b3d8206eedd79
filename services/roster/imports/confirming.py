"""Confirming an import: what the preview said, once, whole or not at all (R10, R12, R13)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID

from services.roster.activity import person
from services.roster.clock import Clock
from services.roster.imports.effects import effect_of_group, effect_of_link, effect_of_pupil
from services.roster.imports.plan import Plan
from services.roster.imports.preview import Preview, Rows, fingerprint_of
from services.roster.imports.problems import (
    ChangedMeanwhile,
    ImportDone,
    ManyInactive,
    NoSuchImport,
    NothingToImport,
)
from services.roster.imports.pupil_import import Listed, Progress, PupilImport
from services.roster.imports.writing import Writing
from services.roster.schools.repository import School
from services.roster.schools.service import SchoolService
from shared.database.pool import Connection, Database
from shared.security.principals import Principal

__all__ = ["Confirming"]


class Confirming:
    def __init__(
        self,
        *,
        database: Database,
        schools: SchoolService,
        rows: Rows,
        preview: Preview,
        writing: Writing,
        now: Clock,
    ) -> None:
        self._database = database
        self._schools = schools
        self._rows = rows
        self._preview = preview
        self._writing = writing
        self._now = now
        self._side_by_side = asyncio.Semaphore(2)
        """Each needs two connections of the pool, and the roll of a school in memory."""

    async def confirm(
        self, principal: Principal, import_id: UUID, version: int, *, make_many_inactive: bool
    ) -> None:
        """Done; confirmed again, nothing more. It opens its own transactions.

        Raises `ChangedMeanwhile` where the preview of `version` is not what would be done now, and
        keeps the new one; else whatever stands in the way, and then nothing is changed.
        """
        async with self._side_by_side:
            try:
                async with self._database.transaction(principal.tenant) as connection:
                    done = await self._confirm(
                        connection, principal, import_id, version, make_many_inactive
                    )
            finally:
                await asyncio.shield(self._end_progress(principal.tenant, import_id))
        if done.state == "undone":
            raise ImportDone
        if done.state != "confirmed":
            raise ChangedMeanwhile(done.version)

    async def _confirm(
        self,
        connection: Connection,
        principal: Principal,
        import_id: UUID,
        version: int,
        make_many_inactive: bool,
    ) -> PupilImport:
        """The import as it is afterwards: `previewed` where there is something new to look at."""
        school = await self._schools.lock(connection, principal.tenant)
        wanted = await self._rows.imports.lock(connection, import_id)
        if wanted is None:
            raise NoSuchImport
        if wanted.confirmed_at or wanted.version != version or not wanted.fingerprint:
            return wanted
        await self._tell(wanted, Progress(0, None))
        plan = await self._preview.plan(connection, school, wanted)
        fingerprint = await asyncio.to_thread(fingerprint_of, plan.results)
        if fingerprint != wanted.fingerprint:
            return await self._preview.keep(connection, school, wanted, plan)
        await self._look_at(connection, school, wanted, plan, make_many_inactive)
        await self._write(connection, school, principal, wanted, plan)
        return await self._keep(connection, school, principal, wanted)

    async def _look_at(
        self,
        connection: Connection,
        school: School,
        wanted: PupilImport,
        plan: Plan,
        make_many_inactive: bool,
    ) -> None:
        if not plan.pupils and not plan.links:
            raise NothingToImport
        await self._preview.refuse(connection, school, plan)
        gone = wanted.counts["made_inactive"]
        now = replace(wanted, active_roll=plan.active_roll)
        if now.makes_many_inactive and not make_many_inactive:
            raise ManyInactive(gone, plan.active_roll)

    async def _write(
        self,
        connection: Connection,
        school: School,
        principal: Principal,
        wanted: PupilImport,
        plan: Plan,
    ) -> None:
        groups = [replace(group, version=1) for group in plan.groups]
        total = len(plan.pupils) + len(plan.links)

        async def tell(done: int) -> None:
            await self._tell(wanted, Progress(done, total))

        await self._writing.write(
            connection,
            school,
            person(principal),
            groups=[(None, group) for group in groups],
            pupils=plan.pupils,
            links=plan.links,
            tell=tell,
        )
        await self._rows.imports.insert_effects(
            connection,
            wanted,
            [
                *(("pupil", effect_of_pupil(*change)) for change in plan.pupils),
                *(("group", effect_of_group(group)) for group in groups),
                *(("link", effect_of_link(*change)) for change in plan.links),
            ],
        )
        added, imports = _added(plan), self._rows.imports
        await imports.forget_results(connection, wanted.import_id, [one.place for one in added])
        await imports.insert_results(connection, wanted, added)

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
        await self._rows.imports.keep(connection, done)
        await self._rows.imports.forget_at(connection, done)
        actor = person(principal)
        await self._writing.tell_of_import(connection, school, actor, "pupils.imported", done)
        return done

    async def _tell(self, of: PupilImport, progress: Progress) -> None:
        """For whoever looks meanwhile, so outside of the transaction that nobody sees into."""
        async with self._database.transaction(of.school_id) as connection:
            await self._rows.imports.tell_progress(connection, of, progress, self._now())

    async def _end_progress(self, school_id: UUID, import_id: UUID) -> None:
        async with self._database.transaction(school_id) as connection:
            await self._rows.imports.end_progress(connection, import_id)


def _added(plan: Plan) -> list[Listed]:
    """Their results with the ids that they have by now; all others are kept as they were shown."""
    ids = iter(after.id for before, after in plan.pupils if before is None)
    return [
        replace(one, result=replace(one.result, pupil_id=next(ids)))
        for one in plan.results
        if one.outcome == "added"
    ]
