"""What somebody can choose from on Generate Reports (R27)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from services.reports.generated.choices_repository import (
    TermSoFar,
    pupils_by_year_group,
    terms_so_far,
)
from services.reports.generated.schemas import (
    GroupChoice,
    ReportChoicesView,
    TemplateChoice,
    TermChoice,
    YearGroupChoice,
)
from services.reports.templates.service import Templates
from services.reports.visible.reach import reach_of
from services.reports.visible.service import groups_for
from shared.contracts.vocabulary import YearGroup
from shared.database.pool import Connection
from shared.school.academic_year import school_day
from shared.security.principals import Principal

__all__ = ["choices_for"]

_MOST_TERMS = 30


async def choices_for(
    connection: Connection, principal: Principal, templates: Templates, now: datetime
) -> ReportChoicesView:
    """A school that has had no templates yet has its first ones now.

    Raises `AssessmentsAreTheUsers`.
    """
    groups = await groups_for(connection, principal)
    years: dict[str, int] = {}
    if reach_of(principal).whole_school:
        years = await pupils_by_year_group(connection)
    return ReportChoicesView(
        templates=[
            TemplateChoice(id=one.id, kind=one.kind, name=one.saved.name)
            for one in await templates.of_school(connection, principal.tenant, active_only=True)
        ],
        terms=_terms(await terms_so_far(connection, _MOST_TERMS), school_day(now)),
        groups=[GroupChoice.of(group) for group in groups if group.pupils],
        year_groups=[
            YearGroupChoice(year_group=YearGroup(year), pupils=pupils)
            for year, pupils in years.items()
        ],
    )


def _terms(rows: Sequence[TermSoFar], today: date) -> list[TermChoice]:
    begun = next((row.id for row in rows if row.first_day <= today), None)
    return [
        TermChoice(
            id=row.id,
            name=row.name,
            academic_year=row.academic_year,
            current=row.id == begun,
        )
        for row in rows
    ]
