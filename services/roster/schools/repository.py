"""All SQL about the school: identity's details by version, and the academic year that is ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.contracts.identity import SchoolChanged
from shared.contracts.vocabulary import AcademicYearName, YearGroup
from shared.database.pool import Connection

__all__ = ["School", "SchoolRepository"]


_SCHOOL = "school_id, academic_year, year_version, kept_fields, kept_fields_version, roll_version"


@dataclass(frozen=True)
class School:
    id: UUID
    academic_year: AcademicYearName
    year_version: int
    kept_fields: frozenset[str] = frozenset()
    """The optional fields of pupils that the school keeps (R29)."""
    kept_fields_version: int = 0
    roll_version: int = 0
    """Raised by the database with every change of pupils, groups and links."""


class SchoolRepository:
    async def lock(self, connection: Connection, school_id: UUID) -> School | None:
        """The school, which no other transaction changes the roster of until this one ends."""
        row = await connection.fetchrow(
            f"SELECT {_SCHOOL} FROM schools WHERE school_id = $1 FOR NO KEY UPDATE",
            school_id,
        )
        return _school(row) if row else None

    async def get(self, connection: Connection, school_id: UUID) -> School | None:
        row = await connection.fetchrow(
            f"SELECT {_SCHOOL} FROM schools WHERE school_id = $1",
            school_id,
        )
        return _school(row) if row else None

    async def add(
        self, connection: Connection, school_id: UUID, academic_year: AcademicYearName
    ) -> bool:
        """Whether it is new."""
        added = await connection.fetchval(
            "INSERT INTO schools (school_id, academic_year) VALUES ($1, $2) "
            "ON CONFLICT (school_id) DO NOTHING RETURNING true",
            school_id,
            academic_year,
        )
        return added is True

    async def take_details(
        self, connection: Connection, school_id: UUID, details: SchoolChanged
    ) -> None:
        """Take over identity's details, if they are newer than those that are here."""
        await connection.execute(
            "UPDATE schools SET version = $2, name = $3, postcode = $4, first_year_group = $5, "
            "last_year_group = $6 WHERE school_id = $1 AND version < $2",
            school_id,
            details.version,
            details.name,
            details.postcode,
            details.first_year_group,
            details.last_year_group,
        )

    async def keep_fields(
        self, connection: Connection, school_id: UUID, kept: frozenset[str], version: int
    ) -> None:
        """Keep these optional fields of pupils from now on."""
        await connection.execute(
            "UPDATE schools SET kept_fields = $2, kept_fields_version = $3 WHERE school_id = $1",
            school_id,
            sorted(kept),
            version,
        )

    async def year_groups(self, connection: Connection) -> tuple[YearGroup, YearGroup] | None:
        """The first and the last, or `None` until identity told of them."""
        row = await connection.fetchrow("SELECT first_year_group, last_year_group FROM schools")
        if row is None or None in tuple(row):
            return None
        return YearGroup(row["first_year_group"]), YearGroup(row["last_year_group"])

    async def all_ids(self, connection: Connection) -> list[UUID]:
        """Every school's id; the one thing that is known without a tenant."""
        rows = await connection.fetch("SELECT school_ids() AS id")
        return [row["id"] for row in rows]


def _school(row: Any) -> School:
    return School(
        row["school_id"],
        row["academic_year"],
        row["year_version"],
        frozenset(row["kept_fields"]),
        row["kept_fields_version"],
        row["roll_version"],
    )
