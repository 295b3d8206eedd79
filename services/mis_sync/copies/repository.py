"""The copies that snapshots are compared with: a higher version wins, a lower changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from pydantic import BaseModel

from shared.contracts.identity import ParentState, SchoolChanged, UserState
from shared.contracts.roster import (
    GroupState,
    LinkState,
    PupilFieldsChanged,
    PupilState,
    SchoolYearChanged,
)
from shared.database.pool import Connection

__all__ = [
    "keep_groups",
    "keep_links",
    "keep_parents",
    "keep_pupil_fields",
    "keep_pupils",
    "keep_school",
    "keep_school_year",
    "keep_users",
]

_SCHOOL = """
INSERT INTO own_schools AS own (school_id, version, name, first_year_group, last_year_group)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (school_id) DO UPDATE SET version = excluded.version, name = excluded.name,
    first_year_group = excluded.first_year_group, last_year_group = excluded.last_year_group
WHERE excluded.version > own.version
"""
_SCHOOL_YEAR = """
INSERT INTO own_schools AS own (school_id, year_version, academic_year) VALUES ($1, $2, $3)
ON CONFLICT (school_id) DO UPDATE
SET year_version = excluded.year_version, academic_year = excluded.academic_year
WHERE excluded.year_version > own.year_version
"""
_PUPIL_FIELDS = """
INSERT INTO own_schools AS own (school_id, kept_fields_version, kept_fields) VALUES ($1, $2, $3)
ON CONFLICT (school_id) DO UPDATE
SET kept_fields_version = excluded.kept_fields_version, kept_fields = excluded.kept_fields
WHERE excluded.kept_fields_version > own.kept_fields_version
"""
_PUPIL_COLUMNS = (
    "id uuid, version int, active bool, upn text, former_upns text[], legal_forename text, "
    "legal_surname text, preferred_forename text, preferred_surname text, middle_names text, "
    "date_of_birth date, sex text, year_group text, origin text, overrides text[]"
)
_GROUP_COLUMNS = (
    "id uuid, version int, active bool, name text, kind text, year_group text, origin text, "
    "overrides text[]"
)
_USER_COLUMNS = (
    "id uuid, version int, active bool, username text, email text, title text, forename text, "
    "surname text, staff_code text, role text, overrides text[]"
)
_PARENT_COLUMNS = (
    "id uuid, version int, active bool, email text, title text, forename text, surname text, "
    "children uuid[], mis_children uuid[], kept_apart uuid[], overrides text[]"
)
_LINK_COLUMNS = (
    "kind text, group_id uuid, person_id uuid, version int, present bool, origin text, "
    "override bool"
)


async def keep_school(connection: Connection, school_id: UUID, school: SchoolChanged) -> None:
    await connection.execute(
        _SCHOOL,
        school_id,
        school.version,
        school.name,
        school.first_year_group,
        school.last_year_group,
    )


async def keep_school_year(
    connection: Connection, school_id: UUID, year: SchoolYearChanged
) -> None:
    await connection.execute(_SCHOOL_YEAR, school_id, year.version, year.academic_year)


async def keep_pupils(
    connection: Connection, school_id: UUID, states: Sequence[PupilState]
) -> None:
    await connection.execute(
        _upsert("own_pupils", ("id",), _PUPIL_COLUMNS), *_rows(school_id, states)
    )


async def keep_groups(
    connection: Connection, school_id: UUID, states: Sequence[GroupState]
) -> None:
    await connection.execute(
        _upsert("own_groups", ("id",), _GROUP_COLUMNS), *_rows(school_id, states)
    )


async def keep_users(connection: Connection, school_id: UUID, states: Sequence[UserState]) -> None:
    await connection.execute(
        _upsert("own_users", ("id",), _USER_COLUMNS), *_rows(school_id, states)
    )


async def keep_parents(
    connection: Connection, school_id: UUID, states: Sequence[ParentState]
) -> None:
    await connection.execute(
        _upsert("own_parents", ("id",), _PARENT_COLUMNS), *_rows(school_id, states)
    )


async def keep_pupil_fields(
    connection: Connection, school_id: UUID, fields: PupilFieldsChanged
) -> bool:
    """Whether it is newer than what was known."""
    kept = sorted(fields.kept)
    done = await connection.execute(_PUPIL_FIELDS, school_id, fields.version, kept)
    return bool(done == "INSERT 0 1")


async def keep_links(connection: Connection, school_id: UUID, states: Sequence[LinkState]) -> None:
    key = ("kind", "group_id", "person_id")
    await connection.execute(_upsert("own_links", key, _LINK_COLUMNS), *_rows(school_id, states))


def _upsert(table: str, key: tuple[str, ...], typed: str) -> str:
    """Set-based; of two versions of one record in a batch the higher is taken."""
    names = [column.split()[0] for column in typed.split(", ")]
    columns, keys = ", ".join(names), ", ".join(key)
    setters = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key)
    return f"""
        INSERT INTO {table} AS own (school_id, {columns})
        SELECT DISTINCT ON ({keys}) $1::uuid, {columns}
        FROM jsonb_to_recordset($2::jsonb) AS told({typed})
        ORDER BY {keys}, version DESC
        ON CONFLICT (school_id, {keys}) DO UPDATE SET {setters}
        WHERE excluded.version > own.version
    """


def _rows(school_id: UUID, states: Sequence[BaseModel]) -> tuple[Any, ...]:
    return school_id, _json(states).decode()


def _of_model(state: BaseModel) -> dict[str, Any]:
    """Twins, as most are (`shared/messaging/twins.py`), need no help."""
    return state.model_dump(mode="json")


_json = msgspec.json.Encoder(enc_hook=_of_model).encode
