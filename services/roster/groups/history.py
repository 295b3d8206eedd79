"""What the activity log says of a change to a group (R9)."""

from __future__ import annotations

from datetime import datetime

from services.roster.activity import changed_entry, created_entry
from services.roster.groups.group import Group
from shared.contracts.activity import ActivityEntry, Actor, Subject

__all__ = ["group_entry"]


def group_entry(at: datetime, actor: Actor, before: Group | None, after: Group) -> ActivityEntry:
    """One entry. A change of active or inactive is named as such, whatever changes with it."""
    if before is None:
        return created_entry(at, actor, "group", after.name, after.id, after.state())
    action = "group.changed"
    if before.active != after.active:
        action = "group.made_active" if after.active else "group.made_inactive"
    subject = Subject(kind="group", id=after.id, label=after.name)
    return changed_entry(at, actor, action, subject, after.differs_from(before))
