"""Entries for the activity log (R9): who changed what, from what to what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from shared.contracts.activity import ActivityEntry, Actor, Subject
from shared.security.principals import Principal

__all__ = ["THE_MIS", "changed_entry", "created_entry", "person"]

THE_MIS = Actor(kind="mis", name="MIS sync")

SubjectKind = Literal["pupil", "group", "link"]


def person(principal: Principal) -> Actor:
    return Actor(
        kind="person",
        account_id=principal.account_id,
        name=principal.name,
        authenticator=principal.authenticator,
    )


def created_entry(
    at: datetime, actor: Actor, kind: SubjectKind, label: str, subject_id: UUID, state: Any
) -> ActivityEntry:
    """Something is new; `state` is its whole state, a contract."""
    return ActivityEntry(
        at=at,
        actor=actor,
        action=f"{kind}.created",
        subject=Subject(kind=kind, id=subject_id, label=label),
        after=state.model_dump(mode="json", exclude={"id", "version"}, exclude_none=True),
    )


def changed_entry(
    at: datetime,
    actor: Actor,
    action: str,
    subject: Subject,
    changes: Mapping[str, tuple[Any, Any]],
) -> ActivityEntry:
    """Something changed; `changes` is field → (before, after)."""
    return ActivityEntry(
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        before={name: before for name, (before, _) in changes.items()},
        after={name: after for name, (_, after) in changes.items()},
    )
