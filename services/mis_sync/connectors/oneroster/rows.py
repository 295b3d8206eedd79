"""The rows of OneRoster that are read, as models: what is required, and in which shape.

In a CSV file a required field has its column there and its cells filled; `HEADINGS` are columns
that the specification requires and that are not read, so that only their headings must be there.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel

__all__ = [
    "ClassRow",
    "ClassType",
    "DemographicsRow",
    "EnrollmentRow",
    "OrgRow",
    "RoleRow",
    "Row",
    "SessionRow",
    "UserRow",
    "UserRowWithRole",
]


class Status(StrEnum):
    ACTIVE = "active"
    TO_BE_DELETED = "tobedeleted"
    INACTIVE = "inactive"
    """What older exports wrote for tobedeleted."""


class ClassType(StrEnum):
    HOMEROOM = "homeroom"
    SCHEDULED = "scheduled"


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _date(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value} is not a date; dates are written YYYY-MM-DD.") from None


def _list(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return tuple(part for part in map(str.strip, value.split(",")) if part)


def _school_year(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"20\d\d", value):
        raise ValueError(f"{value} is not a year; write the year in which the school year ends.")
    return value


Text = Annotated[str, StringConstraints(max_length=200)]
Day = Annotated[date, BeforeValidator(_date)]
Ids = Annotated[tuple[Text, ...], BeforeValidator(_list)]
Word = Annotated[str, BeforeValidator(_lower)]


class Row(BaseModel):
    """What all rows have; `line` is where it stands in its file, if it is one."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)
    HEADINGS: ClassVar[tuple[str, ...]] = ()
    FORGIVEN: ClassVar[frozenset[str]] = frozenset()
    """Fields whose value is left out where it cannot be read: nothing else hangs on them, and one
    pupil's mistyped date does not keep a whole school behind."""

    line: int | None = None
    sourced_id: Text
    status: Annotated[Status, BeforeValidator(_lower)] | None = None

    @property
    def removed(self) -> bool:
        return self.status in (Status.TO_BE_DELETED, Status.INACTIVE)


class OrgRow(Row):
    name: str | None = None
    type: Word
    identifier: str | None = None
    HEADINGS = ("name",)


class SessionRow(Row):
    type: Word
    start_date: Day
    end_date: Day
    school_year: Annotated[int, BeforeValidator(_school_year)]
    HEADINGS = ("title",)


class ClassRow(Row):
    title: Text | None = None
    class_type: Annotated[ClassType, BeforeValidator(_lower)] | None = None
    grades: Ids = ()
    subjects: Text | None = None
    school_sourced_id: Text
    term_sourced_ids: Ids = ()
    HEADINGS = ("title", "classType", "termSourcedIds")
    FORGIVEN = frozenset({"title", "subjects"})


class UserRow(Row):
    user_ids: str | None = None
    given_name: Text | None = None
    family_name: Text | None = None
    middle_name: Text | None = None
    preferred_given_name: Text | None = None
    preferred_family_name: Text | None = None
    identifier: Text | None = None
    email: str | None = None
    agent_sourced_ids: Ids = ()
    grades: Ids = ()
    HEADINGS = ("enabledUser", "username", "givenName", "familyName")
    FORGIVEN = frozenset(
        ("givenName", "familyName", "middleName", "preferredGivenName", "preferredFamilyName")
    )


class UserRowWithRole(UserRow):
    """1.1, where a user has one role, in the users file."""

    role: Word
    org_sourced_ids: Ids


class RoleRow(Row):
    user_sourced_id: Text
    role_type: Word | None = None
    role: Word
    begin_date: Day | None = None
    end_date: Day | None = None
    org_sourced_id: Text
    HEADINGS = ("roleType",)


class EnrollmentRow(Row):
    class_sourced_id: Text
    school_sourced_id: Text
    user_sourced_id: Text
    role: Word
    primary: bool | None = None
    begin_date: Day | None = None
    end_date: Day | None = None
    FORGIVEN = frozenset({"primary"})


class DemographicsRow(Row):
    """`sourced_id` is the user's."""

    birth_date: Day | None = None
    sex: Word | None = None
    FORGIVEN = frozenset({"birthDate"})
