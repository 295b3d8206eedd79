"""The resolved report of one pupil: all words in their places, and nothing left to look up (R27).

It is made once (`resolving.py`) and kept as JSON, so that it can be printed again as it was; the
PDF and the online page are both drawn from it. All texts are plain, none is markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import Discriminator, TypeAdapter

from services.reports.templates.template import TemplateKind

__all__ = [
    "AttainmentRow",
    "AttainmentTable",
    "Block",
    "Detail",
    "DetailsBlock",
    "GeneralCommentBlock",
    "PupilOfReport",
    "Report",
    "ScaleBand",
    "ScaleKeyBlock",
    "SignaturesBlock",
    "Standing",
    "SubjectComment",
    "SubjectCommentsBlock",
    "TermOfReport",
    "TextBlock",
    "report_from_json",
    "report_to_json",
]

Standing = Literal["below", "at_or_above"]
"""Against the expectation of the pupil's year group."""


@dataclass(frozen=True)
class Detail:
    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class DetailsBlock:
    kind: Literal["details"] = "details"
    heading: str
    details: tuple[Detail, ...]


@dataclass(frozen=True, kw_only=True)
class TextBlock:
    kind: Literal["text"] = "text"
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class AttainmentRow:
    """`code` and `band` are of the school's scale, `meaning` what it says of that band.

    What was not recorded is empty, and `None` for `standing`. `earlier` has a band for each of the
    table's `earlier_terms`. Columns that the template does not want are filled all the same:
    whether they are shown is the table's to say.
    """

    subject: str
    code: str
    band: str
    meaning: str
    standing: Standing | None
    effort: str
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AttainmentTable:
    kind: Literal["attainment"] = "attainment"
    heading: str
    show_expectation: bool
    show_effort: bool
    earlier_terms: tuple[str, ...]
    rows: tuple[AttainmentRow, ...]


@dataclass(frozen=True)
class SubjectComment:
    """`band` and `effort` are empty where they are not recorded, or not wanted."""

    subject: str
    band: str
    effort: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SubjectCommentsBlock:
    kind: Literal["subject_comments"] = "subject_comments"
    heading: str
    comments: tuple[SubjectComment, ...]


@dataclass(frozen=True, kw_only=True)
class GeneralCommentBlock:
    kind: Literal["general_comment"] = "general_comment"
    heading: str
    of: Literal["class_teacher", "head_teacher"]
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class ScaleBand:
    """`expectation`: from this band on a pupil is where the year group is expected to be."""

    code: str
    name: str
    meaning: str
    expectation: bool


@dataclass(frozen=True, kw_only=True)
class ScaleKeyBlock:
    kind: Literal["scale_key"] = "scale_key"
    heading: str
    bands: tuple[ScaleBand, ...]


@dataclass(frozen=True, kw_only=True)
class SignaturesBlock:
    kind: Literal["signatures"] = "signatures"
    heading: str
    lines: tuple[str, ...]


Block: TypeAlias = Annotated[
    DetailsBlock
    | TextBlock
    | AttainmentTable
    | SubjectCommentsBlock
    | GeneralCommentBlock
    | ScaleKeyBlock
    | SignaturesBlock,
    Discriminator("kind"),
]


@dataclass(frozen=True)
class PupilOfReport:
    """`name` is how the pupil is called at school; `class_name` and `year_group` may be empty."""

    id: UUID
    name: str
    class_name: str
    year_group: str


@dataclass(frozen=True)
class TermOfReport:
    id: UUID
    name: str
    academic_year: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """`logo` is the digest of the school's logo, `None` where the template or the school has none.

    `template_id` and `template_version` say what it was made from.
    """

    kind: TemplateKind
    template_id: UUID
    template_version: int
    title: str
    school: str
    logo: str | None
    pupil: PupilOfReport
    term: TermOfReport
    blocks: tuple[Block, ...]
    show_school: bool = True
    footer: str = ""
    page_numbers: bool = True
    language: Literal["en-GB"] = "en-GB"


_REPORT: TypeAdapter[Report] = TypeAdapter(Report)


def report_to_json(report: Report) -> str:
    """The same text for the same report."""
    return _REPORT.dump_json(report).decode()


def report_from_json(kept: str | bytes) -> Report:
    """Raises `ValidationError` for what is none."""
    return _REPORT.validate_json(kept)
