"""What reports tells the others of its changes, and the activity log (R9).

Everything goes through the outbox, in the transaction that makes it true.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shared.contracts.activity import ActivityEntry, ActivityRecorded
from shared.contracts.envelope import Payload
from shared.database.pool import Connection
from shared.messaging.outbox import Outbox

__all__ = ["Announcements"]


class Announcements:
    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def say(self, connection: Connection, school_id: UUID, *states: Payload) -> None:
        await self._outbox.publish(connection, school_id, *states)

    async def activity(
        self, connection: Connection, school_id: UUID, entries: Sequence[ActivityEntry]
    ) -> None:
        """Nothing changed, nothing said."""
        if entries:
            recorded = ActivityRecorded(service="reports", entries=tuple(entries))
            await self._outbox.publish(connection, school_id, recorded)
