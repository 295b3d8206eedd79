"""Applies batches of groups that mis_sync approved: one transaction, one answer to each batch."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.roster.activity import THE_MIS
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.groups.history import group_entry
from services.roster.groups.proposals import GroupDecisions, GroupResult
from services.roster.groups.repository import GroupRepository
from services.roster.links.arrivals import Arrivals
from services.roster.schools.service import SchoolService
from shared.contracts.mis_sync import GroupsApproved
from shared.contracts.roster import GroupsApplied
from shared.database.pool import Connection

__all__ = ["GroupSync"]


class GroupSync:
    def __init__(
        self,
        *,
        schools: SchoolService,
        repository: GroupRepository,
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
        self, connection: Connection, school_id: UUID, batches: Sequence[GroupsApproved]
    ) -> None:
        """Apply the batches in their order. The same content again changes and says nothing."""
        school = await self._schools.lock(connection, school_id)
        for batch in batches:
            ids = {proposal.group_id for proposal in batch.proposals}
            groups = await self._repository.by_ids(connection, ids)
            decisions = GroupDecisions(
                groups, same_year=batch.academic_year == school.academic_year
            )
            for proposal in batch.proposals:
                decisions.decide(proposal)
            await self._carry_out(connection, school_id, batch, decisions.result())

    async def _carry_out(
        self, connection: Connection, school_id: UUID, batch: GroupsApproved, result: GroupResult
    ) -> None:
        groups = [after for _, after in result.changed]
        await self._repository.save(connection, school_id, groups)
        states = [group.state() for group in groups]
        await self._announcements.groups(connection, school_id, states)
        if any(before is None for before, _ in result.changed):
            await self._arrivals.link_what_waited(connection, school_id)
        at = self._now()
        entries = [group_entry(at, THE_MIS, before, after) for before, after in result.changed]
        await self._announcements.activity(connection, school_id, entries)
        answer = GroupsApplied(
            run_id=batch.run_id,
            sequence=batch.sequence,
            total=batch.total,
            outcomes=result.outcomes,
        )
        await self._announcements.answer(connection, school_id, answer)
