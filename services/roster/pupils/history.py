"""What the activity log says of a change to a pupil (R9)."""

from __future__ import annotations

from datetime import datetime

from services.roster.activity import changed_entry, created_entry
from services.roster.pupils.pupil import Pupil
from shared.contracts.activity import ActivityEntry, Actor, Subject

__all__ = ["pupil_entry"]


def pupil_entry(at: datetime, actor: Actor, before: Pupil | None, after: Pupil) -> ActivityEntry:
    """One entry. A change of active or inactive is named as such, whatever changes with it."""
    if before is None:
        return created_entry(at, actor, "pupil", after.name, after.id, after.state())
    action = "pupil.changed"
    if before.active != after.active:
        action = "pupil.made_active" if after.active else "pupil.made_inactive"
    subject = Subject(kind="pupil", id=after.id, label=after.name)
    return changed_entry(at, actor, action, subject, after.differs_from(before))
