"""What the activity log says of a change to a pupil (R9).

Of the optional fields it says that they were recorded, changed or taken away, by whom and when, and
never what they hold: the log is kept for good and goes out as a file, and these are special
categories of personal data, which stand in one place only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.roster.activity import change_told
from services.roster.fields.field import OPTIONAL_FIELDS
from services.roster.pupils.pupil import Pupil, hidden_fields
from shared.contracts.activity import ActivityEntry, Actor

__all__ = ["CREATED", "RECORDED", "logged_changes", "pupil_entry", "pupil_told"]

_HIDDEN = hidden_fields(())
_LOGGED = (
    "active",
    "upn",
    "former_upns",
    "legal_forename",
    "legal_surname",
    "preferred_forename",
    "preferred_surname",
    "middle_names",
    "date_of_birth",
    "sex",
    "year_group",
    "origin",
)
"""Of a new pupil, where there is such a thing."""
CREATED = "pupil.created"
RECORDED = "recorded"
"""In the place of what an optional field holds."""
_RECORDED_ANEW = "recorded anew"


def pupil_entry(at: datetime, actor: Actor, before: Pupil | None, after: Pupil) -> ActivityEntry:
    """One entry. A change of active or inactive is named as such, whatever changes with it."""
    return ActivityEntry(at=at, actor=actor, **pupil_told(before, after))


def pupil_told(before: Pupil | None, after: Pupil) -> dict[str, Any]:
    """The entry without when and by whom."""
    subject = {"kind": "pupil", "id": after.id, "label": after.name}
    if before is None:
        said = {"action": CREATED, "subject": subject, "before": None}
        return {**said, "after": _created(after)}
    action = "pupil.changed"
    if before.active != after.active:
        action = "pupil.made_active" if after.active else "pupil.made_inactive"
    return change_told(action, subject, logged_changes(before, after))


def logged_changes(before: Pupil, after: Pupil) -> dict[str, tuple[Any, Any]]:
    """Field → (before, now), without what the optional fields hold."""
    return {
        name: _masked(*pair) if name in OPTIONAL_FIELDS else pair
        for name, pair in after.differs_from(before).items()
    }


def _created(pupil: Pupil) -> dict[str, Any]:
    values = vars(pupil)
    said = {name: values[name] for name in _LOGGED if values[name] is not None}
    said["overrides"] = tuple(name for name in pupil.overrides if name not in _HIDDEN)
    if pupil.year_offset:
        said["year_offset"] = pupil.year_offset
    return said | {name: RECORDED for name in OPTIONAL_FIELDS if values[name] is not None}


def _masked(before: Any, now: Any) -> tuple[str | None, str | None]:
    if before is None:
        return None, RECORDED
    return RECORDED, None if now is None else _RECORDED_ANEW
