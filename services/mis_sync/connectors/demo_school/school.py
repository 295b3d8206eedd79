"""Heron Park on its first day in the product, and as it is some nights later."""

from __future__ import annotations

from dataclasses import replace

from services.mis_sync.connectors.demo_school.chance import Chance
from services.mis_sync.connectors.demo_school.model import Group, Night, Pupil, School
from services.mis_sync.connectors.demo_school.names import BOYS, GIRLS, SURNAMES
from services.mis_sync.connectors.demo_school.pupils import HOME, born_in, make_pupils
from services.mis_sync.connectors.demo_school.staff import STAFF, groups
from services.mis_sync.connectors.demo_school.upn import permanent_upn

__all__ = ["demo_school"]

_FIRST_LATE_SERIAL = 900
"""Serials of UPNs given during the year, apart from those of the year's intake."""


def demo_school(seed: int, starts: int, day: int = 0) -> School:
    """The school whose academic year starts in `starts`, after `day` nights of changes."""
    pupils, guardians = make_pupils(seed, starts)
    school = School(starts, pupils, guardians, STAFF, groups())
    for night in range(1, day + 1):
        school = _next_day(school, Chance(seed, f"night {night}"), night)
    return school


def _next_day(school: School, chance: Chance, night: int) -> School:
    """A pupil joins, one leaves, one changes class, and one gets the UPN that was missing."""
    ordinary = [pupil for pupil in school.pupils if _is_untouched(pupil, school)]
    leaver = chance.one_of(ordinary)
    mover = chance.one_of([pupil for pupil in ordinary if _other_class(school, pupil)])
    while mover == leaver:
        mover = chance.one_of([pupil for pupil in ordinary if _other_class(school, pupil)])
    joiner = _joiner(school, chance, night)
    unnumbered = next((pupil for pupil in school.pupils if pupil.upn is None), None)
    pupils = []
    for pupil in school.pupils:
        if pupil == leaver:
            continue
        if pupil == mover:
            group = _other_class(school, pupil)
            pupils.append(replace(pupil, class_id=group.id, former_class_id=pupil.class_id))
        elif pupil == unnumbered:
            pupils.append(replace(pupil, upn=_late_upn(school, 2 * night)))
        else:
            pupils.append(pupil)
    happened = Night(night, joiner.id, leaver.id, mover.id, unnumbered.id if unnumbered else None)
    return replace(school, pupils=(*pupils, joiner), nights=(*school.nights, happened))


def _is_untouched(pupil: Pupil, school: School) -> bool:
    touched = {id_ for night in school.nights for id_ in (night.joined, night.moved)}
    return not pupil.told_of and pupil.id not in touched


def _other_class(school: School, pupil: Pupil) -> Group:
    """The other class of the pupil's year, not counting the joint one."""
    return next(
        group
        for group in school.groups
        if group.is_class and group.years == (pupil.year,) and group.id != pupil.class_id
    )


def _joiner(school: School, chance: Chance, night: int) -> Pupil:
    group = chance.one_of([each for each in school.groups if each.is_class and each.year_group])
    sex = chance.one_of(("female", "male"))
    numbers = [int(pupil.id[1:]) for pupil in school.pupils]
    numbers += [int(each.joined[1:]) for each in school.nights]
    return Pupil(
        id=f"P{max(numbers) + 1}",
        forename=chance.one_of(GIRLS if sex == "female" else BOYS),
        surname=chance.one_of(SURNAMES),
        sex=sex,
        born=born_in(school.starts, group.years[0], 1 + chance.below(12), 1 + chance.below(28)),
        year=group.years[0],
        class_id=group.id,
        upn=_late_upn(school, 2 * night + 1),
        guardian_ids=(),
    )


def _late_upn(school: School, number: int) -> str:
    """A UPN of this year: numbers count on from 900 and then down, never met by the intake's."""
    return permanent_upn(HOME, school.starts, (_FIRST_LATE_SERIAL + number) % 1000)
