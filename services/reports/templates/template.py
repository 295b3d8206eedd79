"""What a version of a template says: sections in their order, subjects, texts, and the page (R25).

A version never changes once it is saved, so that a report made from it can be made again as it was.
Texts may hold placeholders (`placeholders.py`); they are data, never markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import Discriminator, TypeAdapter

__all__ = [
    "DETAIL_LABELS",
    "Attainment",
    "DetailField",
    "Details",
    "GeneralComment",
    "Layout",
    "Page",
    "ScaleKey",
    "Section",
    "Signatures",
    "SubjectComments",
    "TemplateKind",
    "TemplateVersion",
    "Text",
    "layout_from_json",
    "layout_to_json",
]


class TemplateKind(StrEnum):
    ASSESSMENT_SUMMARY = "assessment_summary"
    WRITTEN_REPORT = "written_report"


DetailField = Literal["name", "class", "year_group", "date_of_birth", "class_teacher", "term"]
DETAIL_LABELS: dict[DetailField, str] = {
    "name": "Name",
    "class": "Class",
    "year_group": "Year group",
    "date_of_birth": "Date of birth",
    "class_teacher": "Class teacher",
    "term": "Term",
}


@dataclass(frozen=True, kw_only=True)
class _Switched:
    """`on` false: kept in the template with what it says, and left out of reports."""

    on: bool = True
    heading: str = ""


@dataclass(frozen=True, kw_only=True)
class Details(_Switched):
    kind: Literal["details"] = "details"
    fields: tuple[DetailField, ...] = ("name", "class", "year_group", "term")


@dataclass(frozen=True, kw_only=True)
class Text(_Switched):
    """Paragraphs of the school's own, one a line, with placeholders."""

    kind: Literal["text"] = "text"
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Attainment(_Switched):
    """A table of subjects. `earlier_terms`: of how many terms before it also tells the bands."""

    kind: Literal["attainment"] = "attainment"
    expectation: bool = True
    effort: bool = True
    earlier_terms: int = 0
    leave_out_empty: bool = True


@dataclass(frozen=True, kw_only=True)
class SubjectComments(_Switched):
    """What was written in each subject; one without a comment is left out."""

    kind: Literal["subject_comments"] = "subject_comments"
    attainment: bool = True
    effort: bool = True


@dataclass(frozen=True, kw_only=True)
class GeneralComment(_Switched):
    kind: Literal["general_comment"] = "general_comment"
    of: Literal["class_teacher", "head_teacher"] = "class_teacher"


@dataclass(frozen=True, kw_only=True)
class ScaleKey(_Switched):
    """What the bands of the attainment scale mean."""

    kind: Literal["scale_key"] = "scale_key"


@dataclass(frozen=True, kw_only=True)
class Signatures(_Switched):
    """A line to sign on for each, with room for the date; placeholders may stand in them."""

    kind: Literal["signatures"] = "signatures"
    lines: tuple[str, ...] = ("Class teacher", "Head teacher")


Section: TypeAlias = Annotated[
    Details | Text | Attainment | SubjectComments | GeneralComment | ScaleKey | Signatures,
    Discriminator("kind"),
]


@dataclass(frozen=True, kw_only=True)
class Page:
    """The furniture of each page. `footer` may hold placeholders."""

    logo: bool = True
    school_name: bool = True
    footer: str = ""
    page_numbers: bool = True


@dataclass(frozen=True, kw_only=True)
class Layout:
    """`title` is the report's first heading. `subjects` `None`: all taught in the year group."""

    title: str
    sections: tuple[Section, ...]
    subjects: tuple[UUID, ...] | None = None
    page: Page = Page()


@dataclass(frozen=True)
class TemplateVersion:
    template_id: UUID
    version: int
    kind: TemplateKind
    name: str
    layout: Layout


_LAYOUT: TypeAdapter[Layout] = TypeAdapter(Layout)


def layout_to_json(layout: Layout) -> str:
    return _LAYOUT.dump_json(layout).decode()


def layout_from_json(kept: str | bytes) -> Layout:
    """Raises `ValidationError` for what no version of this code wrote."""
    return _LAYOUT.validate_json(kept)
