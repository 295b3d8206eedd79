"""The copies that reports keeps of what identity and roster own, each by its version."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shared.contracts.roster import PupilFieldsChanged, PupilsChanged, PupilState
from shared.database.pool import Connection
from shared.database.read_model import ReadModel
from shared.school.characteristics import is_eal

__all__ = ["GROUPS", "LINKS", "SCHOOLS", "SCHOOL_YEARS", "USERS", "take_pupil_fields",
           "take_pupils"]  # fmt: skip

_RECORD = ("id uuid",)

SCHOOLS = ReadModel("schools", key=(), columns=("name", "first_year_group", "last_year_group"))
SCHOOL_YEARS = ReadModel("school_years", key=(), columns=("academic_year",))
USERS = ReadModel(
    "users", key=_RECORD, columns=("active boolean", "title", "forename", "surname", "role")
)
PUPILS = ReadModel(
    "pupils",
    key=_RECORD,
    columns=(
        "active boolean",
        "upn",
        "legal_forename",
        "legal_surname",
        "preferred_forename",
        "preferred_surname",
        "date_of_birth date",
        "sex",
        "year_group",
    ),
)
CHARACTERISTICS = ReadModel(
    "pupil_characteristics",
    key=_RECORD,
    columns=("pupil_premium boolean", "eal boolean", "sen boolean"),
)
PUPIL_FIELDS = ReadModel("pupil_fields", key=(), columns=("kept text[]",))
GROUPS = ReadModel("groups", key=_RECORD, columns=("active boolean", "name", "kind", "year_group"))
LINKS = ReadModel(
    "links",
    key=("kind", "group_id uuid", "person_id uuid"),
    columns=("present boolean",),
)


async def take_pupils(
    connection: Connection, school_id: UUID, changes: Sequence[PupilsChanged]
) -> None:
    """A pupil and what they are compared by, each by the version that is here of it."""
    pupils = [pupil for change in changes for pupil in change.pupils]
    await PUPILS.take(connection, school_id, pupils)
    compared = [pupil for pupil in pupils if pupil.version > 1 or _says_more(pupil)]
    # Whether, and not which language or which provision: figures need no more (R26).
    compared_by = {
        "eal": [is_eal(pupil.first_language) for pupil in compared],
        "sen": [_has_sen(pupil.sen_provision) for pupil in compared],
    }
    await CHARACTERISTICS.take(connection, school_id, compared, compared_by)


def _says_more(pupil: PupilState) -> bool:
    """Of who has just come and has none of these, nothing is written: there is nothing older that
    it could take the place of, and a first snapshot has thousands."""
    found = (pupil.pupil_premium, pupil.first_language, pupil.sen_provision)
    return found != (None, None, None)


def _has_sen(provision: str | None) -> bool | None:
    return None if provision is None else provision != "N"


async def take_pupil_fields(
    connection: Connection, school_id: UUID, changes: Sequence[PupilFieldsChanged]
) -> None:
    """What was switched off is compared by no more at once; the pupils' own states, which follow
    without it, make it forgotten. Wiping it here could meet values that are newer than the news."""
    arrays = [f"{{{','.join(sorted(change.kept))}}}" for change in changes]
    await PUPIL_FIELDS.take(connection, school_id, changes, {"kept": arrays})
