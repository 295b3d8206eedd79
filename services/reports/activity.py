"""Entries for the activity log (R9): who changed what, from what to what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts.activity import ActivityEntry, Actor, Subject
from shared.security.principals import Principal

__all__ = ["THE_CALENDAR", "about_school", "person"]

THE_CALENDAR = Actor(kind="system", name="Calendar")


def person(principal: Principal) -> Actor:
    return Actor(
        kind="person",
        account_id=principal.account_id,
        name=principal.name,
        authenticator=principal.authenticator,
    )


def about_school(
    at: datetime,
    actor: Actor,
    action: str,
    school_id: UUID,
    label: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> ActivityEntry:
    """Something of the school's; `label` says which, as the office calls it."""
    return ActivityEntry(
        at=at,
        actor=actor,
        action=action,
        subject=Subject(kind="school", id=school_id, label=label),
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
    )
