"""A link may arrive before its group, pupil or user: it waits, and is made when both are here."""

from __future__ import annotations

from uuid import UUID

from services.roster.activity import THE_MIS
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.links.history import link_entry
from services.roster.links.repository import LinkRepository
from shared.database.pool import Connection

__all__ = ["Arrivals"]


class Arrivals:
    def __init__(
        self, repository: LinkRepository, announcements: Announcements, now: Clock
    ) -> None:
        self._repository = repository
        self._announcements = announcements
        self._now = now

    async def link_what_waited(self, connection: Connection, school_id: UUID) -> None:
        """Called in the transaction in which groups, pupils or users became known."""
        links = await self._repository.link_what_waited(connection)
        if not links:
            return
        await self._announcements.links(connection, school_id, [link.state() for link in links])
        names = await self._repository.names(connection, [link.key for link in links])
        at = self._now()
        entries = [link_entry(at, THE_MIS, None, link, names) for link in links]
        await self._announcements.activity(
            connection, school_id, [entry for entry in entries if entry is not None]
        )
