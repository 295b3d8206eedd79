"""The lines of the activity log that mis_sync writes (R9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from shared.contracts.activity import ActivityEntry, ActivityRecorded, Actor, Subject
from shared.database.pool import Connection
from shared.messaging.outbox import Outbox
from shared.security.principals import Principal

__all__ = ["BY_THE_MIS", "ActivityEntry", "by", "entry", "record"]

_MOST_ENTRIES = 500

BY_THE_MIS = Actor(kind="mis", name="MIS synchronisation")

SubjectKind = Literal["mis_link", "mapping"]


def by(principal: Principal) -> Actor:
    """The person who asked for it."""
    return Actor(
        kind="person",
        account_id=principal.account_id,
        name=principal.name,
        authenticator=principal.authenticator,
    )


def entry(
    *,
    at: datetime,
    actor: Actor,
    action: str,
    kind: SubjectKind,
    label: str,
    subject_id: UUID | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> ActivityEntry:
    return ActivityEntry(
        at=at,
        actor=actor,
        action=action,
        subject=Subject(kind=kind, id=subject_id, label=label),
        before=before,
        after=after,
    )


async def record(
    outbox: Outbox, connection: Connection, school_id: UUID, entries: Sequence[ActivityEntry]
) -> None:
    """In the transaction that makes them true. Nothing done, nothing said."""
    parts = range(0, len(entries), _MOST_ENTRIES)
    await outbox.publish(
        connection,
        school_id,
        *(
            ActivityRecorded(service="mis_sync", entries=tuple(entries[at : at + _MOST_ENTRIES]))
            for at in parts
        ),
    )
