"""Turns messages into calls: one school, its payloads in order, one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from shared.contracts.envelope import Event, Payload
from shared.database.pool import Connection
from shared.messaging.subscription import Refused, Subscription

__all__ = ["hears"]

P = TypeVar("P", bound=Payload)


def hears(
    payload: type[P], apply: Callable[[Connection, UUID, Sequence[P]], Awaitable[None]]
) -> Subscription[P]:
    """A subscription that hands the school's payloads to `apply`."""

    async def handle(connection: Any, events: Sequence[Event[P]]) -> None:
        school_id = events[0].schoolid
        if school_id is None:
            raise Refused("names no school")
        await apply(connection, school_id, [event.data for event in events])

    return Subscription(payload, handle)
