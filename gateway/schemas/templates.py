"""Templates of reports, in versions (R25)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from gateway.schemas.parts import Line, Shape, Written

__all__ = [
    "NewTemplate",
    "PreviewPages",
    "PreviewWanted",
    "Template",
    "TemplateActive",
    "TemplateCopy",
    "TemplateLayout",
    "TemplateList",
    "TemplateRow",
    "TemplateSave",
    "TemplateTakeUp",
    "TemplateVersion",
    "TemplateVersions",
]

TemplateKind = Literal["assessment_summary", "written_report"]
DetailField = Literal["name", "class", "year_group", "date_of_birth", "class_teacher", "term"]
OneLine = Annotated[str, StringConstraints(max_length=200)]
Words = Annotated[str, StringConstraints(max_length=5_000)]


class _Section(Written):
    """What is read is sent back: a field that is not known here would be lost, so it is refused."""

    on: bool = Field(description="False: kept in the template and left out of reports.")
    heading: OneLine


class DetailsSection(_Section):
    kind: Literal["details"]
    fields: list[DetailField]


class TextSection(_Section):
    kind: Literal["text"]
    text: Words = Field(description="A paragraph a line. Placeholders may stand in it.")


class AttainmentSection(_Section):
    kind: Literal["attainment"]
    expectation: bool
    effort: bool
    earlier_terms: int = Field(description="Of how many terms before it also tells the bands.")
    leave_out_empty: bool = Field(description="Without subjects that have no mark.")


class SubjectCommentsSection(_Section):
    kind: Literal["subject_comments"]
    attainment: bool
    effort: bool


class GeneralCommentSection(_Section):
    kind: Literal["general_comment"]
    of: Literal["class_teacher", "head_teacher"]


class ScaleKeySection(_Section):
    kind: Literal["scale_key"]


class SignaturesSection(_Section):
    kind: Literal["signatures"]
    lines: list[OneLine]


TemplateSection = Annotated[
    DetailsSection
    | TextSection
    | AttainmentSection
    | SubjectCommentsSection
    | GeneralCommentSection
    | ScaleKeySection
    | SignaturesSection,
    Field(discriminator="kind"),
]


class TemplatePage(Written):
    """What stands on each page besides."""

    logo: bool
    school_name: bool
    footer: OneLine
    page_numbers: bool


class TemplateLayout(Written):
    """What reports look like. Texts may hold placeholders."""

    title: OneLine
    sections: list[TemplateSection]
    subjects: list[UUID] | None = Field(
        description="Null: all that are taught in the pupil's year group."
    )
    page: TemplatePage


class TemplateVersion(Shape):
    version: int
    name: str
    saved_at: AwareDatetime
    saved_by: str | None = Field(description="Null for what every school begins with.")
    taken_up: int | None = Field(description="The earlier version that was taken up again.")


class TemplateRow(Shape):
    id: UUID
    kind: TemplateKind
    active: bool
    saved: TemplateVersion


class Template(TemplateRow):
    """`saved` and `layout` are of one version, `newest` says which is in use."""

    newest: int
    layout: TemplateLayout


class TemplatePlaceholder(Shape):
    """`name` stands in a text as `{name}`."""

    name: str
    meaning: str
    example: str


class TemplateSubject(Shape):
    id: UUID
    name: str
    active: bool


class TemplateList(Shape):
    """All templates, inactive ones last, and what the editor of one offers."""

    templates: list[TemplateRow]
    placeholders: list[TemplatePlaceholder]
    subjects: list[TemplateSubject]


class TemplateVersions(Shape):
    """The newest first."""

    versions: list[TemplateVersion]


class NewTemplate(Written):
    kind: TemplateKind
    name: Line | None = None


class TemplateCopy(Written):
    name: Line | None = None


class TemplateSave(Written):
    expected_version: int
    name: Line
    layout: TemplateLayout


class TemplateTakeUp(Written):
    expected_version: int


class TemplateActive(Written):
    active: bool


class PreviewWanted(Written):
    """Of what is in the editor, saved or not. Without a pupil it is made with an invented one."""

    kind: TemplateKind
    layout: TemplateLayout
    pupil_id: UUID | None = None


class PreviewPages(Shape):
    pages: list[str] = Field(description="A PNG of each page, in base64.")
