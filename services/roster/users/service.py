"""Keeps roster's copy of identity's users, and makes the links that waited for one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.roster.links.arrivals import Arrivals
from services.roster.schools.service import SchoolService
from services.roster.users.repository import UserRepository
from shared.contracts.identity import UsersChanged
from shared.database.pool import Connection

__all__ = ["UserService"]


class UserService:
    def __init__(
        self, *, schools: SchoolService, repository: UserRepository, arrivals: Arrivals
    ) -> None:
        self._schools = schools
        self._repository = repository
        self._arrivals = arrivals

    async def take(
        self, connection: Connection, school_id: UUID, changes: Sequence[UsersChanged]
    ) -> None:
        await self._schools.lock(connection, school_id)
        users = [user for change in changes for user in change.users]
        await self._repository.take(connection, school_id, users)
        await self._arrivals.link_what_waited(connection, school_id)
