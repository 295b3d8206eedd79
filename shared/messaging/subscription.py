"""What a service tells the runtime about a queue it hears, and what a message is to it."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import ValidationError

from shared.contracts.envelope import Event, Payload
from shared.contracts.topology import queue_of
from shared.messaging.twins import reader_of

__all__ = [
    "Accepted",
    "BreaksContract",
    "Incoming",
    "Listener",
    "Refused",
    "Subscription",
    "accepted",
    "listener_of",
]

P = TypeVar("P", bound=Payload)


class Refused(Exception):
    """This message can never be applied. Goes to the dead letters at once, with this reason."""


class BreaksContract(Refused):
    """It is not what its contract says."""


@dataclass(frozen=True)
class Incoming:
    """A message as the broker delivered it."""

    body: bytes
    message_id: str | None
    routing_key: str
    user_id: str | None
    """Checked by the broker where it is there at all."""
    deliveries: int
    """How often the broker has delivered it before."""
    headers: Mapping[str, object] = field(default_factory=dict)
    """As the sender set them: checked by nobody."""

    @property
    def key(self) -> str:
        """What its tries are counted under, whether or not it can be read."""
        return self.message_id or hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class Accepted:
    """A message that keeps its contract: whose it is, its key in the inbox, and what it says."""

    school_id: UUID | None
    key: UUID
    item: Any
    correlation_id: str
    traceparent: str | None = None
    tracestate: str | None = None
    by_stranger: bool = False
    """Whoever gave the trace is none of ours."""
    incoming: Incoming | None = None
    """As it was delivered."""
    place: int | None = None
    """Among those that were put off (`putting_off.py`), if it was."""


@dataclass(frozen=True)
class Subscription(Generic[P]):
    """A service hears the events of one type.

    `handle` gets the connection, in the transaction that is committed before anything is
    acknowledged, and events of one school, in the order of their ids, without repeats. It raises if
    it cannot apply them.
    """

    payload: type[P]
    handle: Callable[[Any, Sequence[Event[P]]], Awaitable[None]]
    at_once: int | None = None
    """How many batches of these alone may be applied at once, where the work is heavy."""
    by_twin: bool = False
    """`handle` is given twins of the events (`twins.py`) and asks of them their fields only."""
    prefetch: int | None = None
    """How many the broker sends ahead, where each is so large that to take in a hundred keeps what
    was begun from going on."""


@dataclass(frozen=True)
class Listener:
    """Any queue: how a message is accepted, applied, and refused.

    `accept` raises `Refused` for what breaks its contract; `refuse`, where given, takes the place
    of the dead letters for these.
    """

    queue: str
    accept: Callable[[Incoming], Awaitable[Accepted]]
    handle: Callable[[Any, Sequence[Any]], Awaitable[None]]
    refuse: Callable[[Incoming, str], Awaitable[None]] | None = None
    at_once: int | None = None
    prefetch: int | None = None


def listener_of(service: str, subscription: Subscription[Any]) -> Listener:
    """The listener of an event's own queue, which accepts what fits the event's contract."""
    model = Event[subscription.payload]  # type: ignore[name-defined]
    read = reader_of(model) if subscription.by_twin else model.model_validate_json

    async def accept(incoming: Incoming) -> Accepted:
        try:
            event = read(incoming.body)
        except ValidationError as error:
            raise BreaksContract(f"breaks its contract: {_sentence(error)}") from error
        if event.type != subscription.payload.EVENT_TYPE:
            raise BreaksContract(f"is a {event.type}, expected {subscription.payload.EVENT_TYPE}")
        return accepted(event)

    return Listener(
        queue=queue_of(service, subscription.payload).name,
        accept=accept,
        handle=subscription.handle,
        at_once=subscription.at_once,
        prefetch=subscription.prefetch,
    )


def accepted(event: Event[Any]) -> Accepted:
    """One of our own events, as it stands."""
    return Accepted(
        event.schoolid,
        event.id,
        event,
        event.correlationid,
        event.traceparent,
        event.tracestate,
    )


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "the message"
    return f"{place}: {first['msg']} ({error.error_count()} in all)"
