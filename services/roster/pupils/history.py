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

__all__ = ["logged_changes", "pupil_entry", "pupil_told"]

_HIDDEN = hidden_fields(())
_NOT_LOGGED = frozenset(("id", "version"))
_RECORDED = "recorded"
_RECORDED_ANEW = "recorded anew"


def pupil_entry(at: datetime, actor: Actor, before: Pupil | None, after: Pupil) -> ActivityEntry:
    """One entry. A change of active or inactive is named as such, whatever changes with it."""
    return ActivityEntry(at=at, actor=actor, **pupil_told(before, after))


def pupil_told(before: Pupil | None, after: Pupil) -> dict[str, Any]:
    """The entry without when and by whom."""
    subject = {"kind": "pupil", "id": after.id, "label": after.name}
    if before is None:
        said = {"action": "pupil.created", "subject": subject, "before": None}
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
    said = {
        name: value
        for name, value in pupil.stated(_HIDDEN).items()
        if value is not None and name not in _NOT_LOGGED
    }
    if not pupil.year_offset:
        del said["year_offset"]
    recorded = [name for name in OPTIONAL_FIELDS if getattr(pupil, name) is not None]
    return said | dict.fromkeys(recorded, _RECORDED)


def _masked(before: Any, now: Any) -> tuple[str | None, str | None]:
    if before is None:
        return None, _RECORDED
    return _RECORDED, None if now is None else _RECORDED_ANEW
