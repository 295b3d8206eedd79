"""What a new template begins with; every school has one of each kind from its first day (R25)."""

from __future__ import annotations

from services.reports.templates.template import (
    Attainment,
    Details,
    GeneralComment,
    Layout,
    Page,
    ScaleKey,
    Signatures,
    SubjectComments,
    TemplateKind,
    Text,
)

__all__ = ["DEFAULT_NAMES", "default_layout"]

DEFAULT_NAMES: dict[TemplateKind, str] = {
    TemplateKind.ASSESSMENT_SUMMARY: "Assessment summary",
    TemplateKind.WRITTEN_REPORT: "Written report",
}
_FOOTER = "{school.name} · {term.name} {academic_year}"


def default_layout(kind: TemplateKind) -> Layout:
    if kind is TemplateKind.ASSESSMENT_SUMMARY:
        return _assessment_summary()
    return _written_report()


def _assessment_summary() -> Layout:
    """One page: where the pupil stands in each subject."""
    return Layout(
        title="Assessment summary for {pupil.full_name}",
        sections=(
            Details(fields=("class", "year_group", "class_teacher", "term")),
            Text(
                text="This summary shows how {pupil.forename} is getting on in each subject this "
                "term, against what is expected of {pupil.year_group}."
            ),
            Attainment(heading="Attainment and effort", earlier_terms=1),
            ScaleKey(heading="What the bands mean"),
        ),
        page=Page(footer=_FOOTER),
    )


def _written_report() -> Layout:
    """What is due once a year: attainment, a comment in each subject, the teachers' words."""
    return Layout(
        title="Report for {pupil.full_name}",
        sections=(
            Details(fields=("class", "year_group", "class_teacher", "term")),
            Text(
                heading="About this report",
                text="This report tells how {pupil.forename} has got on this term. If you would "
                "like to talk about it, please ask at the school’s office.",
            ),
            Attainment(heading="Attainment and effort", earlier_terms=2),
            SubjectComments(heading="Subject by subject", attainment=False, effort=False),
            GeneralComment(heading="Class teacher’s comment", of="class_teacher"),
            GeneralComment(heading="Head teacher’s comment", of="head_teacher"),
            ScaleKey(heading="What the bands mean"),
            Signatures(lines=("Class teacher", "Head teacher")),
        ),
        page=Page(footer=_FOOTER),
    )
