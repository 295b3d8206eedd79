"""The pupils of Heron Park and their families, made by chance around some who are set.

Those who are set carry what real rolls carry: accents, apostrophes, double names, two children of
one name, birthdays at the edges of the school year, UPNs that are missing, temporary or ill-typed.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.mis_sync.connectors.demo_school.chance import Chance
from services.mis_sync.connectors.demo_school.model import Guardian, Pupil
from services.mis_sync.connectors.demo_school.names import BOYS, GIRLS, GROWN_UPS, SURNAMES
from services.mis_sync.connectors.demo_school.upn import permanent_upn, temporary_upn

__all__ = ["HOME", "born_in", "make_pupils"]

HOME = "8923999"
_OTHER_SCHOOLS = ("8913998", "8303997", "8313996", "8563995", "3303994")
_PLACES = """
C01 0 30 | C02 0 30 | C03 1 26 | C04 1 26 | C05 1 12 | C05 2 14 | C06 2 26 | C07 2 27
C08 3 29 | C09 3 30 | C10 4 30 | C11 4 29 | C12 5 27 | C13 5 28 | C14 6 29 | C15 6 27
"""
_FIRST_NUMBER = 10001


@dataclass(frozen=True)
class Known:
    """A child who is always there. `born` is month and day, or nothing for any."""

    class_id: str
    year: int
    forename: str
    surname: str
    sex: str
    born: tuple[int, int] | None = None
    upn: str = "permanent"
    preferred: str | None = None
    middle: str | None = None
    former_class: str | None = None


def _known(starts: int) -> list[Known]:
    leap = next(year for year in range(7) if calendar.isleap(starts - 4 - year))
    class_of_leap = ("C01", "C03", "C06", "C08", "C10", "C12", "C14")[leap]
    return [
        Known("C01", 0, "Zoë", "O'Neill", "female", (8, 31)),
        Known("C02", 0, "Łukasz", "Wiśniewski", "male", (9, 1)),
        Known("C01", 0, "Amelia-Rose", "Hobbs", "female", upn="none"),
        Known("C01", 0, "Yusuf", "Abdullahi", "male", upn="none"),
        Known("C02", 0, "Teodora", "Stănescu", "female", upn="none"),
        Known("C02", 0, "Jacob", "Frith", "male", upn="none"),
        Known("C03", 1, "Siân", "Llewellyn", "female", (8, 31)),
        Known("C05", 1, "Nnamdi", "Okonkwo", "male", (9, 1), middle="Chukwuemeka John"),
        Known("C04", 1, "Ivan", "Petrenko", "male", upn="temporary"),
        Known("C05", 2, "Amara", "Okafor-Williams", "female"),
        Known("C06", 2, "Mohammed", "Khan", "male", (3, 14), preferred="Mo"),
        Known("C07", 2, "Hyun-woo", "Park", "male", upn="none"),
        Known("C08", 3, "Mateo", "Nuñez", "male"),
        Known("C09", 3, "Evie", "Tansley", "female", former_class="C08"),
        Known("C09", 3, "Björn", "Ångström", "male", upn="ill-typed"),
        Known("C10", 4, "Anthony", "D'Souza", "male", preferred="Tony"),
        Known("C11", 4, "Máire", "Ní Bhriain", "female"),
        Known("C12", 5, "Mohammed", "Khan", "male", (11, 2)),
        Known("C13", 5, "Beatriz", "dos Santos", "female", upn="none"),
        Known("C14", 6, "Katherine", "St John-Smythe", "female", preferred="Katie"),
        Known("C15", 6, "François", "Nguyễn", "male", (8, 31)),
        Known(class_of_leap, leap, "Isla", "Freeman", "female", (2, 29)),
    ]


def born_in(starts: int, year: int, month: int, day: int) -> date:
    """The date in the twelve months in which the children of that year group were born."""
    return date(starts - 5 - year if month >= 9 else starts - 4 - year, month, day)


def make_pupils(seed: int, starts: int) -> tuple[tuple[Pupil, ...], tuple[Guardian, ...]]:
    """All pupils in the order of their ids, and their guardians."""
    maker = _Maker(Chance(seed, "pupils"), starts)
    places = [place.split() for place in _PLACES.replace("\n", "|").split("|") if place.strip()]
    known = _known(starts)
    waiting = []
    for class_id, year, count in places:
        set_here = [each for each in known if (each.class_id, each.year) == (class_id, int(year))]
        waiting += [(class_id, int(year))] * (int(count) - len(set_here))
    for each in known:
        maker.add_known(each)
    waiting = maker.chance.shuffled(waiting)
    while waiting:
        size = 1 if maker.chance.happens(0.62) else 2 if maker.chance.happens(0.8) else 3
        maker.add_family(waiting[:size])
        waiting = waiting[size:]
    return maker.pupils_with_ids(), tuple(maker.guardians)


class _Maker:
    def __init__(self, chance: Chance, starts: int) -> None:
        self.chance = chance
        self.starts = starts
        self.pupils: list[Pupil] = []
        self.guardians: list[Guardian] = []
        self._names = {(each.forename, each.surname) for each in _known(starts)}
        self._serials: dict[tuple[str, int], int] = {}

    def add_known(self, known: Known) -> None:
        born = known.born and born_in(self.starts, known.year, *known.born)
        self.pupils.append(
            Pupil(
                id="",
                forename=known.forename,
                surname=known.surname,
                sex=known.sex,
                born=born or self._birthday(known.year, []),
                year=known.year,
                class_id=known.class_id,
                upn=self._upn(known.upn, known.year),
                guardian_ids=self._guardians(known.surname.split("-")[-1]),
                middle_names=known.middle,
                preferred_forename=known.preferred,
                former_class_id=known.former_class,
                told_of=True,
            )
        )

    def add_family(self, places: list[tuple[str, int]]) -> None:
        """Brothers and sisters: one surname, the same guardians, twins if in one year."""
        surname = self._surname()
        guardians = self._guardians(surname.split("-")[0])
        family: list[Pupil] = []
        for class_id, year in places:
            sex = self.chance.one_of(("female", "male"))
            pupil = Pupil(
                id="",
                forename=self._forename(sex, surname),
                surname=surname,
                sex=sex,
                born=self._birthday(year, family),
                year=year,
                class_id=class_id,
                upn=self._upn("permanent", year),
                guardian_ids=guardians,
                middle_names=self._middle_name(sex),
            )
            family.append(pupil)
        self.pupils += family

    def pupils_with_ids(self) -> tuple[Pupil, ...]:
        shuffled = self.chance.shuffled(self.pupils)
        return tuple(
            replace(pupil, id=f"P{number}")
            for number, pupil in enumerate(shuffled, start=_FIRST_NUMBER)
        )

    def _surname(self) -> str:
        surname = self.chance.one_of(SURNAMES)
        if self.chance.happens(0.05):
            return f"{surname}-{self.chance.one_of(SURNAMES)}"
        return surname

    def _forename(self, sex: str, surname: str) -> str:
        while True:
            forename = self.chance.one_of(GIRLS if sex == "female" else BOYS)
            if (forename, surname) not in self._names:
                self._names.add((forename, surname))
                return forename

    def _middle_name(self, sex: str) -> str | None:
        if self.chance.happens(0.45):
            return self.chance.one_of(GIRLS if sex == "female" else BOYS)
        return None

    def _birthday(self, year: int, family: list[Pupil]) -> date:
        """A day that fits the year group, and the brothers and sisters."""
        for sibling in family:
            if sibling.year == year:
                return sibling.born
        first = born_in(self.starts, year, 9, 1)
        while True:
            born = first + timedelta(days=self.chance.below(365))
            if all(abs((born - sibling.born).days) > 300 for sibling in family):
                return born

    def _upn(self, sort: str, year: int) -> str | None:
        entered = self.starts - year
        if sort == "none":
            return None
        away = sort == "permanent" and self.chance.happens(0.12)
        school = self.chance.one_of(_OTHER_SCHOOLS) if away else HOME
        serial = self._serials.get((school, entered), 0) + 1
        self._serials[school, entered] = serial
        if sort == "temporary":
            return temporary_upn(school, entered, serial)
        upn = permanent_upn(school, entered, serial)
        return f"{upn[:4]} {upn[4:8]} {upn[8:]}".lower() if sort == "ill-typed" else upn

    def _guardians(self, surname: str) -> tuple[str, ...]:
        made = []
        for _ in range(2 if self.chance.happens(0.7) else 1):
            id_ = f"G{20001 + len(self.guardians)}"
            own = surname if self.chance.happens(0.85) else self.chance.one_of(SURNAMES)
            mail = f"family{id_[1:]}@mailbox.example" if self.chance.happens(0.9) else None
            self.guardians.append(Guardian(id_, self.chance.one_of(GROWN_UPS), own, mail))
            made.append(id_)
        return tuple(made)
