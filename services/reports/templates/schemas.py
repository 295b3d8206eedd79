"""The shapes of templates over HTTP (R25)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Base64Bytes, BaseModel, ConfigDict, Field, StringConstraints

from services.reports.subjects.subject import Subject
from services.reports.templates.placeholders import PLACEHOLDERS
from services.reports.templates.preview import Preview
from services.reports.templates.repository import Saved, Template
from services.reports.templates.service import TemplateWhole
from services.reports.templates.template import (
    DetailField,
    Layout,
    TemplateKind,
    layout_from_json,
)

__all__ = [
    "ActiveBody",
    "CopyBody",
    "NewTemplateBody",
    "PreviewBody",
    "PreviewPages",
    "SaveBody",
    "TakeUpBody",
    "TemplateList",
    "TemplateRow",
    "TemplateView",
    "VersionList",
]

_LINE = r"^[^\x00-\x1f\x7f]*$"
_LINES = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=_LINE)
]
Heading = Annotated[str, StringConstraints(max_length=120, pattern=_LINE)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=_LINE)]
Words = Annotated[str, StringConstraints(max_length=5_000, pattern=_LINES)]
Version = Annotated[int, Field(ge=1, le=2_147_483_647, description="The one that was looked at.")]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _SectionBody(_Said):
    on: bool = True
    heading: Heading = ""


class DetailsBody(_SectionBody):
    kind: Literal["details"]
    fields: list[DetailField] = Field(max_length=10)


class TextBody(_SectionBody):
    kind: Literal["text"]
    text: Words = Field(description="A paragraph a line. Placeholders may stand in it.")


class AttainmentBody(_SectionBody):
    kind: Literal["attainment"]
    expectation: bool
    effort: bool
    earlier_terms: int = Field(ge=0, le=3)
    leave_out_empty: bool


class SubjectCommentsBody(_SectionBody):
    kind: Literal["subject_comments"]
    attainment: bool
    effort: bool


class GeneralCommentBody(_SectionBody):
    kind: Literal["general_comment"]
    of: Literal["class_teacher", "head_teacher"]


class ScaleKeyBody(_SectionBody):
    kind: Literal["scale_key"]


class SignaturesBody(_SectionBody):
    kind: Literal["signatures"]
    lines: list[Line] = Field(max_length=6)


SectionBody = Annotated[
    DetailsBody
    | TextBody
    | AttainmentBody
    | SubjectCommentsBody
    | GeneralCommentBody
    | ScaleKeyBody
    | SignaturesBody,
    Field(discriminator="kind"),
]


class PageBody(_Said):
    logo: bool
    school_name: bool
    footer: Line
    page_numbers: bool


class LayoutBody(_Said):
    """What reports look like: title, sections in their order, subjects, the page's furniture."""

    title: Line
    sections: list[SectionBody] = Field(max_length=40)
    subjects: list[UUID] | None = Field(
        max_length=100, description="Null: all that are taught in the pupil's year group."
    )
    page: PageBody

    def said(self) -> Layout:
        return layout_from_json(self.model_dump_json())

    @classmethod
    def of(cls, layout: Layout) -> LayoutBody:
        return cls.model_validate(layout, from_attributes=True)


class SavedView(BaseModel):
    version: int
    name: str
    saved_at: AwareDatetime
    saved_by: str | None = Field(description="Null for what every school begins with.")
    taken_up: int | None = Field(description="The earlier version that was taken up again.")

    @classmethod
    def of(cls, saved: Saved) -> SavedView:
        return cls.model_validate(saved, from_attributes=True)


class TemplateRow(BaseModel):
    id: UUID
    kind: TemplateKind
    active: bool
    saved: SavedView

    @classmethod
    def of(cls, template: Template) -> TemplateRow:
        return cls.model_validate(template, from_attributes=True)


class TemplateView(TemplateRow):
    """`saved` and `layout` are of one version, `newest` says which is in use."""

    newest: int
    layout: LayoutBody

    @classmethod
    def whole(cls, whole: TemplateWhole) -> TemplateView:
        return cls(
            id=whole.template.id,
            kind=whole.template.kind,
            active=whole.template.active,
            saved=SavedView.of(whole.saved),
            newest=whole.template.saved.version,
            layout=LayoutBody.of(whole.said.layout),
        )


class PlaceholderView(BaseModel):
    """`name` stands in a text as `{name}`."""

    name: str
    meaning: str
    example: str


class SubjectChoice(BaseModel):
    id: UUID
    name: str
    active: bool


class TemplateList(BaseModel):
    """All templates, inactive ones last, and what the editor of one offers."""

    templates: list[TemplateRow]
    placeholders: list[PlaceholderView]
    subjects: list[SubjectChoice]

    @classmethod
    def of(cls, templates: list[Template], subjects: list[Subject]) -> TemplateList:
        return cls(
            templates=[TemplateRow.of(template) for template in templates],
            placeholders=[
                PlaceholderView.model_validate(one, from_attributes=True) for one in PLACEHOLDERS
            ],
            subjects=[SubjectChoice.model_validate(s, from_attributes=True) for s in subjects],
        )


class VersionList(BaseModel):
    """The newest first."""

    versions: list[SavedView]


class NewTemplateBody(_Said):
    kind: TemplateKind
    name: Name | None = Field(default=None, description="Null: its kind's, with a number.")


class CopyBody(_Said):
    name: Name | None = Field(default=None, description="Null: 'Copy of …'.")


class SaveBody(_Said):
    expected_version: Version
    name: Name
    layout: LayoutBody


class TakeUpBody(_Said):
    expected_version: Version


class ActiveBody(_Said):
    active: bool


class PreviewBody(_Said):
    """Saved or not. Without a pupil it is made with somebody who is invented."""

    kind: TemplateKind
    layout: LayoutBody
    pupil_id: UUID | None = None

    def said(self) -> Preview:
        return Preview(self.kind, self.layout.said(), self.pupil_id)


class PreviewPages(BaseModel):
    """A PNG of each page, in base64."""

    pages: list[Base64Bytes]
