"""What becomes of the groups that mis_sync proposes: the rules, without a database.

Overrides go first (R13). In any other academic year than the school's nothing of a group changes:
the MIS still speaks of last year's classes (R22).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.roster.groups.group import GROUP_DETAILS, Group
from services.roster.refusals import (
    CHANGED_SINCE,
    NAME_MISSING,
    OTHER_ACADEMIC_YEAR,
    SET_BY_HAND,
    UNKNOWN_RECORD,
    Refusal,
)
from shared.contracts.mis_sync import GroupProposal, ProposalAction
from shared.contracts.roster import RecordOutcome
from shared.contracts.vocabulary import GroupKind, Origin, Outcome

__all__ = ["GONE_FROM_THE_MIS", "GroupDecisions", "GroupResult"]

GONE_FROM_THE_MIS = "No longer in the MIS"


@dataclass(frozen=True)
class GroupResult:
    changed: list[tuple[Group | None, Group]]
    outcomes: tuple[RecordOutcome, ...]


class GroupDecisions:
    """One batch against the groups as they stand; each proposal sees what those before it did."""

    def __init__(self, groups: Iterable[Group], *, same_year: bool) -> None:
        self._before = {group.id: group for group in groups}
        self._now = dict(self._before)
        self._same_year = same_year
        self._outcomes: list[RecordOutcome] = []

    def decide(self, proposal: GroupProposal) -> None:
        standing = self._now.get(proposal.group_id)
        if standing is None:
            group, refusal = _created(proposal)
        else:
            group, refusal = _revised(standing, proposal)
        if group != standing and not self._same_year:
            group, refusal = standing, OTHER_ACADEMIC_YEAR
        if group is not None:
            self._now[group.id] = group
        self._outcomes.append(_outcome(proposal.group_id, group != standing, refusal))

    def result(self) -> GroupResult:
        """What changed, with its next version, and the answer to each proposal in order."""
        changed: list[tuple[Group | None, Group]] = [
            (self._before.get(group.id), replace(group, version=group.version + 1))
            for group in self._now.values()
            if group != self._before.get(group.id)
        ]
        groups = [*self._before.values(), *(after for _, after in changed)]
        versions = {group.id: group.version for group in groups}
        outcomes = tuple(
            outcome.model_copy(update={"version": versions.get(outcome.id)})
            for outcome in self._outcomes
        )
        return GroupResult(changed, outcomes)


def _created(proposal: GroupProposal) -> tuple[Group | None, Refusal | None]:
    if proposal.action is not ProposalAction.CREATE:
        return None, UNKNOWN_RECORD
    if proposal.name is None:
        return None, NAME_MISSING
    group = Group(
        id=proposal.group_id,
        name=proposal.name,
        kind=proposal.kind or GroupKind.SET,
        year_group=proposal.year_group,
        origin=Origin.MIS,
    )
    return group, None


def _revised(group: Group, proposal: GroupProposal) -> tuple[Group, Refusal | None]:
    leaves = proposal.action is ProposalAction.DEACTIVATE and group.active
    returns = proposal.action is ProposalAction.REACTIVATE and not group.active
    stale = proposal.expected_version not in (None, group.version)
    if (leaves or returns) and stale:
        return group, CHANGED_SINCE
    if (leaves or returns) and "active" in group.overrides:
        return group, SET_BY_HAND
    if leaves:
        return replace(group, active=False, active_reason=GONE_FROM_THE_MIS), None
    if returns:
        group = replace(group, active=True, active_reason=None)
    if proposal.action is ProposalAction.DEACTIVATE:
        return group, None
    wanted: dict[str, Any] = {
        name: value
        for name in GROUP_DETAILS
        if (value := getattr(proposal, name)) is not None and value != getattr(group, name)
    }
    held = wanted.keys() & set(group.overrides)
    taken = {name: wanted[name] for name in wanted.keys() - held}
    return replace(group, **taken), SET_BY_HAND if held else None


def _outcome(group_id: UUID, changed: bool, refusal: Refusal | None) -> RecordOutcome:
    """The answer to one proposal; the version is filled in when the whole batch is decided."""
    if refusal is None:
        outcome = Outcome.APPLIED if changed else Outcome.UNCHANGED
        return RecordOutcome(id=group_id, outcome=outcome)
    return RecordOutcome(
        id=group_id,
        outcome=refusal.outcome,
        reason_code=refusal.code,
        reason=refusal.sentence,
    )
