"""Roster's copy of identity's users: who can be linked to a group, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shared.contracts.identity import UserState
from shared.database.pool import Connection
from shared.database.read_model import ReadModel

__all__ = ["UserRepository"]

_USERS = ReadModel(
    "users",
    key=("school_id", "id"),
    columns=("active", "title", "forename", "surname", "role"),
)


class UserRepository:
    async def take(
        self, connection: Connection, school_id: UUID, users: Iterable[UserState]
    ) -> None:
        """Take over the states that are newer than those that are here."""
        states = [user.model_dump(mode="json") | {"school_id": str(school_id)} for user in users]
        await _USERS.take(connection, states)
