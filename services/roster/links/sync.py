"""Applies batches of links that mis_sync approved: one transaction, one answer to each batch."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.roster.activity import THE_MIS
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.links.history import link_entry
from services.roster.links.link import Names
from services.roster.links.proposals import LinkDecisions, LinkResult, key_of
from services.roster.links.repository import LinkRepository
from services.roster.schools.service import SchoolService
from shared.contracts.mis_sync import LinksApproved
from shared.contracts.roster import LinksApplied
from shared.database.pool import Connection

__all__ = ["LinkSync"]


class LinkSync:
    def __init__(
        self,
        *,
        schools: SchoolService,
        repository: LinkRepository,
        announcements: Announcements,
        now: Clock,
    ) -> None:
        self._schools = schools
        self._repository = repository
        self._announcements = announcements
        self._now = now

    async def apply(
        self, connection: Connection, school_id: UUID, batches: Sequence[LinksApproved]
    ) -> None:
        """Apply the batches in their order. The same content again changes and says nothing."""
        school = await self._schools.lock(connection, school_id)
        for batch in batches:
            keys = {key_of(proposal) for proposal in batch.proposals}
            links = await self._repository.by_keys(connection, keys)
            names = await self._repository.names(connection, keys)
            decisions = LinkDecisions(
                links, names, same_year=batch.academic_year == school.academic_year
            )
            for proposal in batch.proposals:
                decisions.decide(proposal)
            await self._carry_out(connection, school_id, batch, decisions.result(), names)

    async def _carry_out(
        self,
        connection: Connection,
        school_id: UUID,
        batch: LinksApproved,
        result: LinkResult,
        names: Names,
    ) -> None:
        links = [after for _, after in result.changed]
        await self._repository.save(connection, school_id, links)
        await self._announcements.links(connection, school_id, [link.state() for link in links])
        at = self._now()
        entries = [link_entry(at, THE_MIS, *change, names) for change in result.changed]
        await self._announcements.activity(
            connection, school_id, [entry for entry in entries if entry is not None]
        )
        answer = LinksApplied(
            run_id=batch.run_id,
            sequence=batch.sequence,
            total=batch.total,
            outcomes=result.outcomes,
        )
        await self._announcements.answer(connection, school_id, answer)
