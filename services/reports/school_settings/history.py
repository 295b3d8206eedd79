"""What the activity log says of a change: one line for each entry, with before and after (R9)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.reports.activity import about_school
from services.reports.school_settings.entries import Entry
from shared.contracts.activity import ActivityEntry, Actor
from shared.web.settings_changed import differences

__all__ = ["lines_of_change"]


def lines_of_change(
    at: datetime,
    actor: Actor,
    school_id: UUID,
    kind: str,
    before: Sequence[Entry],
    after: Sequence[Entry],
) -> list[ActivityEntry]:
    """`kind` is `subject`, `term` or `band`. A new order is a line of its own."""
    known = {entry.id: entry for entry in before}
    lines = []
    for entry in after:
        old = known.get(entry.id)
        if old is None:
            lines.append(
                about_school(
                    at, actor, f"{kind}.created", school_id, entry.name, after=entry.logged()
                )
            )
        elif old.logged() != entry.logged():
            was, is_now = differences(old.logged(), entry.logged())
            action = f"{kind}.{_what_happened(entry, is_now.keys())}"
            lines.append(
                about_school(at, actor, action, school_id, entry.name, before=was, after=is_now)
            )
    kept = [entry for entry in after if entry.id in known]
    if [entry.id for entry in kept] != [entry.id for entry in before]:
        was_order, order = _names(before), _names(after)
        lines.append(
            about_school(
                at,
                actor,
                f"{kind}.reordered",
                school_id,
                kind,
                before={"order": was_order},
                after={"order": order},
            )
        )
    return lines


def _what_happened(entry: Entry, changed: Collection[str]) -> str:
    if set(changed) == {"active"}:
        return "made_active" if entry.active else "made_inactive"
    return "changed"


def _names(entries: Sequence[Entry]) -> list[str]:
    return [entry.name for entry in entries]
