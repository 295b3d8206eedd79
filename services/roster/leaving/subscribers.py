"""Hears that a school is to be erased, deletes all that roster keeps of it, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shared.contracts.identity import SchoolErasing
from shared.contracts.roster import RosterErased
from shared.database.erasing import erase_school
from shared.database.pool import Connection
from shared.messaging.hearing import hears
from shared.messaging.outbox import Outbox
from shared.messaging.subscription import Subscription

__all__ = ["erasing_subscription"]


def erasing_subscription(outbox: Outbox) -> Subscription[SchoolErasing]:
    async def apply(connection: Connection, school_id: UUID, _: Sequence[SchoolErasing]) -> None:
        rows = await erase_school(connection)
        await outbox.publish(connection, school_id, RosterErased(rows=rows))

    return hears(SchoolErasing, apply)
