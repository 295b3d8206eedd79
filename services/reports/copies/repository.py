"""The copies that reports keeps of what identity and roster own, each by its version."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shared.contracts.envelope import Contract
from shared.database.pool import Connection
from shared.database.read_model import ReadModel

__all__ = ["GROUPS", "LINKS", "PUPILS", "SCHOOLS", "SCHOOL_YEARS", "USERS", "take"]

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
GROUPS = ReadModel("groups", key=_RECORD, columns=("active", "name", "kind", "year_group"))
LINKS = ReadModel("links", key=("school_id", "kind", "group_id", "person_id"), columns=("present",))


async def take(
    connection: Connection, copy: ReadModel, school_id: UUID, states: Iterable[Contract]
) -> None:
    """Take over the states that are newer than those that are here."""
    school = {"school_id": str(school_id)}
    await copy.take(connection, [state.model_dump(mode="json") | school for state in states])
