"""What a report of a pupil says: a template's sections with what is known (R25, R27)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.reports.documents.document import (
    AttainmentTable,
    DetailsBlock,
    Report,
    ScaleKeyBlock,
    SignaturesBlock,
    TextBlock,
    report_from_json,
    report_to_json,
)
from services.reports.documents.gathering import Mark
from services.reports.templates.defaults import default_layout
from services.reports.templates.template import (
    Attainment,
    Details,
    GeneralComment,
    Page,
    ScaleKey,
    Signatures,
    SubjectComments,
    TemplateKind,
    Text,
    layout_from_json,
    layout_to_json,
)
from tests.reports.reporting import AUTUMN, PUPIL, SCHOOL, SUMMER, report, with_marks


def table(made: Report) -> AttainmentTable:
    [found] = [block for block in made.blocks if isinstance(block, AttainmentTable)]
    return found


class TestKeptAsJson:
    @given(
        st.sampled_from(TemplateKind),
        st.text(st.characters(codec="utf-8"), max_size=60),
    )
    def test_a_report_and_a_layout_come_back_as_they_were(
        self, kind: TemplateKind, comment: str
    ) -> None:
        made = report(with_marks(comment=comment, class_teacher=comment), kind=kind)
        assert report_from_json(report_to_json(made)) == made
        assert report_to_json(report_from_json(report_to_json(made))) == report_to_json(made)
        assert layout_from_json(layout_to_json(default_layout(kind))) == default_layout(kind)


class TestSections:
    def test_stand_in_their_order_and_what_is_switched_off_is_left_out(self) -> None:
        made = report(
            None,
            Signatures(lines=("{class.teacher}",)),
            Text(text="First\n\n  Second \n"),
            Text(text="Not this", on=False),
            ScaleKey(heading="Key for {pupil.class}"),
        )
        signatures, text, key = made.blocks
        assert isinstance(signatures, SignaturesBlock)
        assert signatures.lines == ("Mrs Smith and Mr Jones",)
        assert isinstance(text, TextBlock)
        assert text.paragraphs == ("First", "Second")
        assert isinstance(key, ScaleKeyBlock)
        assert key.heading == "Key for 3 Blue"

    def test_of_which_nothing_is_known_are_left_out(self) -> None:
        sections = (
            Attainment(heading="A"),
            SubjectComments(heading="B"),
            GeneralComment(heading="C"),
            Details(fields=("class_teacher",)),
        )
        assert report(replace(PUPIL, class_teachers=()), *sections).blocks == ()
        assert len(report(with_marks(), *sections).blocks) == 4

    def test_details_are_those_that_are_known(self) -> None:
        [block] = report(
            replace(PUPIL, date_of_birth=None), Details(fields=("term", "date_of_birth", "name"))
        ).blocks
        assert isinstance(block, DetailsBlock)
        assert [(detail.label, detail.value) for detail in block.details] == [
            ("Term", "Autumn 2026/27"),
            ("Name", "Maya Patel"),
        ]


class TestAttainment:
    def test_stands_against_the_expectation_of_the_scale(self) -> None:
        rows = table(report(None, Attainment())).rows
        assert [(row.code, row.standing) for row in rows[:4]] == [
            ("B", "below"),
            ("J", "at_or_above"),
            ("S", "at_or_above"),
            ("A", "at_or_above"),
        ]

    def test_tells_earlier_terms_in_the_order_of_time_and_names_another_year(self) -> None:
        spring = replace(SUMMER, id=UUID(int=3), name="Spring")
        school = replace(SCHOOL, earlier_terms=[SUMMER, spring])
        made = table(report(with_marks(school=school), Attainment(earlier_terms=2), school=school))
        assert made.earlier_terms == ("Spring 2025/26", "Summer 2025/26")
        bands = [band.name for band in SCHOOL.bands]
        assert made.rows[0].earlier == (bands[2], bands[1])

    def test_has_the_subjects_of_the_year_group_and_those_with_a_mark(self) -> None:
        infant = replace(PUPIL, year_group="1")
        names = [s.name for s in SCHOOL.subjects]
        every = Attainment(leave_out_empty=False)
        assert [row.subject for row in table(report(infant, every)).rows] == [
            name for name in names if name != "Languages"
        ]
        assert [row.subject for row in table(report(with_marks(infant), every)).rows] == names
        gone = replace(SCHOOL, subjects=[replace(s, active=False) for s in SCHOOL.subjects])
        assert report(PUPIL, every, school=gone).blocks == ()
        assert len(table(report(with_marks(), every, school=gone)).rows) == len(names)

    def test_has_chosen_subjects_in_the_schools_order(self) -> None:
        chosen = (SCHOOL.subjects[5].id, SCHOOL.subjects[0].id)
        rows = table(report(None, Attainment(), subjects=chosen)).rows
        assert [row.subject for row in rows] == ["English", "Design and technology"]

    def test_without_a_mark_is_left_out_or_empty(self) -> None:
        emptied = {AUTUMN.id: {SCHOOL.subjects[0].id: Mark(None, None, "", "3")}}
        pupil = replace(PUPIL, marks=emptied)
        assert report(pupil, Attainment()).blocks == ()
        row = table(report(pupil, Attainment(leave_out_empty=False))).rows[0]
        assert (row.band, row.standing, row.effort) == ("", None, "")


class TestAnEarlierYear:
    """Reports of a term that is over say what was, and not what is."""

    def test_has_the_year_group_of_its_marks_and_no_class_of_today(self) -> None:
        school = replace(SCHOOL, academic_year="2027/28")
        moved_up = replace(with_marks(), year_group="4", class_name="4 Red")
        made = report(moved_up, Details(fields=("class", "year_group", "class_teacher")),
                      school=school)  # fmt: skip
        assert (made.pupil.year_group, made.pupil.class_name) == ("Year 3", "")
        [block] = made.blocks
        assert isinstance(block, DetailsBlock)
        assert [detail.label for detail in block.details] == ["Year group"]

    def test_has_the_class_that_most_of_its_marks_were_recorded_in(self) -> None:
        marks = with_marks().marks
        classes = itertools.cycle(("3 Blue", "3 Green", "3 Blue", None))
        then = {subject: replace(mark, class_name=next(classes))
                for subject, mark in marks[AUTUMN.id].items()}  # fmt: skip
        pupil = replace(PUPIL, class_name="4 Red", marks={**marks, AUTUMN.id: then})
        made = report(pupil, Text(text="Was in {pupil.class}."),
                      school=replace(SCHOOL, academic_year="2027/28"))  # fmt: skip
        assert made.pupil.class_name == "3 Blue"
        assert "Was in 3 Blue." in str(made.blocks)


def test_the_logo_is_the_schools_where_the_template_wants_it() -> None:
    assert report(None, ScaleKey()).logo == SCHOOL.logo
    assert report(None, ScaleKey(), page=Page(logo=False)).logo is None
    assert report(None, ScaleKey(), school=replace(SCHOOL, logo=None)).logo is None
