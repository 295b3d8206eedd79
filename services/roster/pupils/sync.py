"""Applies batches of pupils that mis_sync approved: one transaction, one answer to each batch.

The rules are in `proposals.py`; here they meet the rows, the events and the activity log.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from uuid import UUID

from services.roster.activity import THE_MIS
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.links.arrivals import Arrivals
from services.roster.pupils.newcomers import Newcomers
from services.roster.pupils.proposals import (
    PupilDecisions,
    PupilResult,
    proposed_upns,
)
from services.roster.pupils.repository import PupilRepository
from services.roster.pupils.telling import answer_said, pupil_entries_said, pupils_said
from services.roster.schools.repository import School
from services.roster.schools.service import SchoolService
from shared.contracts.mis_sync import PupilsApproved
from shared.database.pool import Connection

__all__ = ["PupilSync"]


class PupilSync:
    def __init__(
        self,
        *,
        schools: SchoolService,
        repository: PupilRepository,
        newcomers: Newcomers,
        arrivals: Arrivals,
        announcements: Announcements,
        now: Clock,
    ) -> None:
        self._schools = schools
        self._repository = repository
        self._newcomers = newcomers
        self._arrivals = arrivals
        self._announcements = announcements
        self._now = now

    async def apply(
        self, connection: Connection, school_id: UUID, batches: Sequence[PupilsApproved]
    ) -> None:
        """Apply the batches in their order. The same content again changes and says nothing."""
        school = await self._schools.lock(connection, school_id)
        anybody_new = False
        for batch in batches:
            if await self._newcomers.bring_in(connection, school, batch):
                anybody_new = True
                continue
            result = await self._decide(connection, school, batch)
            await self._carry_out(connection, school, result)
            anybody_new = anybody_new or any(before is None for before, _ in result.changed)
            answer = answer_said(batch, result.outcomes)
            await self._announcements.said(connection, school_id, [answer])
        if anybody_new:
            await self._arrivals.link_what_waited(connection, school_id)

    async def _decide(
        self, connection: Connection, school: School, batch: PupilsApproved
    ) -> PupilResult:
        ids = {proposal.pupil_id for proposal in batch.proposals}
        upns = proposed_upns(batch.proposals)
        pupils = await self._repository.by_ids_or_upns(connection, ids, upns)
        decisions = PupilDecisions(
            pupils,
            same_year=batch.academic_year == school.academic_year,
            kept=school.kept_fields,
        )
        for proposal in batch.proposals:
            decisions.decide(proposal)
        return decisions.result()

    async def _carry_out(self, connection: Connection, school: School, result: PupilResult) -> None:
        await self._repository.save(connection, school.id, result.saved)
        states = pupils_said([after for _, after in result.changed], school.kept_fields)
        entries = pupil_entries_said(self._now(), THE_MIS, result.changed)
        await self._announcements.said(connection, school.id, chain(states, entries))
