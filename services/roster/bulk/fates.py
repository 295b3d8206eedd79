"""What an action does to each of the pupils it was chosen for: rules without a database (R6, R13).

Who is so already is left as they are, so that what the MIS gave stays the MIS's. What is different
afterwards is marked as set by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from services.roster.groups.group import Group
from services.roster.links.link import Link, LinkKey
from services.roster.pupils.pupil import Pupil
from services.roster.roll_up.guard import YearChange
from shared.contracts.vocabulary import LinkKind, Origin, YearGroup
from shared.school.names import search_key
from shared.school.year_groups import year_group_label

__all__ = ["PupilAction", "PupilChange", "PupilFate", "fates_of", "year_changes"]

PupilAction = Literal[
    "make_inactive", "make_active", "move_to_year", "add_to_group", "remove_from_group"
]
FateOutcome = Literal["changed", "unchanged", "refused"]


@dataclass(frozen=True, kw_only=True)
class PupilChange:
    """One action with what it needs; `year_group` or `group` where it is about one."""

    action: PupilAction
    reason: str | None = None
    year_group: YearGroup | None = None
    group: Group | None = None


@dataclass(frozen=True, kw_only=True)
class PupilFate:
    """`reason` is a sentence for the page, where the pupil is left as they are.

    Of a change either `after` is given, or `link`: the membership as it was and will be. Both have
    their next version.
    """

    pupil: Pupil
    outcome: FateOutcome
    reason: str | None = None
    after: Pupil | None = None
    link: tuple[Link | None, Link] | None = None


def fates_of(
    pupils: Iterable[Pupil], change: PupilChange, memberships: Mapping[UUID, Link]
) -> list[PupilFate]:
    """In the order of the list. `memberships` are those of the change's group, by pupil."""
    ordered = sorted(pupils, key=_by_name)
    if change.group is not None:
        present = change.action == "add_to_group"
        return [
            _membership(pupil, change.group, memberships.get(pupil.id), present=present)
            for pupil in ordered
        ]
    if change.year_group is not None:
        return [_year(pupil, change.year_group) for pupil in ordered]
    active = change.action == "make_active"
    return [_active(pupil, change.reason, active=active) for pupil in ordered]


def year_changes(fates: Iterable[PupilFate]) -> list[YearChange]:
    """What the guard of the roll-up looks at (R12)."""
    return [
        YearChange(fate.pupil.year_group, fate.after.year_group)
        for fate in fates
        if fate.after is not None
    ]


def _active(pupil: Pupil, reason: str | None, *, active: bool) -> PupilFate:
    if pupil.active == active:
        return _left(pupil, f"Is {'active' if active else 'inactive'} already.")
    after = replace(pupil, active=active, active_reason=None if active else reason)
    return _changed(pupil, after.overriding("active"))


def _year(pupil: Pupil, year_group: YearGroup) -> PupilFate:
    if pupil.year_group == year_group:
        return _left(pupil, f"Is in {year_group_label(year_group)} already.")
    return _changed(pupil, replace(pupil, year_group=year_group).overriding("year_group"))


def _membership(pupil: Pupil, group: Group, before: Link | None, *, present: bool) -> PupilFate:
    if (before is not None and before.present) == present:
        already = f"Is in {group.name} already." if present else f"Is not in {group.name}."
        return _left(pupil, already)
    if present and not pupil.active:
        reason = "Is inactive. Make them active first."
        return PupilFate(pupil=pupil, outcome="refused", reason=reason)
    key = LinkKey(LinkKind.MEMBER, group.id, pupil.id)
    standing = before or Link(key=key, present=False, origin=Origin.HAND)
    after = replace(
        standing,
        present=present,
        waiting=False,
        origin=Origin.HAND,
        override=True,
        version=standing.version + 1,
    )
    return PupilFate(pupil=pupil, outcome="changed", link=(before, after))


def _left(pupil: Pupil, reason: str) -> PupilFate:
    return PupilFate(pupil=pupil, outcome="unchanged", reason=reason)


def _changed(before: Pupil, after: Pupil) -> PupilFate:
    return PupilFate(
        pupil=before, outcome="changed", after=replace(after, version=before.version + 1)
    )


def _by_name(pupil: Pupil) -> tuple[str, str, str]:
    surname = pupil.preferred_surname or pupil.legal_surname
    forename = pupil.preferred_forename or pupil.legal_forename
    return search_key(surname), search_key(forename), str(pupil.id)
