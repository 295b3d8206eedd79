"""Entries for the activity log (R9): who changed what, from what to what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.contracts.activity import ActivityEntry, Actor, Subject
from shared.security.principals import Principal

__all__ = ["THE_MIS", "change_told", "changed_entry", "person"]

THE_MIS = Actor(kind="mis", name="MIS sync")


def person(principal: Principal) -> Actor:
    return Actor(
        kind="person",
        account_id=principal.account_id,
        name=principal.name,
        authenticator=principal.authenticator,
    )


def changed_entry(
    at: datetime,
    actor: Actor,
    action: str,
    subject: Subject,
    changes: Mapping[str, tuple[Any, Any]],
) -> ActivityEntry:
    """Something changed; `changes` is field → (before, after)."""
    return ActivityEntry(at=at, actor=actor, **change_told(action, subject, changes))


def change_told(
    action: str, subject: Any, changes: Mapping[str, tuple[Any, Any]]
) -> dict[str, Any]:
    """That something changed, without when and by whom."""
    return {
        "action": action,
        "subject": subject,
        "before": {name: before for name, (before, _) in changes.items()},
        "after": {name: after for name, (_, after) in changes.items()},
    }
