"""Which group follows which at the roll-up: as the school named it, else by the names (R12).

Rules without a database. A group follows for the pupils of one year group, since those of a joint
class part: of `3/4 Oak`, Year 3 stays and Year 4 goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple
from uuid import UUID

from services.roster.groups.group import Group
from shared.contracts.vocabulary import GroupKind
from shared.school.year_groups import class_stem, next_year_group, year_groups_of_class_name

__all__ = ["Place", "Succession", "Successions"]

HowKnown = Literal["named", "proposed", "none"]


class Place(NamedTuple):
    """The pupils of one year group in one group; `None` for those without a year group."""

    group_id: UUID
    year_group: str | None


@dataclass(frozen=True)
class Succession:
    """Where the pupils of a place go; nowhere where `group_id` is `None`."""

    group_id: UUID | None
    how: HowKnown


class Successions:
    """Of one school. `named` are those that its admin chose; a named `None` is a choice too."""

    def __init__(self, groups: Iterable[Group], named: Mapping[Place, UUID | None]) -> None:
        self._groups = {group.id: group for group in groups}
        self._named = named
        self._known: dict[Place, Succession] = {}
        self._of_year: dict[str, list[Group]] = {}
        for group in self._groups.values():
            if group.active:
                for year in _years(group):
                    self._of_year.setdefault(year, []).append(group)

    def of(self, place: Place) -> Succession:
        """A named group that is inactive by now is none, and is not guessed in its stead."""
        if place not in self._known:
            self._known[place] = self._of(place)
        return self._known[place]

    def _of(self, place: Place) -> Succession:
        if place in self._named:
            named = self._named[place]
            stands = named is not None and named in self._groups and self._groups[named].active
            return Succession(named if stands else None, "named")
        proposed = self.proposed(place)
        return Succession(proposed, "proposed" if proposed else "none")

    def proposed(self, place: Place) -> UUID | None:
        """By its name, or because there is only one class of the next year; never by a guess."""
        group = self._groups.get(place.group_id)
        if group is None:
            return None
        if place.year_group is None or not _years(group):
            # A choir or a nurture group is of no year: who is in it stays in it.
            return group.id if group.kind is GroupKind.SET and group.active else None
        following = next_year_group(place.year_group)
        of_year = self._of_year.get(following or "", ())
        candidates = [other for other in of_year if other.kind is group.kind]
        if group in candidates:
            return group.id
        stem = class_stem(group.name)
        same_stem = [other for other in candidates if class_stem(other.name) == stem]
        if len(same_stem) == 1:
            return same_stem[0].id
        if group.kind is GroupKind.CLASS and len(candidates) == 1:
            return candidates[0].id
        return None


def _years(group: Group) -> frozenset[str]:
    """What its name tells goes first: a joint class has one year group in its details at most."""
    named = year_groups_of_class_name(group.name)
    if len(named) > 1 or group.year_group is None:
        return named
    return frozenset({str(group.year_group.value)})
