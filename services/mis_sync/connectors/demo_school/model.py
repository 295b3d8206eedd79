"""The made-up school as it is before it is written as an export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["Group", "Guardian", "Night", "Pupil", "School", "StaffMember", "year_group_name"]


def year_group_name(year: int) -> str:
    """0 is Reception."""
    return "R" if year == 0 else str(year)


@dataclass(frozen=True)
class Pupil:
    id: str
    forename: str
    surname: str
    sex: str
    """OneRoster's word: `female` or `male`."""
    born: date
    year: int
    class_id: str
    upn: str | None
    """As the MIS has it, with whatever is wrong with it."""
    guardian_ids: tuple[str, ...] = ()
    middle_names: str | None = None
    preferred_forename: str | None = None
    former_class_id: str | None = None
    """A class whose enrolment has ended."""
    told_of: bool = False
    """One of those who are set, so that what is told of them stays true on later days."""


@dataclass(frozen=True)
class Guardian:
    id: str
    forename: str
    surname: str
    email: str | None


@dataclass(frozen=True)
class StaffMember:
    id: str
    title: str
    forename: str
    surname: str
    role: str
    """OneRoster's word for what they are first."""
    email: str | None
    code: str
    second_role: str | None = None
    preferred_forename: str | None = None


@dataclass(frozen=True)
class Group:
    """A class, or a set where `subject` is given; `years` has two for a joint class."""

    id: str
    name: str
    years: tuple[int, ...]
    teacher_ids: tuple[str, ...]
    """The first is the main one."""
    aide_ids: tuple[str, ...] = ()
    subject: str | None = None
    half: int | None = None
    """Of a set: which half of the year is in it."""

    @property
    def is_class(self) -> bool:
        return self.subject is None

    @property
    def year_group(self) -> str | None:
        """`None` for a joint class."""
        return year_group_name(self.years[0]) if len(self.years) == 1 else None


@dataclass(frozen=True)
class Night:
    """What happened in the MIS before one night's export: the ids of those concerned."""

    day: int
    joined: str
    left: str
    moved: str
    upn_filled_in: str | None
    """`None` once no UPN is missing."""


@dataclass(frozen=True)
class School:
    """Heron Park on one day; `starts` is the year in which the academic year does."""

    starts: int
    pupils: tuple[Pupil, ...]
    guardians: tuple[Guardian, ...]
    staff: tuple[StaffMember, ...]
    groups: tuple[Group, ...]
    nights: tuple[Night, ...] = ()

    @property
    def academic_year(self) -> str:
        return f"{self.starts}/{(self.starts + 1) % 100:02}"

    def members(self, group: Group) -> tuple[Pupil, ...]:
        """The pupils in a class or a set now."""
        if group.is_class:
            return tuple(pupil for pupil in self.pupils if pupil.class_id == group.id)
        return tuple(
            pupil
            for pupil in self.pupils
            if pupil.year in group.years and int(pupil.id[1:]) % 2 == group.half
        )
