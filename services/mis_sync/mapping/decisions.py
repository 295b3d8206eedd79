"""What a person may decide of a difference, and what comes of each decision (R19, R20).

Every decision names the version that was looked at, so that of two people at once the second is
told what the first did, and undoes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from services.mis_sync.differences import repository as differences
from services.mis_sync.differences.repository import Standing
from services.mis_sync.mapping import by_hand, repository
from services.mis_sync.mapping.outcomes import Became, MappingConflict, NotPossible
from services.mis_sync.matching.records import FindingKind
from shared.database.pool import Connection

__all__ = ["Action", "Decided", "Decision", "actions_for", "decide_all", "ensure_free"]


class Action(StrEnum):
    MAP = "map"
    CREATE = "create"
    IGNORE = "ignore"
    UNIGNORE = "unignore"


@dataclass(frozen=True)
class Decision:
    """`record_id` is the record here that it is; without one, the suggested."""

    difference_id: UUID
    action: Action
    record_id: UUID | None
    expected_version: int


@dataclass(frozen=True, kw_only=True)
class Decided(Became):
    decision: Decision
    standing: Standing | None = None


_MAPPED_KINDS = frozenset({"pupil", "group", "staff", "contact"})
_CREATES = frozenset(
    {
        FindingKind.GROUP_UNMAPPED,
        FindingKind.STAFF_SUGGESTION,
        FindingKind.STAFF_EMAIL_CLASH,
        FindingKind.STAFF_WITHOUT_CLASS,
        FindingKind.PUPIL_SUGGESTION,
        FindingKind.PUPIL_UPN_CHANGED,
        FindingKind.CONTACT_SUGGESTION,
        FindingKind.CONTACT_EMAIL_CHANGED,
    }
)
_EMAIL_CHANGED = frozenset({FindingKind.STAFF_EMAIL_CHANGED, FindingKind.CONTACT_EMAIL_CHANGED})


def actions_for(kind: str, mis_kind: str, state: str) -> list[Action]:
    """What may be decided of a difference, or of what is not here, as it stands (R19, R20)."""
    found = FindingKind(kind)
    if state == "resolved" or found is FindingKind.HELD_RUN:
        return []
    actions = [Action.MAP] if mis_kind in _MAPPED_KINDS and found.mappable else []
    if found in _CREATES or found.refused:
        actions.append(Action.CREATE)
    if found.alert:
        actions.append(Action.UNIGNORE if state == "ignored" else Action.IGNORE)
    return actions


async def decide_all(
    connection: Connection, school_id: UUID, decisions: Sequence[Decision], by: str, now: datetime
) -> list[Decided]:
    """One after the other, each by itself: one that is not possible does not stop the others.

    Raises `MappingConflict`, and decides nothing, where one has changed since it was looked at.
    """
    known = await differences.lock(connection, school_id, [d.difference_id for d in decisions])
    conflicts = [
        await _conflict(connection, school_id, standing)
        for decision in decisions
        if (standing := known.get(decision.difference_id)) is not None
        and (standing.version != decision.expected_version or standing.state == "resolved")
    ]
    if conflicts:
        raise MappingConflict(conflicts)
    results: list[Decided] = []
    decided: set[UUID] = set()
    for decision in decisions:
        standing = known.get(decision.difference_id)
        twice = decision.difference_id in decided
        result = await _decide(connection, school_id, decision, standing, by, now, twice=twice)
        if result.changed:
            decided.add(decision.difference_id)
        results.append(result)
    return results


async def ensure_free(
    connection: Connection, school_id: UUID, key: tuple[str, str], record_id: UUID
) -> str:
    """What the record here is called. Raises `NotPossible` where it is not there to be mapped."""
    kind, mis_id = key
    label = await by_hand.record_label(connection, school_id, kind, record_id)
    if label is None:
        raise NotPossible("There is no such record here.")
    if kind == "contact":  # Siblings' contacts share one parent (R20).
        return label
    holder = await repository.holder_of(connection, school_id, kind, record_id)
    if holder is not None and holder != mis_id:
        other = await by_hand.holder_label(connection, school_id, kind, holder)
        raise NotPossible(
            f"{other} in the MIS is mapped to {label} already. Unmap that first, under "
            "‘Mapped’, or choose another."
        )
    return label


async def _decide(
    connection: Connection,
    school_id: UUID,
    decision: Decision,
    standing: Standing | None,
    by: str,
    now: datetime,
    *,
    twice: bool,
) -> Decided:
    if standing is None:
        gone = "This difference is not there any more."
        return Decided(
            decision=decision, mis_kind="", key="", label="", outcome="not_found", detail=gone
        )
    known: dict[str, Any] = {
        "decision": decision,
        "standing": standing,
        "mis_kind": standing.mis_kind,
        "key": standing.key,
        "label": standing.label,
    }
    try:
        if twice:
            raise NotPossible("It was decided twice at once.")
        outcome, here = await _carry_out(connection, school_id, decision, standing, by, now)
    except NotPossible as reason:
        return Decided(**known, outcome="refused", detail=str(reason))
    before, after = _told(standing, outcome, here)
    return Decided(**known, outcome=outcome, before=before, after=after)


async def _carry_out(
    connection: Connection,
    school_id: UUID,
    decision: Decision,
    standing: Standing,
    by: str,
    now: datetime,
) -> tuple[str, str | None]:
    """The outcome, and what the record here is called. Raises `NotPossible`."""
    if decision.action not in actions_for(standing.kind, standing.mis_kind, standing.state):
        _refuse(decision.action, standing)
    here = None
    match decision.action:
        case Action.IGNORE:
            outcome, state = "ignored", "ignored"
        case Action.UNIGNORE:
            outcome, state = "unignored", "open"
        case Action.MAP:
            here = await _map(connection, school_id, standing, decision.record_id, by, now)
            outcome, state = "mapped", "resolved"
        case Action.CREATE:
            outcome, state = await _create(connection, school_id, standing, by, now)
    await differences.decide(connection, school_id, standing.id, state, outcome, by, now)
    return outcome, here


def _refuse(action: Action, standing: Standing) -> None:
    """Raises `NotPossible`, unless it only asks for what is so already."""
    if action is Action.MAP:
        raise NotPossible("There is nothing to map in this.")
    if action is Action.CREATE:
        raise NotPossible(_NOT_FROM_HERE)
    if standing.kind == FindingKind.HELD_RUN:
        raise NotPossible("A held sync is released or left on MIS Synchronisation.")
    if not FindingKind(standing.kind).alert:
        raise NotPossible("It raises no alert, so there is nothing to ignore.")


async def _map(
    connection: Connection,
    school_id: UUID,
    standing: Standing,
    record_id: UUID | None,
    by: str,
    now: datetime,
) -> str:
    record_id = record_id or standing.suggestion_id
    if record_id is None:
        raise NotPossible("Say which record here it is.")
    key = (standing.mis_kind, standing.key)
    label = await ensure_free(connection, school_id, key, record_id)
    mapped_to = await repository.mapped_to(connection, school_id, *key)
    if standing.kind in _EMAIL_CHANGED and record_id == mapped_to:
        await repository.accept_email(connection, school_id, *key)
        return label
    holder = await repository.holder_of(connection, school_id, standing.mis_kind, record_id)
    if holder == standing.key and standing.kind == FindingKind.PUPIL_UPN_CHANGED:
        await repository.accept_upn(connection, school_id, standing.key)
    else:
        await _leave(connection, school_id, standing)
        await by_hand.keep_by_hand(connection, school_id, key, record_id, by, now)
    return label


async def _leave(connection: Connection, school_id: UUID, standing: Standing) -> None:
    """The parent whom a contact leaves, and who may have others, is compared without them."""
    if standing.mis_kind == "contact":
        left = await repository.mapped_to(connection, school_id, "contact", standing.key)
        if left is not None:
            await repository.unsettle(connection, school_id, "contact", [(left, None)])


async def _create(
    connection: Connection, school_id: UUID, standing: Standing, by: str, now: datetime
) -> tuple[str, str]:
    """A new record here; for what was refused, one more try. The outcome, and the new state."""
    if standing.kind == FindingKind.REFUSED_LINK:
        return "retried", "resolved"
    if FindingKind(standing.kind).refused:
        await repository.try_again(connection, school_id, standing.mis_kind, standing.key)
        return "retried", "open"
    await _ensure_nobody_twice(connection, school_id, standing)
    await _leave(connection, school_id, standing)
    key = (standing.mis_kind, standing.key)
    await by_hand.keep_by_hand(connection, school_id, key, uuid7(), by, now)
    return "created", "resolved"


async def _ensure_nobody_twice(connection: Connection, school_id: UUID, standing: Standing) -> None:
    """R17, R8: who is known here by what can be one person's only is not made anew."""
    other = await by_hand.known_here(
        connection,
        school_id,
        standing.mis_kind,
        standing.key,
        by_code=standing.reason_code == "taken_apart",
    )
    if other is not None:
        what = "UPN" if standing.mis_kind == "pupil" else "e-mail address or staff code"
        raise NotPossible(
            f"{other} has the same {what} here, so a second one cannot be made. Map it to "
            f"{other}, or correct the one that is wrong first."
        )


def _told(
    standing: Standing, outcome: str, here: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after, for the activity log (R9)."""
    was = {"open": "to be decided", "ignored": "ignored"}
    now = {
        "mapped": f"mapped to {here}",
        "created": "new here",
        "retried": "tried again",
        "ignored": "ignored",
        "unignored": "to be decided",
    }
    return {"mapping": was[standing.state]}, {"mapping": now[outcome]}


async def _conflict(connection: Connection, school_id: UUID, standing: Standing) -> dict[str, Any]:
    """What became of a difference since it was looked at, and by whom."""
    person = standing.decided_version == standing.version and standing.decided_by
    return {
        "difference_id": str(standing.id),
        "label": standing.label,
        "state": standing.state,
        "version": standing.version,
        "by": standing.decided_by if person else None,
        "at": (standing.decided_at if person else standing.changed_at).isoformat(),
        "detail": await _what_became(connection, school_id, standing, person or None),
    }


async def _what_became(
    connection: Connection, school_id: UUID, standing: Standing, person: str | None
) -> str:
    if person is None:
        if standing.state == "resolved":
            return "The sync has settled it in the meantime."
        return "The sync has found something new about it. Please look at it again."
    if standing.decision == "mapped":
        here = await by_hand.mapped_label(connection, school_id, standing.mis_kind, standing.key)
        return f"{person} has mapped it to {here or 'another record'}."
    return f"{person} has {_DONE.get(standing.decision or '', 'decided it')}."


_DONE = {
    "created": "made it new here",
    "retried": "had it tried again",
    "ignored": "ignored it",
    "unignored": "taken it back from the ignored ones",
}
_NOT_FROM_HERE = "This cannot be made from here: what is missing must be added in the MIS."
