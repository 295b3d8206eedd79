"""All pupils of a school, as an import looks them up.

Column by column, since most are only compared with what a file says of them. A pupil is put
together where somebody asks for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from services.roster.imports.rows import FullName, names_of
from services.roster.pupils.pupil import Pupil
from services.roster.pupils.repository import HELD_FIELDS, pupil_of

__all__ = ["PupilColumns", "Roll"]

_NAMES = ("legal_forename", "legal_surname", "preferred_forename", "preferred_surname")


class PupilColumns(Sequence[Pupil]):
    """`columns` has all fields of `Pupil` by name, each a sequence with what every pupil holds."""

    def __init__(self, columns: Mapping[str, Sequence[Any]]) -> None:
        self.columns = columns
        self._made: dict[int, Pupil] = {}

    @classmethod
    def of(cls, pupils: Collection[Pupil]) -> PupilColumns:
        held = [vars(pupil) for pupil in pupils]
        columns = cls({name: [one[name] for one in held] for name in HELD_FIELDS})
        columns._made = dict(enumerate(pupils))
        return columns

    def __len__(self) -> int:
        return len(self.columns["id"])

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if place not in self._made:
            columns = self.columns
            self._made[place] = pupil_of({name: columns[name][place] for name in HELD_FIELDS})
        return self._made[place]


@dataclass(frozen=True)
class Roll:
    """Inactive ones included."""

    pupils: PupilColumns

    @classmethod
    def of(cls, pupils: Collection[Pupil]) -> Roll:
        return cls(PupilColumns.of(pupils))

    @property
    def columns(self) -> Mapping[str, Sequence[Any]]:
        return self.pupils.columns

    def padded(self, name: str) -> Sequence[Any]:
        """A column with `None` at its end, which is at place -1."""
        if name not in self._padded:
            self._padded[name] = [*self.columns[name], None]
        return self._padded[name]

    @cached_property
    def _padded(self) -> dict[str, Sequence[Any]]:
        return {}

    def holder(self, upn: str) -> Pupil | None:
        place = self.place_of_upn.get(upn)
        return None if place is None else self.pupils[place]

    def named(self, names: Iterable[FullName]) -> list[Pupil]:
        """Everybody who has one of these names, once for each."""
        return [self.pupils[place] for name in names for place in self.places_of_name.get(name, ())]

    @cached_property
    def place_of_upn(self) -> Mapping[str, int]:
        found = {upn: place for place, upn in enumerate(self.columns["upn"])}
        found.pop(None, None)
        return found

    @cached_property
    def by_former_upn(self) -> Mapping[str, list[Pupil]]:
        found: dict[str, list[Pupil]] = defaultdict(list)
        for place, upns in enumerate(self.columns["former_upns"]):
            for upn in upns or ():
                found[upn].append(self.pupils[place])
        return found

    @cached_property
    def places_of_name(self) -> Mapping[FullName, list[int]]:
        found: dict[FullName, list[int]] = defaultdict(list)
        columns = (self.columns[name] for name in _NAMES)
        for place, names in enumerate(zip(*columns, strict=True)):
            for name in names_of(*names):
                found[name].append(place)
        return found

    @property
    def active(self) -> int:
        """How many there are."""
        return sum(self.columns["active"])

    def active_but(self, listed: Collection[UUID]) -> list[Pupil]:
        ids, active = self.columns["id"], self.columns["active"]
        return [self.pupils[n] for n, one in enumerate(ids) if active[n] and one not in listed]
