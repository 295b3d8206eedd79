"""What the activity log says of a change to a pupil (R9).

Of the optional fields it says that they were recorded, changed or taken away, by whom and when, and
never what they hold: the log is kept for good and goes out as a file, and these are special
categories of personal data, which stand in one place only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.roster.activity import changed_entry, created_entry
from services.roster.fields.field import OPTIONAL_FIELDS
from services.roster.pupils.pupil import Pupil
from shared.contracts.activity import ActivityEntry, Actor, Subject

__all__ = ["logged_changes", "pupil_entry"]

_RECORDED = "recorded"
_RECORDED_ANEW = "recorded anew"


def pupil_entry(at: datetime, actor: Actor, before: Pupil | None, after: Pupil) -> ActivityEntry:
    """One entry. A change of active or inactive is named as such, whatever changes with it."""
    if before is None:
        return _created(at, actor, after)
    action = "pupil.changed"
    if before.active != after.active:
        action = "pupil.made_active" if after.active else "pupil.made_inactive"
    subject = Subject(kind="pupil", id=after.id, label=after.name)
    return changed_entry(at, actor, action, subject, logged_changes(before, after))


def logged_changes(before: Pupil, after: Pupil) -> dict[str, tuple[Any, Any]]:
    """Field → (before, now), without what the optional fields hold."""
    return {
        name: _masked(*pair) if name in OPTIONAL_FIELDS else pair
        for name, pair in after.differs_from(before).items()
    }


def _created(at: datetime, actor: Actor, pupil: Pupil) -> ActivityEntry:
    entry = created_entry(at, actor, "pupil", pupil.name, pupil.id, pupil.state(()))
    said = dict(entry.after or {})
    if not pupil.year_offset:
        said.pop("year_offset", None)
    recorded = [name for name in OPTIONAL_FIELDS if getattr(pupil, name) is not None]
    return entry.model_copy(update={"after": said | dict.fromkeys(recorded, _RECORDED)})


def _masked(before: Any, now: Any) -> tuple[str | None, str | None]:
    if before is None:
        return None, _RECORDED
    return _RECORDED, None if now is None else _RECORDED_ANEW
