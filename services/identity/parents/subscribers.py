"""Hears of pupils, in any order and as often as it is said, and keeps what parents need of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.identity.parents.repository import keep_pupils
from shared.contracts.roster import PupilsChanged
from shared.database.pool import Connection
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["pupils_subscription"]


def pupils_subscription() -> Subscription[PupilsChanged]:
    async def apply(
        connection: Connection, school_id: UUID, changes: Sequence[PupilsChanged]
    ) -> None:
        states = [state for change in changes for state in change.pupils]
        await keep_pupils(connection, school_id, states)

    return hears(PupilsChanged, apply)
