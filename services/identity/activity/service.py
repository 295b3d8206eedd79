"""What identity tells the activity log about its own changes (R9). Never a secret."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from services.identity.accounts.account import Account
from shared.contracts.activity import ActivityEntry, ActivityRecorded, Actor, Subject
from shared.database.pool import Connection
from shared.messaging.outbox import Outbox
from shared.security.principals import Kind, Principal

__all__ = ["MIS", "about_account", "about_school", "actor_of", "record"]

_ENTRIES_PER_EVENT = 500

MIS = Actor(kind="mis", name="MIS")


def actor_of(principal: Principal) -> Actor:
    """The person, or the operator, who is asking."""
    if principal.kind is Kind.OPERATOR:
        return Actor(kind="operator", name=principal.name)
    return Actor(
        kind="person",
        account_id=principal.account_id,
        name=principal.name,
        authenticator=principal.authenticator,
    )


def about_account(
    at: datetime,
    actor: Actor,
    action: str,
    account: Account,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> ActivityEntry:
    """An entry about an account; of `before` and `after`, those fields that differ."""
    if before is not None and after is not None:
        changed = [key for key in after if before.get(key) != after[key]]
        before = {key: before.get(key) for key in changed}
        after = {key: after[key] for key in changed}
    kind: Literal["user", "parent"] = "parent" if account.kind == "parent" else "user"
    subject = Subject(kind=kind, id=account.account_id, label=account.name)
    return ActivityEntry(
        at=at, actor=actor, action=action, subject=subject, before=before, after=after
    )


def about_school(
    at: datetime,
    actor: Actor,
    action: str,
    school_id: UUID,
    name: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> ActivityEntry:
    subject = Subject(kind="school", id=school_id, label=name)
    return ActivityEntry(
        at=at, actor=actor, action=action, subject=subject, before=before, after=after
    )


async def record(
    outbox: Outbox, connection: Connection, school_id: UUID, entries: Sequence[ActivityEntry]
) -> None:
    """Tell the log, in the transaction of the change."""
    payloads = (
        ActivityRecorded(service="identity", entries=tuple(part)) for part in _parts(entries)
    )
    await outbox.publish(connection, school_id, *payloads)


def _parts(entries: Sequence[ActivityEntry]) -> Iterable[Sequence[ActivityEntry]]:
    for start in range(0, len(entries), _ENTRIES_PER_EVENT):
        yield entries[start : start + _ENTRIES_PER_EVENT]
