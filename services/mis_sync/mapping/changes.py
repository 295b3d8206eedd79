"""The mapping changed later (R19, R20): moved to another record here, or taken apart.

What is taken apart becomes a difference again. It changes no record, and nothing matches it by
itself until somebody has decided, so that nobody is made twice (R17).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.mis_sync.differences import repository as differences
from services.mis_sync.differences.repository import Found
from services.mis_sync.mapping import by_hand
from services.mis_sync.mapping.by_hand import MappedRow
from services.mis_sync.mapping.decisions import ensure_free
from services.mis_sync.mapping.outcomes import Became, MappingConflict, NotPossible
from services.mis_sync.matching.records import Finding, FindingKind, Match
from shared.database.pool import Connection

__all__ = ["Change", "ChangeAction", "change_all"]

Key = tuple[str, str]


class ChangeAction(StrEnum):
    MOVE = "move"
    TAKE_APART = "take_apart"


@dataclass(frozen=True)
class Change:
    """`record_id` is the record here that a moved one is from now on."""

    kind: str
    mis_id: str
    action: ChangeAction
    record_id: UUID | None
    expected_version: int

    @property
    def key(self) -> Key:
        return self.kind, self.mis_id


_ASKS = {
    "group": FindingKind.GROUP_UNMAPPED,
    "staff": FindingKind.STAFF_SUGGESTION,
    "pupil": FindingKind.PUPIL_SUGGESTION,
}


async def change_all(
    connection: Connection, school_id: UUID, changes: Sequence[Change], by: str, now: datetime
) -> list[Became]:
    """One after the other, each by itself: one that is not possible does not stop the others.

    Raises `MappingConflict`, and changes nothing, where one has changed since it was looked at.
    """
    known = await by_hand.lock_mapped(connection, school_id, [each.key for each in changes])
    conflicts = [
        _conflict(each, known.get(each.key))
        for each in changes
        if (row := known.get(each.key)) is None or row.version != each.expected_version
    ]
    if conflicts:
        raise MappingConflict(conflicts)
    done: dict[Key, Became] = {}
    results = []
    for change in changes:
        if change.key in done:
            results.append(_refused(known[change.key], "It was changed twice at once."))
            continue
        result = await _change(connection, school_id, change, known[change.key], by, now)
        done[change.key] = result
        results.append(result)
    return results


async def _change(
    connection: Connection, school_id: UUID, change: Change, row: MappedRow, by: str, now: datetime
) -> Became:
    if change.action is ChangeAction.TAKE_APART:
        await _take_apart(connection, school_id, row, by, now)
        return _became(row, "taken_apart", "to be decided")
    try:
        if change.record_id is None or change.record_id == row.record_id:
            raise NotPossible("Say which other record here it is.")
        here = await ensure_free(connection, school_id, change.key, change.record_id)
    except NotPossible as reason:
        return _refused(row, str(reason))
    await by_hand.keep_by_hand(connection, school_id, change.key, change.record_id, by, now)
    return _became(row, "moved", f"mapped to {here}")


async def _take_apart(
    connection: Connection, school_id: UUID, row: MappedRow, by: str, now: datetime
) -> None:
    await by_hand.take_apart(connection, school_id, row, by, now)
    here = row.here_label
    told = f"It was mapped to {here}" if here else "It was to be made new here"
    finding = Finding(
        kind=_ASKS[row.kind],
        label=row.label,
        reason_code="taken_apart",
        reason=f"{told} until {by} unmapped it. What is here stays as it is meanwhile.",
        match=Match.MAY_MATCH if here else Match.NOT_MATCHED,
        suggestion=row.record_id if here else None,
    )
    await differences.resolve_of_record(connection, school_id, row.kind, row.mis_id, now)
    await differences.record(connection, school_id, [Found(row.kind, row.mis_id, finding)], now)
    await differences.resolve_gone(connection, school_id, now)


def _became(row: MappedRow, outcome: str, mapping: str) -> Became:
    was = f"mapped to {row.here_label}" if row.here_label else "new here"
    return Became(
        mis_kind=row.kind,
        key=row.mis_id,
        label=row.label,
        outcome=outcome,
        before={"mapping": was},
        after={"mapping": mapping},
    )


def _refused(row: MappedRow, reason: str) -> Became:
    return Became(
        mis_kind=row.kind, key=row.mis_id, label=row.label, outcome="refused", detail=reason
    )


def _conflict(change: Change, row: MappedRow | None) -> dict[str, Any]:
    """What became of it since it was looked at, and by whom."""
    told: dict[str, Any] = {"kind": change.kind, "mis_id": change.mis_id}
    if row is None:
        label = "This record"
        return {**told, "label": label, "detail": "It is not mapped any more.", "by": None}
    here = row.here_label or "a new record"
    who = row.made_by or "The sync"
    return {
        **told,
        "label": row.label,
        "version": row.version,
        "by": row.made_by,
        "at": row.made_at.isoformat(),
        "detail": f"{who} has mapped it to {here}.",
    }
