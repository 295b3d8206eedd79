"""The SQL of a school's terms, those of earlier academic years too."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.reports.school_settings.repository import keep_rows
from services.reports.terms.term import Term, in_order
from shared.database.pool import Connection

__all__ = ["keep_terms", "latest_year_before", "terms_of_year"]

_COLUMNS = ("academic_year", "name", "first_day", "last_day", "active", "proposed")


async def terms_of_year(connection: Connection, academic_year: str) -> list[Term]:
    """Those of the transaction's school, in the order of `in_order`."""
    rows = await connection.fetch(
        "SELECT id, name, active, first_day, last_day, proposed FROM terms "
        "WHERE academic_year = $1",
        academic_year,
    )
    return in_order([Term(**row) for row in rows])


async def latest_year_before(connection: Connection, academic_year: str) -> str | None:
    """The newest earlier year that has terms."""
    year: str | None = await connection.fetchval(
        "SELECT max(academic_year) FROM terms WHERE academic_year < $1", academic_year
    )
    return year


async def keep_terms(
    connection: Connection, school_id: UUID, academic_year: str, terms: Sequence[Term]
) -> None:
    rows = [
        {
            "id": str(term.id),
            "academic_year": academic_year,
            "proposed": term.proposed,
            **term.values(),
        }
        for term in terms
    ]
    await keep_rows(connection, "terms", _COLUMNS, school_id, rows)
