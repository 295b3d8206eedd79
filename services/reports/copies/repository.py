"""The copies that reports keeps of what identity and roster own, each by its version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from shared.contracts.envelope import Contract
from shared.contracts.roster import PupilFieldsChanged, PupilsChanged, PupilState
from shared.database.pool import Connection
from shared.database.read_model import ReadModel
from shared.school.characteristics import is_eal

__all__ = ["GROUPS", "LINKS", "SCHOOLS", "SCHOOL_YEARS", "USERS", "take", "take_pupil_fields",
           "take_pupils"]  # fmt: skip

_RECORD = ("school_id", "id")

SCHOOLS = ReadModel(
    "schools", key=("school_id",), columns=("name", "first_year_group", "last_year_group")
)
SCHOOL_YEARS = ReadModel("school_years", key=("school_id",), columns=("academic_year",))
USERS = ReadModel("users", key=_RECORD, columns=("active", "title", "forename", "surname", "role"))
PUPILS = ReadModel(
    "pupils",
    key=_RECORD,
    columns=(
        "active",
        "upn",
        "legal_forename",
        "legal_surname",
        "preferred_forename",
        "preferred_surname",
        "date_of_birth",
        "sex",
        "year_group",
    ),
)
CHARACTERISTICS = ReadModel(
    "pupil_characteristics", key=_RECORD, columns=("pupil_premium", "eal", "sen")
)
PUPIL_FIELDS = ReadModel("pupil_fields", key=("school_id",), columns=("kept",))
GROUPS = ReadModel("groups", key=_RECORD, columns=("active", "name", "kind", "year_group"))
LINKS = ReadModel("links", key=("school_id", "kind", "group_id", "person_id"), columns=("present",))


async def take(
    connection: Connection, copy: ReadModel, school_id: UUID, states: Iterable[Contract]
) -> None:
    """Take over the states that are newer than those that are here."""
    school = {"school_id": str(school_id)}
    await copy.take(connection, [state.model_dump(mode="json") | school for state in states])


async def take_pupils(
    connection: Connection, school_id: UUID, changes: Sequence[PupilsChanged]
) -> None:
    """A pupil and what they are compared by, each by the version that is here of it."""
    pupils = [pupil for change in changes for pupil in change.pupils]
    await take(connection, PUPILS, school_id, pupils)
    rows = [_characteristics(pupil) | {"school_id": str(school_id)} for pupil in pupils]
    await CHARACTERISTICS.take(connection, rows)


def _characteristics(pupil: PupilState) -> dict[str, Any]:
    """Whether, and not which language or which provision: figures need no more (R26)."""
    return {
        "id": str(pupil.id),
        "version": pupil.version,
        "pupil_premium": pupil.pupil_premium,
        "eal": is_eal(pupil.first_language),
        "sen": None if pupil.sen_provision is None else pupil.sen_provision != "N",
    }


async def take_pupil_fields(
    connection: Connection, school_id: UUID, changes: Sequence[PupilFieldsChanged]
) -> None:
    """What was switched off is compared by no more at once; the pupils' own states, which follow
    without it, make it forgotten. Wiping it here could meet values that are newer than the news."""
    await take(connection, PUPIL_FIELDS, school_id, changes)
