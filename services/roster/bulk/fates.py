"""What an action does to each of the pupils it was chosen for: rules without a database (R6, R13).

Who is so already is left as they are, so that what the MIS gave stays the MIS's. What is different
afterwards is marked as set by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from services.roster.links.many import FateOutcome, LinkFate
from services.roster.pupils.pupil import Pupil
from services.roster.roll_up.guard import YearChange
from shared.contracts.vocabulary import YearGroup
from shared.school.names import search_key
from shared.school.year_groups import year_group_label

__all__ = ["PupilAction", "PupilChange", "PupilFate", "fates_in_group", "fates_of", "year_changes"]

PupilAction = Literal[
    "make_inactive", "make_active", "move_to_year", "add_to_group", "remove_from_group"
]


@dataclass(frozen=True, kw_only=True)
class PupilChange:
    """One action with what it needs; `year_group` where it is about one."""

    action: PupilAction
    reason: str | None = None
    year_group: YearGroup | None = None


@dataclass(frozen=True, kw_only=True)
class PupilFate:
    """`reason` is a sentence for the page, where the pupil is left as they are.

    `after` is the pupil at their next version, where it is they who change and not a membership.
    """

    pupil: Pupil
    outcome: FateOutcome
    reason: str | None = None
    after: Pupil | None = None


def fates_of(pupils: Iterable[Pupil], change: PupilChange) -> list[PupilFate]:
    """In the order of the list."""
    ordered = sorted(pupils, key=_by_name)
    if change.year_group is not None:
        return [_year(pupil, change.year_group) for pupil in ordered]
    active = change.action == "make_active"
    return [_active(pupil, change.reason, active=active) for pupil in ordered]


def fates_in_group(pupils: Iterable[Pupil], links: Iterable[LinkFate]) -> list[PupilFate]:
    """In the order of the list. `links` has what becomes of each one's membership."""
    by_pupil = {link.person_id: link for link in links}
    return [
        PupilFate(pupil=pupil, outcome=by_pupil[pupil.id].outcome, reason=by_pupil[pupil.id].reason)
        for pupil in sorted(pupils, key=_by_name)
    ]


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
