"""What the activity log says of a roll-up and of its undoing (R9, R12)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.roster.activity import changed_entry
from services.roster.announcements import Announcements
from services.roster.roll_up.writing_in_sql import Told
from services.roster.schools.repository import School
from services.roster.told_in_sql import entry_head
from shared.contracts.activity import ActivityEntry, ActivityRecorded, Actor, Subject
from shared.contracts.roster import MembershipsChanged, PupilsChanged

__all__ = ["THE_CALENDAR", "school_entry", "told_of_moves"]

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


def told_of_moves(
    announcements: Announcements,
    school: School,
    at: datetime,
    actor: Actor,
    *,
    undone: bool = False,
) -> Told:
    """How the statements that move everybody tell of it: an entry for each, before and after."""
    up, left = ("moved_back", "moved_back") if undone else ("moved_up", "left")
    return Told(
        school_id=school.id,
        kept_fields=school.kept_fields,
        pupils=announcements.address(school.id, PupilsChanged),
        memberships=announcements.address(school.id, MembershipsChanged),
        activity=announcements.address(school.id, ActivityRecorded),
        active=entry_head(at, actor, f"pupil.{up}"),
        inactive=entry_head(at, actor, f"pupil.{left}"),
        added=entry_head(at, actor, "link.added"),
        removed=entry_head(at, actor, "link.removed"),
    )
