"""What the activity log says of a roll-up and of its undoing (R9, R12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.roster.activity import changed_entry
from services.roster.links.history import link_entry
from services.roster.links.link import Link, Names
from services.roster.pupils.history import logged_changes
from services.roster.pupils.pupil import Pupil
from shared.contracts.activity import ActivityEntry, Actor, Subject

__all__ = ["THE_CALENDAR", "link_entries", "pupil_entries", "school_entry"]

THE_CALENDAR = Actor(kind="system", name="Roll-up")


def school_entry(
    at: datetime,
    actor: Actor,
    action: str,
    school: tuple[UUID, str],
    changes: Mapping[str, tuple[Any, Any]],
) -> ActivityEntry:
    """`school` is its id and name."""
    subject = Subject(kind="school", id=school[0], label=school[1])
    return changed_entry(at, actor, action, subject, changes)


def pupil_entries(
    at: datetime, actor: Actor, changes: Iterable[tuple[Pupil, Pupil]], *, undone: bool = False
) -> list[ActivityEntry]:
    """One for each pupil, before and after."""
    entries = []
    for before, after in changes:
        action = "pupil.moved_up" if after.active else "pupil.left"
        if undone:
            action = "pupil.moved_back"
        subject = Subject(kind="pupil", id=after.id, label=after.name)
        entries.append(changed_entry(at, actor, action, subject, logged_changes(before, after)))
    return entries


def link_entries(
    at: datetime, actor: Actor, changes: Iterable[tuple[Link | None, Link]], names: Names
) -> list[ActivityEntry]:
    entries = (link_entry(at, actor, before, after, names) for before, after in changes)
    return [entry for entry in entries if entry is not None]
