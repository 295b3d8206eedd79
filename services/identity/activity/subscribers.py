"""Activity that any service saw, as it is heard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.identity.activity import repository
from shared.contracts.activity import ActivityRecorded
from shared.contracts.envelope import Event
from shared.messaging.subscription import Refused, Subscription

__all__ = ["activity_subscription"]


def activity_subscription() -> Subscription[ActivityRecorded]:
    async def append(connection: Any, events: Sequence[Event[ActivityRecorded]]) -> None:
        school_id = events[0].schoolid
        if school_id is None:
            raise Refused("activity is always of a school")
        await repository.append(connection, school_id, events)

    return Subscription(ActivityRecorded, append, by_twin=True)
