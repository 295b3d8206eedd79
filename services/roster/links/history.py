"""What the activity log says of a link that was made, removed or handed back (R9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.roster.activity import change_told
from services.roster.links.link import Link, Names
from shared.contracts.activity import ActivityEntry, Actor

__all__ = ["link_entry", "link_told"]


def link_entry(
    at: datetime, actor: Actor, before: Link | None, after: Link, names: Names
) -> ActivityEntry | None:
    """One entry; `None` for what nobody can see, such as a link that begins to wait."""
    told = link_told(before, after, names)
    return ActivityEntry(at=at, actor=actor, **told) if told else None


def link_told(before: Link | None, after: Link, names: Names) -> dict[str, Any] | None:
    """The entry without when and by whom."""
    if not names.both_here(after.key):
        return None
    kind, group_id, person_id = after.key
    changes = {
        "present": (before is not None and before.present, after.present),
        "override": (before is not None and before.override, after.override),
        "origin": (before and before.origin, after.origin),
        "kind": (kind, kind),
        "group_id": (str(group_id), str(group_id)),
        "person_id": (str(person_id), str(person_id)),
    }
    subject = {"kind": "link", "id": None, "label": names.label(after.key)}
    return change_told(_action(before, after), subject, changes)


def _action(before: Link | None, after: Link) -> str:
    if (before is not None and before.present) != after.present:
        return "link.added" if after.present else "link.removed"
    if before is not None and before.override and not after.override:
        return "link.handed_back"
    return "link.kept_by_hand" if after.override else "link.taken_over"
