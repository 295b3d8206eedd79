"""Roster's copy of identity's users: who can be linked to a group, and what they are called."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from shared.contracts.identity import UserState
from shared.database.pool import Connection
from shared.database.read_model import ReadModel

__all__ = ["UserRepository"]

_USERS = ReadModel(
    "users",
    key=("id uuid",),
    columns=("active boolean", "title", "forename", "surname", "role"),
)


class UserRepository:
    async def take(
        self, connection: Connection, school_id: UUID, users: Collection[UserState]
    ) -> None:
        """Take over the states that are newer than those that are here."""
        await _USERS.take(connection, school_id, users)
