"""What the machine could do: read, check, copy and upsert the same rows, and nothing else."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal
from uuid import UUID, uuid4

import asyncpg
from pydantic import BaseModel, BeforeValidator, Field, TypeAdapter

from benchmarks.pupil_imports.files import REVISIONS, file_of
from benchmarks.servers import Servers

__all__ = ["import_bare"]

_TABLES = """
CREATE TABLE pupils (
    school_id uuid, upn text, surname text NOT NULL, forename text NOT NULL, born date NOT NULL,
    sex text NOT NULL, year_group text NOT NULL, PRIMARY KEY (school_id, upn));
CREATE TEMPORARY TABLE staged (
    upn text, surname text, forename text, born date, sex text, year_group text);
"""
_UPSERT = """
INSERT INTO pupils SELECT $1, s.* FROM staged s
ON CONFLICT (school_id, upn) DO UPDATE
SET (surname, forename, born, sex, year_group) =
    ROW (excluded.surname, excluded.forename, excluded.born, excluded.sex, excluded.year_group)
WHERE (pupils.surname, pupils.forename, pupils.born, pupils.sex, pupils.year_group) <>
    (excluded.surname, excluded.forename, excluded.born, excluded.sex, excluded.year_group)
"""
_Day = Annotated[date, BeforeValidator(lambda t: date(int(t[6:]), int(t[3:5]), int(t[:2])))]


class _Row(BaseModel):
    upn: str = Field(alias="UPN", pattern="^[A-Z][0-9]{11}[0-9A-Z]$")
    surname: str = Field(alias="Surname", min_length=1)
    forename: str = Field(alias="Forename", min_length=1)
    born: _Day = Field(alias="Date of birth")
    sex: Literal["M", "F"] = Field(alias="Sex")
    year_group: str = Field(alias="Year group")


_ROWS = TypeAdapter(list[_Row])


async def import_bare(servers: Servers, schools: int, pupils: int) -> Mapping[str, float]:
    """Seconds by case."""
    async with servers.empty_database("bare") as url:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(_TABLES)
            ids = [uuid4() for _ in range(schools)]
            return {case: await _import_all(connection, ids, case, pupils) for case in REVISIONS}
        finally:
            await connection.close()


async def _import_all(
    connection: asyncpg.Connection[asyncpg.Record], schools: list[UUID], case: str, pupils: int
) -> float:
    text = file_of(case, pupils)
    began = time.perf_counter()
    for school_id in schools:
        rows = _ROWS.validate_python(list(csv.DictReader(io.StringIO(text, newline=""))))
        async with connection.transaction():
            await connection.execute("TRUNCATE staged")
            await connection.copy_records_to_table(
                "staged", records=[tuple(vars(row).values()) for row in rows]
            )
            await connection.execute(_UPSERT, school_id)
    return time.perf_counter() - began
