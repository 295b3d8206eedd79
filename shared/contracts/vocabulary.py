"""Words that several contracts use: year groups, kinds of group, origins, outcomes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

__all__ = [
    "AcademicYearName",
    "ContactRelationship",
    "GroupKind",
    "LinkKind",
    "Name",
    "Origin",
    "Outcome",
    "Sex",
    "StaffRole",
    "YearGroup",
]

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
AcademicYearName = Annotated[str, StringConstraints(pattern=r"^20\d\d/\d\d$")]
"""`2026/27`: 1 September 2026 to 31 August 2027."""


class YearGroup(StrEnum):
    """A DfE year group, unpadded."""

    N1 = "N1"
    N2 = "N2"
    R = "R"
    Y1 = "1"
    Y2 = "2"
    Y3 = "3"
    Y4 = "4"
    Y5 = "5"
    Y6 = "6"
    Y7 = "7"
    Y8 = "8"
    Y9 = "9"
    Y10 = "10"
    Y11 = "11"
    Y12 = "12"
    Y13 = "13"


class Sex(StrEnum):
    MALE = "M"
    FEMALE = "F"
    UNKNOWN = "U"


class GroupKind(StrEnum):
    """A class is where a pupil is registered; a set is any other group of pupils."""

    CLASS = "class"
    SET = "set"


class LinkKind(StrEnum):
    """What ties a person to a group: a pupil is its member, a user teaches it."""

    MEMBER = "member"
    TEACHER = "teacher"


class Origin(StrEnum):
    """Where a record or link came from (R13)."""

    MIS = "mis"
    HAND = "hand"
    IMPORT = "import"


class ContactRelationship(StrEnum):
    """What somebody is to a pupil. Only a parental one makes a parent of a MIS contact (R20)."""

    MOTHER = "mother"
    FATHER = "father"
    PARENT = "parent"
    STEP_PARENT = "step_parent"
    FOSTER_PARENT = "foster_parent"
    GUARDIAN = "guardian"
    CARER = "carer"
    RELATIVE = "relative"
    OTHER = "other"


class StaffRole(StrEnum):
    TEACHER = "teacher"
    SLT = "slt"


class Outcome(StrEnum):
    """What the owner did with one item of a proposal."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    OVERRIDDEN = "overridden"
    """Something set by hand stands and was left as it is (R13)."""
    WAITING = "waiting"
    """The link waits for a person or a group that has not arrived yet."""
    STALE = "stale"
    """The record has changed since the version that the proposal was compared with."""
    REFUSED = "refused"
