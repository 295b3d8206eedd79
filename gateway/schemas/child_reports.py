"""A child's reports, as their parents read them (R27): block by block, all texts plain."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from gateway.schemas.generated import ReportKind
from gateway.schemas.parts import Shape

__all__ = [
    "AttainmentBlock",
    "AttainmentOfSubject",
    "BandOfScale",
    "ChildReport",
    "ChildReportList",
    "ChildReportSummary",
    "CommentOnSubject",
    "DetailsBlock",
    "GeneralCommentBlock",
    "ReportDetail",
    "ScaleKeyBlock",
    "SignaturesBlock",
    "SubjectCommentsBlock",
    "TextBlock",
]


class ReportDetail(Shape):
    label: str
    value: str


class DetailsBlock(Shape):
    kind: Literal["details"] = "details"
    heading: str
    details: list[ReportDetail]


class TextBlock(Shape):
    kind: Literal["text"] = "text"
    heading: str
    paragraphs: list[str]


class AttainmentOfSubject(Shape):
    """What was not recorded is empty, and null for `standing`."""

    subject: str
    code: str
    band: str
    meaning: str
    standing: Literal["below", "at_or_above"] | None
    effort: str
    earlier: list[str] = Field(default=[], description="A band for each of the earlier terms.")


class AttainmentBlock(Shape):
    kind: Literal["attainment"] = "attainment"
    heading: str
    show_expectation: bool
    show_effort: bool
    earlier_terms: list[str]
    rows: list[AttainmentOfSubject]


class CommentOnSubject(Shape):
    subject: str
    band: str
    effort: str
    paragraphs: list[str]


class SubjectCommentsBlock(Shape):
    kind: Literal["subject_comments"] = "subject_comments"
    heading: str
    comments: list[CommentOnSubject]


class GeneralCommentBlock(Shape):
    kind: Literal["general_comment"] = "general_comment"
    heading: str
    paragraphs: list[str]


class BandOfScale(Shape):
    """`expectation`: from this band on a child is where the year group is expected to be."""

    code: str
    name: str
    meaning: str
    expectation: bool


class ScaleKeyBlock(Shape):
    kind: Literal["scale_key"] = "scale_key"
    heading: str
    bands: list[BandOfScale]


class SignaturesBlock(Shape):
    kind: Literal["signatures"] = "signatures"
    heading: str
    lines: list[str]


ReportBlock: TypeAlias = Annotated[
    DetailsBlock
    | TextBlock
    | AttainmentBlock
    | SubjectCommentsBlock
    | GeneralCommentBlock
    | ScaleKeyBlock
    | SignaturesBlock,
    Field(discriminator="kind"),
]


class ChildReportSummary(Shape):
    id: UUID
    kind: ReportKind
    title: str
    term_name: str
    academic_year: str
    published_at: AwareDatetime
    opened: bool = Field(description="By the parent who asks.")

    @property
    def file_name(self) -> str:
        return f"{self.title}, {self.term_name} {self.academic_year.replace('/', '-')}.pdf"


class ChildReportList(Shape):
    items: list[ChildReportSummary] = Field(description="What was published last comes first.")


class ChildReport(Shape):
    id: UUID
    kind: ReportKind
    title: str
    school: str
    show_school: bool
    has_logo: bool
    pupil_name: str
    class_name: str
    year_group: str
    term_name: str
    academic_year: str
    published_at: AwareDatetime
    footer: str
    blocks: list[ReportBlock]
