"""What a roll-up of one school is worked out from: who follows whom, before a pupil is looked at.

What becomes of each pupil and membership is then in `moves_in_sql.py` (R12).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.roster.groups.group import Group
from services.roster.roll_up.successions import Place, Successions
from shared.contracts.vocabulary import GroupKind
from shared.school.year_groups import YEAR_GROUP_ORDER, next_year_group

__all__ = ["Steps", "leavers_group_of", "steps_of"]

_LAST_OF_ALL = YEAR_GROUP_ORDER[-1]


@dataclass(frozen=True, kw_only=True)
class Steps:
    """Of one school. `academic_year` is the one that ends."""

    academic_year: str
    years: Mapping[str, str | None]
    """The year group after each; none where its pupils leave."""
    places: Mapping[Place, UUID | None]
    """The group that follows each place of who stays; none where its memberships end."""
    successions: Successions
    classes: frozenset[UUID]
    leavers_group: UUID | None
    """The set that those who leave are put into, if there is one."""

    def leave(self, year_group: str | None) -> bool:
        """Whether the pupils of this year group leave."""
        return year_group is not None and self.years[year_group] is None

    @property
    def of_pupils(self) -> tuple[Any, ...]:
        """The parameters of `PUPIL_MOVES`."""
        why = f"Left at the end of {self.academic_year}"
        return (list(self.years), list(self.years.values()), why)

    @property
    def of_places(self) -> tuple[Any, ...]:
        """Those of `SOURCES`."""
        return (
            [place.group_id for place in self.places],
            [place.year_group or "" for place in self.places],
            list(self.places.values()),
            [place.group_id in self.classes for place in self.places],
            [following in self.classes for following in self.places.values()],
        )

    @property
    def of_memberships(self) -> tuple[Any, ...]:
        """Those of `MEMBERSHIP_MOVES`."""
        leaving = [year for year, following in self.years.items() if following is None]
        return (*self.of_places, self.leavers_group, leaving)


def steps_of(
    *,
    academic_year: str,
    last_year_group: str | None,
    places: Iterable[Place],
    groups: Iterable[Group],
    named: Mapping[Place, UUID | None],
    leavers_group: UUID | None = None,
) -> Steps:
    """`places` are those that active pupils are in; `named`, what follows which, and
    `leavers_group` are the school's choices."""
    groups = list(groups)
    successions = Successions(groups, named)
    years = _years(last_year_group or _LAST_OF_ALL)
    leaving = {year for year, following in years.items() if following is None}
    return Steps(
        academic_year=academic_year,
        years=years,
        places={
            place: successions.of(place).group_id
            for place in places
            if place.year_group not in leaving
        },
        successions=successions,
        classes=frozenset(group.id for group in groups if group.kind is GroupKind.CLASS),
        leavers_group=leavers_group_of(groups, leavers_group),
    )


def _years(last: str) -> dict[str, str | None]:
    """Those beyond the school's last year group leave with it."""
    end = YEAR_GROUP_ORDER.index(last)
    return {
        year: next_year_group(year) if place < end else None
        for place, year in enumerate(YEAR_GROUP_ORDER)
    }


def leavers_group_of(groups: Iterable[Group], chosen: UUID | None) -> UUID | None:
    """The chosen one while it is an active set; no other is guessed in its stead."""
    stands = any(g.id == chosen and g.active and g.kind is GroupKind.SET for g in groups)
    return chosen if stands else None
