"""The preview of an import, held against the roll as it is now, and kept row by row."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.roster.clock import Clock
from services.roster.groups.repository import GroupRepository
from services.roster.imports.kept_results import KeptResults, fingerprint_of
from services.roster.imports.memberships import Memberships
from services.roster.imports.parts_repository import PartRepository
from services.roster.imports.plan import Here, Plan, plan_file
from services.roster.imports.prepared import Part, prepared
from services.roster.imports.pupil_import import Planned, PupilImport
from services.roster.imports.repository import ImportRepository
from services.roster.imports.roll import PupilColumns, Roll
from services.roster.links.repository import LinkRepository
from services.roster.pupils.repository import PupilRepository
from services.roster.roll_up.guarding import RollUpGuard
from services.roster.roll_up.problems import WaitsForRollUp
from services.roster.schools.repository import School
from shared.database.pool import Connection
from shared.school.academic_year import school_day

__all__ = ["Looked", "Preview", "Rows"]


@dataclass(frozen=True)
class Rows:
    """Where an import finds what it changes."""

    imports: ImportRepository
    parts: PartRepository
    pupils: PupilRepository
    groups: GroupRepository
    links: LinkRepository


@dataclass(frozen=True)
class Looked:
    """A plan, with what is kept of it: what is shown, and what is written in the end."""

    plan: Plan
    planned: Planned
    results: Sequence[KeptResults]
    parts: Sequence[Part]
    fingerprint: str


class Preview:
    def __init__(self, rows: Rows, guard: RollUpGuard, now: Clock) -> None:
        self._rows = rows
        self._guard = guard
        self._now = now

    async def look_through(
        self, connection: Connection, school: School, wanted: PupilImport
    ) -> PupilImport:
        """What it would do now, kept at the import's next version."""
        return await self.keep(
            connection, school, wanted, await self.look(connection, school, wanted)
        )

    def basis(self, school: School) -> str:
        """The same as long as nothing has changed that a plan comes from, besides the file.

        `school` is read before its roll, or under its lock: what changes later has another basis.
        """
        return (
            f"{school.roll_version} {school.academic_year} {school.kept_fields_version} "
            f"{school_day(self._now())}"
        )

    async def look(self, connection: Connection, school: School, wanted: PupilImport) -> Looked:
        """Worked out beside the loop: ten thousand rows take a second, and others wait for it."""
        today = school_day(self._now())
        rows = await self._rows.imports.all_rows(connection, wanted.import_id)
        with_classes = "class_name" in wanted.columns.values()
        here = Here(
            roll=Roll(PupilColumns(await self._rows.pupils.everybody(connection))),
            memberships=Memberships(
                await self._rows.groups.all(connection) if with_classes else [],
                await self._rows.links.all_members(connection) if with_classes else [],
            ),
            academic_year=school.academic_year,
            day=f"{today.day} {today:%B %Y}",
        )
        return await asyncio.to_thread(
            _looked, rows, wanted, here, today, school, self.basis(school)
        )

    async def keep(
        self, connection: Connection, school: School, wanted: PupilImport, looked: Looked
    ) -> PupilImport:
        plan = looked.plan
        previewed = replace(
            wanted,
            state="previewed",
            version=wanted.version + 1,
            counts=plan.counts(),
            active_roll=plan.active_roll,
            new_classes=tuple(sorted(group.name for group in plan.groups)),
            missing_classes=tuple(sorted(plan.missing_classes)),
            fingerprint=looked.fingerprint,
            planned=looked.planned,
        )
        refused = await self.refused_because(connection, school, previewed)
        previewed = replace(previewed, refused_because=refused)
        await self._rows.imports.keep(connection, previewed)
        if wanted.state != "uploaded":
            await self._rows.imports.forget_results(connection, previewed.import_id)
            await self._rows.parts.forget(connection, previewed.import_id)
        await self._rows.imports.insert_results(connection, previewed, looked.results)
        await self._rows.parts.keep(connection, previewed, looked.parts)
        return previewed

    async def keep_same(
        self, connection: Connection, wanted: PupilImport, looked: Looked
    ) -> PupilImport:
        """It shows the same as before, so its version stays; what is written may be another."""
        same = replace(wanted, active_roll=looked.plan.active_roll, planned=looked.planned)
        await self._rows.parts.forget(connection, same.import_id)
        await self._rows.parts.keep(connection, same, looked.parts)
        return same

    async def refused_because(
        self, connection: Connection, school: School, one: PupilImport
    ) -> str | None:
        """R12: from 1 June whole years wait for the roll-up."""
        try:
            await self.refuse(connection, school, one)
        except WaitsForRollUp as waits:
            return waits.detail
        return None

    async def refuse(self, connection: Connection, school: School, one: PupilImport) -> None:
        """Raises `WaitsForRollUp` (R12)."""
        if one.planned:
            await self._guard.refuse_raising_the_roll(
                connection, school, one.planned.raised, active_roll=one.active_roll
            )


def _looked(
    rows: Sequence[Any],
    wanted: PupilImport,
    here: Here,
    today: date,
    school: School,
    basis: str,
) -> Looked:
    plan = plan_file(rows, wanted, here, today)
    made = prepared(plan, here, wanted.how, school.kept_fields)
    planned = Planned(basis, plan.changing(), plan.raised())
    return Looked(plan, planned, made.results, made.parts, fingerprint_of(made.results))
