"""Makes the report of a pupil: a template's sections, filled with what was gathered (R25, R27).

Rules, no database and no clock: the same version of a template and the same facts are the same
report. A section about which nothing is known of a pupil is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from services.reports.documents.document import (
    AttainmentRow,
    AttainmentTable,
    Block,
    Detail,
    DetailsBlock,
    GeneralCommentBlock,
    PupilOfReport,
    Report,
    ScaleBand,
    ScaleKeyBlock,
    SignaturesBlock,
    Standing,
    SubjectComment,
    SubjectCommentsBlock,
    TermOfReport,
    TextBlock,
)
from services.reports.documents.gathering import Mark, PupilFacts, SchoolFacts, TermFacts
from services.reports.documents.words import (
    EFFORTS,
    day,
    joined,
    paragraphs_of,
    values_of,
    year_in_words,
)
from services.reports.scale.band import Band
from services.reports.subjects.subject import Subject
from services.reports.templates.placeholders import filled
from services.reports.templates.template import (
    DETAIL_LABELS,
    Attainment,
    DetailField,
    Details,
    GeneralComment,
    ScaleKey,
    Section,
    Signatures,
    SubjectComments,
    TemplateVersion,
    Text,
)

__all__ = ["report_of"]

_NOT_RECORDED = Mark(band_id=None, effort=None, comment="", year_group=None)


def report_of(template: TemplateVersion, school: SchoolFacts, pupil: PupilFacts) -> Report:
    """The report of one pupil for the term of `school`."""
    return _Resolving(template, school, _in_term(school, pupil)).report()


def _in_term(school: SchoolFacts, pupil: PupilFacts) -> PupilFacts:
    """As the pupil was in that term: in an earlier year with the year group and the class that most
    of its marks were recorded in, and with none of today's."""
    if school.term.academic_year == school.academic_year:
        return pupil
    marks = pupil.marks.get(school.term.id, {}).values()
    return replace(
        pupil,
        class_name=_most(mark.class_name for mark in marks),
        class_teachers=(),
        year_group=_most(mark.year_group for mark in marks),
    )


def _most(names: Iterable[str | None]) -> str | None:
    known = sorted(filter(None, names))
    return max(known, key=known.count) if known else None


@dataclass(frozen=True)
class _Resolving:
    template: TemplateVersion
    school: SchoolFacts
    pupil: PupilFacts

    def report(self) -> Report:
        layout, term = self.template.layout, self.school.term
        sections = [self._block(section) for section in layout.sections if section.on]
        return Report(
            kind=self.template.kind,
            template_id=self.template.template_id,
            template_version=self.template.version,
            title=self._filled(layout.title),
            school=self.school.name,
            logo=self.school.logo if layout.page.logo else None,
            pupil=PupilOfReport(
                id=self.pupil.id,
                name=self.pupil.name,
                class_name=self.pupil.class_name or "",
                year_group=year_in_words(self.pupil.year_group),
            ),
            term=TermOfReport(id=term.id, name=term.name, academic_year=term.academic_year),
            blocks=tuple(block for block in sections if block is not None),
            show_school=layout.page.school_name,
            footer=self._filled(layout.page.footer),
            page_numbers=layout.page.page_numbers,
        )

    def _block(self, section: Section) -> Block | None:
        match section:
            case Details():
                return self._details(section)
            case Text():
                return self._text(section)
            case Attainment():
                return self._attainment(section)
            case SubjectComments():
                return self._subject_comments(section)
            case GeneralComment():
                return self._general_comment(section)
            case ScaleKey():
                return self._scale_key(section)
            case Signatures():
                return self._signatures(section)

    def _details(self, section: Details) -> DetailsBlock | None:
        known = [(field, self._detail(field)) for field in section.fields]
        details = tuple(Detail(DETAIL_LABELS[field], value) for field, value in known if value)
        return DetailsBlock(heading=self._heading(section), details=details) if details else None

    def _detail(self, field: DetailField) -> str:
        pupil, term = self.pupil, self.school.term
        match field:
            case "name":
                return pupil.name
            case "class":
                return pupil.class_name or ""
            case "year_group":
                return year_in_words(pupil.year_group)
            case "date_of_birth":
                return day(pupil.date_of_birth)
            case "class_teacher":
                return joined(pupil.class_teachers)
            case "term":
                return f"{term.name} {term.academic_year}"

    def _text(self, section: Text) -> TextBlock | None:
        paragraphs = paragraphs_of(self._filled(section.text))
        heading = self._heading(section)
        return TextBlock(heading=heading, paragraphs=paragraphs) if heading or paragraphs else None

    def _attainment(self, section: Attainment) -> AttainmentTable | None:
        earlier = tuple(reversed(self.school.earlier_terms[: section.earlier_terms]))
        every = [self._row(subject, earlier) for subject in self._subjects()]
        rows = [row for row in every if not (section.leave_out_empty and _says_nothing(row))]
        if not rows:
            return None
        return AttainmentTable(
            heading=self._heading(section),
            show_expectation=section.expectation,
            show_effort=section.effort,
            earlier_terms=tuple(self._name_of_earlier(term) for term in earlier),
            rows=tuple(rows),
        )

    def _row(self, subject: Subject, earlier: tuple[TermFacts, ...]) -> AttainmentRow:
        mark = self._mark(self.school.term.id, subject)
        band = self._band(mark)
        return AttainmentRow(
            subject=subject.name,
            code=band.code if band else "",
            band=band.name if band else "",
            meaning=band.meaning if band else "",
            standing=self._standing(band),
            effort=EFFORTS[mark.effort] if mark.effort else "",
            earlier=tuple(self._band_name(self._mark(term.id, subject)) for term in earlier),
        )

    def _subject_comments(self, section: SubjectComments) -> SubjectCommentsBlock | None:
        comments = []
        for subject in self._subjects():
            mark = self._mark(self.school.term.id, subject)
            paragraphs = paragraphs_of(mark.comment)
            if paragraphs:
                band = self._band_name(mark) if section.attainment else ""
                effort = EFFORTS[mark.effort] if section.effort and mark.effort else ""
                comments.append(SubjectComment(subject.name, band, effort, paragraphs))
        if not comments:
            return None
        return SubjectCommentsBlock(heading=self._heading(section), comments=tuple(comments))

    def _general_comment(self, section: GeneralComment) -> GeneralCommentBlock | None:
        paragraphs = paragraphs_of(self.pupil.comments.get(section.of, ""))
        if not paragraphs:
            return None
        heading = self._heading(section)
        return GeneralCommentBlock(heading=heading, of=section.of, paragraphs=paragraphs)

    def _scale_key(self, section: ScaleKey) -> ScaleKeyBlock | None:
        bands = tuple(
            ScaleBand(band.code, band.name, band.meaning, band.expectation)
            for band in self.school.bands
            if band.active
        )
        return ScaleKeyBlock(heading=self._heading(section), bands=bands) if bands else None

    def _signatures(self, section: Signatures) -> SignaturesBlock | None:
        lines = tuple(self._filled(line) for line in section.lines)
        return SignaturesBlock(heading=self._heading(section), lines=lines) if lines else None

    def _subjects(self) -> list[Subject]:
        """In the school's order: those that are wanted and taught in the year group, and wanted
        ones that the pupil has a mark in, whatever became of them since."""
        wanted = self.template.layout.subjects
        return [
            subject
            for subject in self.school.subjects
            if (wanted is None or subject.id in wanted)
            and (self._is_taught(subject) or self._mark(self.school.term.id, subject).says)
        ]

    def _is_taught(self, subject: Subject) -> bool:
        years = [year.value for year in subject.year_groups]
        return subject.active and (not years or self.pupil.year_group in years)

    def _mark(self, term_id: UUID, subject: Subject) -> Mark:
        return self.pupil.marks.get(term_id, {}).get(subject.id, _NOT_RECORDED)

    def _band(self, mark: Mark) -> Band | None:
        return next((band for band in self.school.bands if band.id == mark.band_id), None)

    def _band_name(self, mark: Mark) -> str:
        band = self._band(mark)
        return band.name if band else ""

    def _standing(self, band: Band | None) -> Standing | None:
        """By the bands' places, of which one is the expectation."""
        places = {each.id: place for place, each in enumerate(self.school.bands)}
        expected = [places[each.id] for each in self.school.bands if each.expectation]
        if band is None or not expected:
            return None
        return "at_or_above" if places[band.id] >= expected[0] else "below"

    def _name_of_earlier(self, term: TermFacts) -> str:
        same_year = term.academic_year == self.school.term.academic_year
        return term.name if same_year else f"{term.name} {term.academic_year}"

    def _heading(self, section: Section) -> str:
        return self._filled(section.heading)

    def _filled(self, text: str) -> str:
        return filled(text, self._values)

    @cached_property
    def _values(self) -> dict[str, str]:
        return values_of(self.pupil, self.school)


def _says_nothing(row: AttainmentRow) -> bool:
    return not (row.band or row.effort or any(row.earlier))
