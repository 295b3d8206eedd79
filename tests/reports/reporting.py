"""Facts and templates for tests of reports, made by hand: no database."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from PIL import Image

from services.reports.documents.document import Report
from services.reports.documents.gathering import Mark, PupilFacts, SchoolFacts, TermFacts
from services.reports.documents.resolving import report_of
from services.reports.scale.band import default_bands
from services.reports.subjects.subject import default_subjects
from services.reports.templates.defaults import default_layout
from services.reports.templates.template import Layout, Page, Section, TemplateKind, TemplateVersion

__all__ = ["AUTUMN", "LOGO", "LOGOS", "PUPIL", "SCHOOL", "SUMMER", "report", "with_marks"]

_PICTURE = io.BytesIO()
Image.new("RGB", (300, 200), "#14506b").save(_PICTURE, "PNG")
LOGO = hashlib.sha256(_PICTURE.getvalue()).hexdigest()
LOGOS = {LOGO: _PICTURE.getvalue()}

AUTUMN = TermFacts(UUID(int=1), "Autumn", "2026/27", date(2026, 9, 1), date(2026, 12, 18))
SUMMER = TermFacts(UUID(int=2), "Summer", "2025/26", date(2026, 4, 13), date(2026, 7, 17))
SCHOOL = SchoolFacts(
    name="Heron Park Primary School",
    logo=LOGO,
    academic_year="2026/27",
    term=AUTUMN,
    earlier_terms=[SUMMER],
    subjects=default_subjects(),
    bands=default_bands(),
)
PUPIL = PupilFacts(
    id=UUID(int=7),
    forename="Maya",
    surname="Patel",
    legal_name="Maya Louise Patel",
    date_of_birth=date(2019, 5, 4),
    sex="F",
    year_group="3",
    class_name="3 Blue",
    class_teachers=("Mrs Smith", "Mr Jones"),
)


def with_marks(pupil: PupilFacts = PUPIL, school: SchoolFacts = SCHOOL, **said: str) -> PupilFacts:
    """A mark in each subject and term, each band in turn; comments as they are `said`."""
    marks = {
        term.id: {
            subject.id: Mark(
                school.bands[(place + ago) % len(school.bands)].id,
                "good",
                said.get("comment", f"{pupil.forename} likes {subject.name}."),
                pupil.year_group,
            )
            for place, subject in enumerate(school.subjects)
        }
        for ago, term in enumerate((school.term, *school.earlier_terms))
    }
    comments: dict[Any, str] = {
        "class_teacher": said.get("class_teacher", "A kind member of the class."),
        "head_teacher": said.get("head_teacher", "Well done."),
    }
    return replace(pupil, marks=marks, comments=comments)


def report(
    pupil: PupilFacts | None = None,
    *sections: Section,
    school: SchoolFacts = SCHOOL,
    title: str = "Report for {pupil.full_name}",
    kind: TemplateKind = TemplateKind.WRITTEN_REPORT,
    **layout: Any,
) -> Report:
    """Of a template with these sections, or of the written report that every school begins with."""
    said = (
        Layout(title=title, sections=sections, page=layout.pop("page", Page()), **layout)
        if sections
        else default_layout(kind)
    )
    template = TemplateVersion(UUID(int=9), 3, kind, "Report", said)
    return report_of(template, school, pupil or with_marks())
