"""Applies batches of pupils that mis_sync approved: one transaction, one answer to each batch.

The rules are in `proposals.py`; here they meet the rows, the events and the activity log.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.roster.activity import THE_MIS
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.links.arrivals import Arrivals
from services.roster.pupils.history import pupil_entry
from services.roster.pupils.proposals import PupilDecisions, PupilResult, proposed_upns
from services.roster.pupils.repository import PupilRepository
from services.roster.schools.repository import School
from services.roster.schools.service import SchoolService
from shared.contracts.mis_sync import PupilsApproved
from shared.contracts.roster import PupilsApplied
from shared.database.pool import Connection

__all__ = ["PupilSync"]


class PupilSync:
    def __init__(
        self,
        *,
        schools: SchoolService,
        repository: PupilRepository,
        arrivals: Arrivals,
        announcements: Announcements,
        now: Clock,
    ) -> None:
        self._schools = schools
        self._repository = repository
        self._arrivals = arrivals
        self._announcements = announcements
        self._now = now

    async def apply(
        self, connection: Connection, school_id: UUID, batches: Sequence[PupilsApproved]
    ) -> None:
        """Apply the batches in their order. The same content again changes and says nothing."""
        school = await self._schools.lock(connection, school_id)
        for batch in batches:
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
            await self._carry_out(connection, school, batch, decisions.result())

    async def _carry_out(
        self, connection: Connection, school: School, batch: PupilsApproved, result: PupilResult
    ) -> None:
        school_id = school.id
        await self._repository.save(connection, school_id, result.saved)
        states = [after.state(school.kept_fields) for _, after in result.changed]
        await self._announcements.pupils(connection, school_id, states)
        if any(before is None for before, _ in result.changed):
            await self._arrivals.link_what_waited(connection, school_id)
        at = self._now()
        entries = [pupil_entry(at, THE_MIS, before, after) for before, after in result.changed]
        await self._announcements.activity(connection, school_id, entries)
        answer = PupilsApplied(
            run_id=batch.run_id,
            sequence=batch.sequence,
            total=batch.total,
            outcomes=result.outcomes,
        )
        await self._announcements.answer(connection, school_id, answer)
