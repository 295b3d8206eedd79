"""What the activity log says of a change to a group (R9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.roster.activity import change_told
from services.roster.groups.group import Group
from shared.contracts.activity import ActivityEntry, Actor

__all__ = ["group_entry", "group_told"]


def group_entry(at: datetime, actor: Actor, before: Group | None, after: Group) -> ActivityEntry:
    """One entry. A change of active or inactive is named as such, whatever changes with it."""
    return ActivityEntry(at=at, actor=actor, **group_told(before, after))


def group_told(before: Group | None, after: Group) -> dict[str, Any]:
    """The entry without when and by whom."""
    subject = {"kind": "group", "id": after.id, "label": after.name}
    if before is None:
        state = after.state().model_dump(exclude={"id", "version"}, exclude_none=True)
        return {"action": "group.created", "subject": subject, "before": None, "after": state}
    action = "group.changed"
    if before.active != after.active:
        action = "group.made_active" if after.active else "group.made_inactive"
    return change_told(action, subject, after.differs_from(before))
