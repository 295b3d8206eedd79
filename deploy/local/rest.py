"""Whether everything that was told between the services has been heard: nothing waits anywhere.

By the outboxes and inboxes themselves, since a broker's own counts lag behind by seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import LiteralString

import psycopg

from deploy.local.errors import OperatorError
from shared.contracts.topology import QUEUES

__all__ = ["unheard", "wait_for"]

TOLD: LiteralString = (
    "SELECT id::text, routing_key FROM outbox"
    " WHERE sent_at IS NULL OR sent_at > now() - interval '1 hour'"
)
ENDED: LiteralString = (
    "SELECT consumer, message_key::text FROM inbox"
    " WHERE accepted_at > now() - interval '2 hours'"
    " UNION ALL SELECT consumer, message_key FROM dead_letters"
)


def unheard(relay_dsns: Mapping[str, str]) -> int:
    """How many events of the last hour have not come to an end in each queue that is theirs.

    An event ends by being applied or by becoming a dead letter. The provisioner is left out: it
    keeps no inbox, and the link's own state tells when it is done.
    """
    told: set[tuple[str, str]] = set()
    ended: set[tuple[str, str]] = set()
    for dsn in relay_dsns.values():
        with psycopg.connect(dsn, connect_timeout=5) as connection:
            ended |= set(connection.execute(ENDED).fetchall())
            events = connection.execute(TOLD).fetchall()
        told |= {
            (queue.name, event_id)
            for event_id, event_type in events
            for queue in QUEUES
            if event_type == queue.payload.EVENT_TYPE and queue.service in relay_dsns
        }
    return len(told - ended)


def wait_for(condition: Callable[[], bool], what: str, *, seconds: float) -> None:
    """Raises `OperatorError` if it has not come true by then."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise OperatorError(f"{what} took longer than {seconds:.0f} s: see ./classroom status.")
        time.sleep(0.25)
