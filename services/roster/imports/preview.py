"""The preview of an import, held against the roll as it is now, and kept row by row."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from services.roster.clock import Clock
from services.roster.groups.repository import GroupRepository
from services.roster.imports.matching import Roll
from services.roster.imports.memberships import Memberships
from services.roster.imports.plan import Here, Plan, make_plan
from services.roster.imports.pupil_import import Listed, PupilImport, StagedRow
from services.roster.imports.repository import ImportRepository
from services.roster.imports.rows import Said, said_by
from services.roster.links.repository import LinkRepository
from services.roster.pupils.pupil import Pupil
from services.roster.pupils.repository import PupilRepository
from services.roster.roll_up.guarding import RollUpGuard
from services.roster.roll_up.problems import WaitsForRollUp
from services.roster.schools.repository import School
from shared.database.pool import Connection
from shared.school.academic_year import school_day

__all__ = ["Preview", "Rows", "fingerprint_of"]

_PUPILS_AT_ONCE = 2_000


@dataclass(frozen=True)
class Rows:
    """Where an import finds what it changes."""

    imports: ImportRepository
    pupils: PupilRepository
    groups: GroupRepository
    links: LinkRepository


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
            connection, school, wanted, await self.plan(connection, school, wanted)
        )

    async def plan(self, connection: Connection, school: School, wanted: PupilImport) -> Plan:
        """Worked out beside the loop: ten thousand rows take a second, and others wait for it."""
        today = school_day(self._now())
        rows: list[Said] = []
        async for batch in self._rows.imports.rows_in_batches(connection, wanted.import_id):
            rows += await asyncio.to_thread(_said, batch, wanted, today)
        with_classes = "class_name" in wanted.columns.values()
        here = Here(
            roll=Roll(await self._everybody(connection)),
            memberships=Memberships(
                await self._rows.groups.all(connection) if with_classes else [],
                await self._rows.links.all_members(connection) if with_classes else [],
            ),
            academic_year=school.academic_year,
            day=f"{today.day} {today:%B %Y}",
        )
        return await asyncio.to_thread(make_plan, rows, here, wanted.how)

    async def keep(
        self, connection: Connection, school: School, wanted: PupilImport, plan: Plan
    ) -> PupilImport:
        previewed = replace(
            wanted,
            state="previewed",
            version=wanted.version + 1,
            counts=plan.counts(),
            active_roll=plan.active_roll,
            new_classes=tuple(sorted(group.name for group in plan.groups)),
            missing_classes=tuple(sorted(plan.missing_classes)),
            refused_because=await self.refused_because(connection, school, plan),
            fingerprint=await asyncio.to_thread(fingerprint_of, plan.results),
        )
        await self._rows.imports.keep(connection, previewed)
        await self._rows.imports.forget_results(connection, previewed.import_id)
        await self._rows.imports.insert_results(connection, previewed, plan.results)
        return previewed

    async def refused_because(
        self, connection: Connection, school: School, plan: Plan
    ) -> str | None:
        """R12: from 1 June whole years wait for the roll-up."""
        try:
            await self.refuse(connection, school, plan)
        except WaitsForRollUp as waits:
            return waits.detail
        return None

    async def refuse(self, connection: Connection, school: School, plan: Plan) -> None:
        """Raises `WaitsForRollUp` (R12)."""
        await self._guard.refuse_raising_the_roll(
            connection, school, plan.year_changes(), active_roll=plan.active_roll
        )

    async def _everybody(self, connection: Connection) -> list[Pupil]:
        pupils: list[Pupil] = []
        while page := await self._rows.pupils.after(
            connection, pupils[-1].id if pupils else None, _PUPILS_AT_ONCE
        ):
            pupils += page
        return pupils


def _said(rows: Iterable[StagedRow], wanted: PupilImport, today: date) -> list[Said]:
    return [said_by(row, wanted, today) for row in rows]


def fingerprint_of(results: Iterable[Listed]) -> str:
    """The same for plans that show the same."""
    digest = hashlib.sha256()
    for one in results:
        digest.update(json.dumps(one.result.stored(), ensure_ascii=False).encode())
    return digest.hexdigest()
