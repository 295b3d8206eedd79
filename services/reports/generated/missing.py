"""What is missing in a report, before it is made (R27). Rules, without a database."""

from __future__ import annotations

from enum import StrEnum

from services.reports.documents.document import (
    AttainmentTable,
    GeneralCommentBlock,
    Report,
    SubjectCommentsBlock,
)
from services.reports.templates.template import (
    Attainment,
    GeneralComment,
    Layout,
    SubjectComments,
)

__all__ = ["Missing", "missing_in"]


class Missing(StrEnum):
    """Only what the template has a place for."""

    MARKS = "marks"
    SUBJECT_COMMENTS = "subject_comments"
    CLASS_TEACHER_COMMENT = "class_teacher_comment"
    HEAD_TEACHER_COMMENT = "head_teacher_comment"


_GENERAL = {
    "class_teacher": Missing.CLASS_TEACHER_COMMENT,
    "head_teacher": Missing.HEAD_TEACHER_COMMENT,
}


def missing_in(layout: Layout, report: Report) -> tuple[Missing, ...]:
    """Sections of the template in which nothing at all was recorded of this pupil."""
    there = _recorded(report)
    wanted = []
    for section in layout.sections:
        match section:
            case Attainment(on=True):
                wanted.append(Missing.MARKS)
            case SubjectComments(on=True):
                wanted.append(Missing.SUBJECT_COMMENTS)
            case GeneralComment(on=True, of=of):
                wanted.append(_GENERAL[of])
            case _:
                pass
    return tuple(dict.fromkeys(one for one in wanted if one not in there))


def _recorded(report: Report) -> set[Missing]:
    found = set()
    for block in report.blocks:
        match block:
            case AttainmentTable(rows=rows) if any(row.band for row in rows):
                found.add(Missing.MARKS)
            case SubjectCommentsBlock():
                found.add(Missing.SUBJECT_COMMENTS)
            case GeneralCommentBlock(of=of):
                found.add(_GENERAL[of])
            case _:
                pass
    return found
