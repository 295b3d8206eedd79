"""What the machine could do: read, check, copy and upsert the same rows, and nothing else.

Into roster's own table with its own indexes, as the limits of the sync and the roll-up do. An
upsert writes every row of the file, whether or not it differs; `ONLY_WHAT_DIFFERS` is the stricter
limit of one that looks first, and leaves the rows that are so already.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
from pydantic import BaseModel, BeforeValidator, Field, TypeAdapter

from benchmarks.pupil_imports.files import REVISIONS, file_of

__all__ = ["ONLY_WHAT_DIFFERS", "import_bare"]

ONLY_WHAT_DIFFERS = "one-percent: only what differs"

_STAGED = """
CREATE TEMPORARY TABLE staged (
    upn text, surname text, forename text, born date, sex text, year_group text);
"""
# Its constraint on UPNs is deferrable, which ON CONFLICT does not take.
_WRITE = """
MERGE INTO pupils USING staged s ON (pupils.school_id, pupils.upn) = ($1, s.upn)
WHEN MATCHED {which}
THEN UPDATE SET version = version + 1, legal_surname = s.surname, legal_forename = s.forename,
    date_of_birth = s.born, sex = s.sex, year_group = s.year_group, surname_key = lower(s.surname),
    forename_key = lower(s.forename), search_text = lower(s.forename || ' ' || s.surname)
WHEN NOT MATCHED
THEN INSERT (school_id, id, version, active, upn, former_upns, legal_forename, legal_surname,
    date_of_birth, sex, year_group, origin, overrides, seen_in_mis, surname_key, forename_key,
    search_text)
VALUES ($1, gen_random_uuid(), 1, true, s.upn, '{{}}', s.forename, s.surname, s.born, s.sex,
    s.year_group, 'import', '{{}}', false, lower(s.surname), lower(s.forename),
    lower(s.forename || ' ' || s.surname))
"""
_UPSERT = _WRITE.format(which="")
_UPSERT_WHAT_DIFFERS = _WRITE.format(
    which="AND (legal_surname, legal_forename, date_of_birth, pupils.sex, pupils.year_group) <> "
    "(s.surname, s.forename, s.born, s.sex, s.year_group)"
)
_Day = Annotated[date, BeforeValidator(lambda t: date(int(t[6:]), int(t[3:5]), int(t[:2])))]


class _Row(BaseModel):
    upn: str = Field(alias="UPN", pattern="^[A-Z][0-9]{11}[0-9A-Z]$")
    surname: str = Field(alias="Surname", min_length=1)
    forename: str = Field(alias="Forename", min_length=1)
    born: _Day = Field(alias="Date of birth")
    sex: Literal["M", "F"] = Field(alias="Sex")
    year_group: str = Field(alias="Year group")


_ROWS = TypeAdapter(list[_Row])


async def import_bare(admin_url: str, schools: Sequence[UUID], pupils: int) -> Mapping[str, float]:
    """Seconds by case. The schools are roster's, and have no pupils yet.

    The last time that all rows are written, the file is that of before, from which one pupil in a
    hundred differs again.
    """
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute(_STAGED)
        new, changed, one_percent = (file_of(case, pupils) for case in REVISIONS)
        return {
            "new": await _import_all(connection, schools, new, _UPSERT),
            "changed": await _import_all(connection, schools, changed, _UPSERT),
            ONLY_WHAT_DIFFERS: await _import_all(
                connection, schools, one_percent, _UPSERT_WHAT_DIFFERS
            ),
            "one-percent": await _import_all(connection, schools, changed, _UPSERT),
        }
    finally:
        await connection.close()


async def _import_all(
    connection: asyncpg.Connection[asyncpg.Record], schools: Sequence[UUID], text: str, upsert: str
) -> float:
    began = time.perf_counter()
    for school_id in schools:
        rows = _ROWS.validate_python(list(csv.DictReader(io.StringIO(text, newline=""))))
        async with connection.transaction():
            await connection.execute("TRUNCATE staged")
            await connection.copy_records_to_table(
                "staged", records=[tuple(vars(row).values()) for row in rows]
            )
            await connection.execute(upsert, school_id)
    return time.perf_counter() - began
