"""Which group a record of the MIS is, and what is to be proposed of it (R17, R18).

The same name and year group, compared without case and accents, is certain where it is so for one
group only; what is merely alike is suggested; the rest waits for a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from uuid import UUID

from services.mis_sync.matching.records import (
    Finding,
    FindingKind,
    Match,
    MisGroup,
    OwnGroup,
    School,
)
from shared.contracts.mis_sync import GroupProposal, ProposalAction
from shared.contracts.vocabulary import GroupKind, Origin, YearGroup
from shared.school.names import search_key
from shared.school.year_groups import year_group_of_class_name

__all__ = [
    "GroupIdentity",
    "change_of_mapped_group",
    "identify_groups",
    "proposal_of_new_group",
    "year_group_of_group",
]

_ALIKE = 0.75
_NEW = "There is no group here that it could be."
_SAYS_NOTHING = frozenset({"class", "year", "yr", "group", "form", "the", "and"})


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupIdentity:
    """The group here that a record certainly is (`own`), or the finding that asks."""

    record: MisGroup
    own: OwnGroup | None = None
    finding: Finding | None = None


def identify_groups(records: Sequence[MisGroup], groups: Sequence[OwnGroup]) -> list[GroupIdentity]:
    """Who the unmapped `records` are. `groups` are all of the school's."""
    free = [group for group in groups if group.mapped_to is None]
    ours = Counter(_key(group.name, group.year_group) for group in free)
    theirs = Counter(_key(record.name or "", record.year_group) for record in records)
    by_key = {_key(group.name, group.year_group): group for group in free}
    found = []
    for record in records:
        key = _key(record.name or "", record.year_group)
        own = by_key.get(key) if key[0] else None
        if own is not None and own.active and ours[key] == theirs[key] == 1:
            found.append(GroupIdentity(record=record, own=own))
        else:
            found.append(GroupIdentity(record=record, finding=_unmapped(record, own, free)))
    return found


def year_group_of_group(name: str, year_group: str | None) -> str | None:
    """The one it has, else the one that its name tells of."""
    return year_group or year_group_of_class_name(name)


def change_of_mapped_group(record: MisGroup, own: OwnGroup, school: School) -> GroupProposal | None:
    """A group that came from the MIS follows it; one that was made here keeps its own name."""
    if own.origin != Origin.MIS or school.limited:
        return None
    wanted = {"name": record.name, "kind": record.kind, "year_group": record.year_group}
    changed = {
        name: value
        for name, value in wanted.items()
        if value is not None and value != getattr(own, name) and name not in own.overrides
    }
    if not changed:
        return None
    return GroupProposal(
        group_id=own.id,
        action=ProposalAction.UPDATE,
        expected_version=own.version,
        name=changed.get("name"),
        kind=GroupKind(changed["kind"]) if "kind" in changed else None,
        year_group=YearGroup(changed["year_group"]) if "year_group" in changed else None,
    )


def proposal_of_new_group(record: MisGroup, group_id: UUID) -> GroupProposal:
    """A group that a person said is new here (R19). The record has a name."""
    year_group = year_group_of_group(record.name or "", record.year_group)
    return GroupProposal(
        group_id=group_id,
        action=ProposalAction.CREATE,
        name=record.name,
        kind=GroupKind(record.kind or GroupKind.CLASS),
        year_group=YearGroup(year_group) if year_group else None,
    )


def _key(name: str, year_group: str | None) -> tuple[str, str | None]:
    return search_key(name), year_group_of_group(name, year_group)


def _unmapped(record: MisGroup, same: OwnGroup | None, free: Sequence[OwnGroup]) -> Finding:
    suggestion, reason = _suggestion(record, same, free)
    new = suggestion is None and bool(record.name) and not any(_could_be(record, g) for g in free)
    match = Match.MAY_MATCH if suggestion else Match.NEW if new else Match.NOT_MATCHED
    return Finding(
        kind=FindingKind.GROUP_UNMAPPED,
        label=record.label,
        reason_code="not_mapped" if match is Match.NOT_MATCHED else match.value,
        reason=_NEW if new else reason,
        match=match,
        suggestion=suggestion,
    )


def _could_be(record: MisGroup, group: OwnGroup) -> bool:
    """Whether a group that is not mapped could be it at all: of its year group, or nobody knows."""
    years = _key(record.name or "", record.year_group)[1], _key(group.name, group.year_group)[1]
    return group.active and (None in years or years[0] == years[1])


def _suggestion(
    record: MisGroup, same: OwnGroup | None, free: Sequence[OwnGroup]
) -> tuple[UUID | None, str]:
    if same is not None and not same.active:
        return same.id, "A group with the same name and year group was made inactive here."
    if same is not None:
        return same.id, "More than one group has this name and year group."
    scored = [(_likeness(record, group), str(group.id), group) for group in free if group.active]
    likeness, _, group = max(scored, default=(0.0, "", None))
    if group is None or likeness < _ALIKE:
        return None, "No group here has its name. Choose the one that it is, or create it."
    if search_key(group.name) == search_key(record.name or ""):
        return group.id, "Same name, but not the same year group."
    return group.id, f"The name is like that of {group.name}."


def _likeness(record: MisGroup, group: OwnGroup) -> float:
    """0 to 1; 0 where the year groups are known and differ and the names do too."""
    mine, theirs = search_key(record.name or ""), search_key(group.name)
    if not mine:
        return 0.0
    if mine == theirs:
        return 1.0
    years = _key(record.name or "", record.year_group)[1], _key(group.name, group.year_group)[1]
    if None not in years and years[0] != years[1]:
        return 0.0
    ours, others = _telling_words(mine), _telling_words(theirs)
    if ours and ours == others:
        return 0.95
    return SequenceMatcher(None, mine, theirs, autojunk=False).ratio()


def _telling_words(key: str) -> frozenset[str]:
    return frozenset(key.split()) - _SAYS_NOTHING
