"""Turns messages into calls: one school, its payloads in order, one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from shared.contracts.envelope import Event, Payload
from shared.messaging.subscription import Refused, Subscription

__all__ = ["hears"]

P = TypeVar("P", bound=Payload)


def hears(
    payload: type[P],
    apply: Callable[[Any, UUID, Sequence[P]], Awaitable[None]],
    *,
    at_once: int | None = None,
    by_twin: bool = False,
    prefetch: int | None = None,
) -> Subscription[P]:
    """A subscription that hands a connection, the school and its payloads to `apply`.

    A message that names no school is refused. With `by_twin`, payloads come as their twins where
    they have one (`twins.py`).
    """

    async def handle(connection: Any, events: Sequence[Event[P]]) -> None:
        school_id = events[0].schoolid
        if school_id is None:
            raise Refused("names no school")
        await apply(connection, school_id, [event.data for event in events])

    return Subscription(payload, handle, at_once, by_twin, prefetch)
