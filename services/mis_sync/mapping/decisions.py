"""What a person may decide of a difference, and what comes of each decision (R19, R20).

Every decision names the version that was looked at, so that of two people at once the second is
told, and undoes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from uuid_utils.compat import uuid7

from services.mis_sync.differences import repository as differences
from services.mis_sync.differences.repository import Standing
from services.mis_sync.mapping import repository
from services.mis_sync.mapping.repository import Mapped
from services.mis_sync.matching.records import FindingKind
from shared.database.pool import Connection

__all__ = ["Action", "Decided", "Decision", "decide_all"]


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


@dataclass(frozen=True)
class Decided:
    """`outcome`: what was done, or `conflict`, `not_found` or `refused` with the reason."""

    decision: Decision
    outcome: str
    detail: str | None = None
    standing: Standing | None = None

    @property
    def compares(self) -> bool:
        """Whether there is something to compare now."""
        return self.outcome in ("mapped", "created", "retried")

    @property
    def changed(self) -> bool:
        """Whether the decision was carried out."""
        return self.outcome not in ("conflict", "not_found", "refused")


class _NotPossible(Exception):
    """Why this cannot be decided so: a sentence for the office."""


_CREATES = frozenset(
    {
        FindingKind.GROUP_UNMAPPED,
        FindingKind.STAFF_SUGGESTION,
        FindingKind.STAFF_EMAIL_CLASH,
        FindingKind.PUPIL_SUGGESTION,
        FindingKind.PUPIL_UPN_CHANGED,
        FindingKind.CONTACT_SUGGESTION,
        FindingKind.CONTACT_EMAIL_CHANGED,
    }
)
_EMAIL_CHANGED = frozenset({FindingKind.STAFF_EMAIL_CHANGED, FindingKind.CONTACT_EMAIL_CHANGED})


async def decide_all(
    connection: Connection, school_id: UUID, decisions: Sequence[Decision], now: datetime
) -> list[Decided]:
    """One after the other, each by itself: one that is not possible does not stop the others."""
    known = await differences.lock(connection, school_id, [d.difference_id for d in decisions])
    results = []
    decided: set[UUID] = set()
    for decision in decisions:
        standing = known.get(decision.difference_id)
        result = await _decide(connection, school_id, decision, standing, decided, now)
        if result.changed:
            decided.add(decision.difference_id)
        results.append(result)
    return results


async def _decide(
    connection: Connection,
    school_id: UUID,
    decision: Decision,
    standing: Standing | None,
    decided: set[UUID],
    now: datetime,
) -> Decided:
    if standing is None:
        return Decided(decision, "not_found", "This difference is not there any more.")
    changed = standing.version != decision.expected_version or standing.id in decided
    if changed or standing.state == "resolved":
        return Decided(decision, "conflict", _CONFLICT, standing)
    try:
        outcome = await _carry_out(connection, school_id, decision, standing, now)
    except _NotPossible as reason:
        return Decided(decision, "refused", str(reason), standing)
    return Decided(decision, outcome, None, standing)


async def _carry_out(
    connection: Connection,
    school_id: UUID,
    decision: Decision,
    standing: Standing,
    now: datetime,
) -> str:
    """The outcome. Raises `_NotPossible`."""
    match decision.action:
        case Action.IGNORE:
            await differences.decide(connection, school_id, standing.id, "ignored", now)
            return "ignored"
        case Action.UNIGNORE:
            await differences.decide(connection, school_id, standing.id, "open", now)
            return "unignored"
        case Action.MAP:
            await _map(connection, school_id, standing, decision.record_id, now)
            await differences.decide(connection, school_id, standing.id, "resolved", now)
            return "mapped"
        case Action.CREATE:
            return await _create(connection, school_id, standing, now)


async def _map(
    connection: Connection,
    school_id: UUID,
    standing: Standing,
    record_id: UUID | None,
    now: datetime,
) -> None:
    record_id = record_id or standing.suggestion_id
    if standing.mis_kind not in ("pupil", "group", "staff", "contact"):
        raise _NotPossible("There is nothing to map in this.")
    if record_id is None:
        raise _NotPossible("Say which record here it is.")
    if await repository.record_version(connection, school_id, standing.mis_kind, record_id) is None:
        raise _NotPossible("There is no such record here.")
    if standing.kind in _EMAIL_CHANGED and record_id == await repository.mapped_to(
        connection, school_id, standing.mis_kind, standing.key
    ):
        await repository.accept_email(connection, school_id, standing.mis_kind, standing.key)
        return
    holder = None
    if standing.mis_kind != "contact":  # Siblings' contacts share one parent (R20).
        holder = await repository.holder_of(connection, school_id, standing.mis_kind, record_id)
    if holder is not None and holder != standing.key:
        raise _NotPossible("Another record of the MIS is mapped to it already.")
    if holder == standing.key and standing.kind == FindingKind.PUPIL_UPN_CHANGED:
        await repository.accept_upn(connection, school_id, standing.key)
        return
    await _leave(connection, school_id, standing)
    mapped = Mapped(standing.mis_kind, standing.key, record_id, "person", "a person's decision")
    await repository.keep(connection, school_id, [mapped], now)


async def _leave(connection: Connection, school_id: UUID, standing: Standing) -> None:
    """The parent whom a contact leaves, and who may have others, is compared without them."""
    if standing.mis_kind == "contact":
        left = await repository.mapped_to(connection, school_id, "contact", standing.key)
        if left is not None:
            await repository.unsettle(connection, school_id, "contact", [(left, None)])


async def _create(
    connection: Connection, school_id: UUID, standing: Standing, now: datetime
) -> str:
    """A new record here; for what was refused, one more try."""
    if standing.kind == FindingKind.REFUSED_LINK:
        await differences.decide(connection, school_id, standing.id, "resolved", now)
        return "retried"
    if FindingKind(standing.kind).refused:
        await repository.try_again(connection, school_id, standing.mis_kind, standing.key)
        await differences.decide(connection, school_id, standing.id, "open", now)
        return "retried"
    if standing.kind not in _CREATES:
        raise _NotPossible(_NOT_FROM_HERE)
    await _leave(connection, school_id, standing)
    mapped = Mapped(standing.mis_kind, standing.key, uuid7(), "person", "a person's decision")
    await repository.keep(connection, school_id, [mapped], now)
    await differences.decide(connection, school_id, standing.id, "resolved", now)
    return "created"


_CONFLICT = "Somebody else has changed this in the meantime. Please look at it again."
_NOT_FROM_HERE = "This cannot be made from here: what is missing must be added in the MIS."
