"""`python -m benchmarks.django_peer.roll_up SCHOOLS PUPILS`: seconds that saving row by row takes.

One transaction per school, each pupil and membership loaded, changed and saved, and a row of
history for each pupil. No events: the peer has nobody to tell.
"""

from __future__ import annotations

import sys
import time
from uuid import UUID, uuid4

from django.db import transaction

from benchmarks.django_peer.models import History, Membership, Pupil, SchoolClass, make_tables

__all__ = ["main"]

_YEARS = ("R", "1", "2", "3", "4", "5", "6")
_COLOURS = ("Blue", "Red", "Green", "Gold", "Oak")


def main(schools: int, pupils: int) -> float:
    make_tables()
    ids = [_school(pupils) for _ in range(schools)]
    began = time.perf_counter()
    for school in ids:
        with transaction.atomic():
            _roll_up(school)
    return time.perf_counter() - began


def _roll_up(school: UUID) -> None:
    roll = Pupil.objects.filter(school=school, active=True)
    for pupil in roll.prefetch_related("membership_set__school_class"):
        before = {"year_group": pupil.year_group, "active": pupil.active}
        if pupil.year_group == _YEARS[-1]:
            pupil.active = False
        else:
            pupil.year_group = _YEARS[_YEARS.index(pupil.year_group) + 1]
            for membership in pupil.membership_set.all():
                membership.present = False
                membership.save()
                following = membership.school_class.following_id
                Membership.objects.create(pupil=pupil, school_class_id=following)
        pupil.save()
        after = {"year_group": pupil.year_group, "active": pupil.active}
        History.objects.create(pupil=pupil, before=before, after=after)


def _school(pupils: int) -> UUID:
    school = uuid4()
    following: dict[str, SchoolClass] = {}
    classes: dict[tuple[str, int], SchoolClass] = {}
    for year in reversed(_YEARS):
        for place, colour in enumerate(_COLOURS):
            made = SchoolClass.objects.create(
                school=school,
                name=f"{year} {colour}",
                year_group=year,
                following=following.get(colour),
            )
            following[colour] = classes[year, place] = made
    made_pupils = Pupil.objects.bulk_create(
        Pupil(
            school=school,
            upn=f"A{number:012}",
            legal_forename="Zoë",
            legal_surname=f"Pupil {number}",
            sex="F",
            year_group=_YEARS[number % len(_YEARS)],
        )
        for number in range(pupils)
    )
    Membership.objects.bulk_create(
        Membership(pupil=pupil, school_class=classes[pupil.year_group, number // 7 % 5])
        for number, pupil in enumerate(made_pupils)
    )
    return school


if __name__ == "__main__":
    print(main(int(sys.argv[1]), int(sys.argv[2])))
