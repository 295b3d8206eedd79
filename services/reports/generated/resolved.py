"""The reports of some pupils, as they would be made now, with what is missing in each (R27)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.reports.documents.document import Report, report_to_json
from services.reports.documents.gathering import SchoolFacts
from services.reports.documents.repository import gather_pupils, gather_school
from services.reports.documents.resolving import report_of
from services.reports.generated.missing import Missing, missing_in
from services.reports.generated.problems import NoSuchTemplate, NoSuchTerm
from services.reports.templates import repository as templates
from services.reports.templates.template import TemplateVersion
from shared.database.pool import Connection
from shared.typesetting.fonts import not_printable

__all__ = ["Made", "Source", "resolved", "source_of"]

_AT_ONCE = 20


@dataclass(frozen=True)
class Source:
    """What all reports of a job have in common."""

    template: TemplateVersion
    school: SchoolFacts


@dataclass(frozen=True)
class Made:
    pupil_id: UUID
    name: str
    report: Report
    missing: tuple[Missing, ...]

    def json(self) -> str:
        return report_to_json(self.report)

    @property
    def not_printable(self) -> str:
        """Letters that no typeface here has: a box is printed for each."""
        return not_printable(self.json())


async def source_of(
    connection: Connection, template_id: UUID, term_id: UUID, version: int | None = None
) -> Source:
    """The newest version of an active template, or the one that is named.

    Raises `NoSuchTemplate` or `NoSuchTerm`.
    """
    if version is None:
        current = await templates.find(connection, template_id)
        if current is None or not current.active:
            raise NoSuchTemplate
        version = current.saved.version
    found = await templates.find_version(connection, template_id, version)
    if found is None:
        raise NoSuchTemplate
    school = await gather_school(connection, term_id)
    if school is None:
        raise NoSuchTerm
    return Source(found[0], school)


async def resolved(
    connection: Connection, source: Source, pupils: Sequence[tuple[UUID, str]]
) -> list[Made]:
    """In the order of `pupils`, each with the name that the register has."""
    facts = await gather_pupils(connection, source.school, [pupil_id for pupil_id, _ in pupils])
    known = {pupil.id: pupil for pupil in facts}
    made: list[Made] = []
    for pupil_id, name in pupils:
        if len(made) % _AT_ONCE == 0:
            await asyncio.sleep(0)  # others have their turn, however many there are
        report = report_of(source.template, source.school, known[pupil_id])
        missing = missing_in(source.template.layout, report)
        made.append(Made(pupil_id, name, report, missing))
    return made
