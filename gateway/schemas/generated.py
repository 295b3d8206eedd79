"""Reports that are made in the background, and downloaded as files (R27)."""

from __future__ import annotations

from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from gateway.schemas.parts import Shape, Written
from shared.contracts.vocabulary import GroupKind, YearGroup

__all__ = [
    "GeneratedReports",
    "GeneratedReportsList",
    "ReportChoices",
    "ReportGroup",
    "ReportPreviewWanted",
    "ReportPupil",
    "ReportScope",
    "ReportTemplateChoice",
    "ReportTerm",
    "ReportYearGroup",
    "ReportsLook",
    "ReportsLookWanted",
    "ReportsWanted",
]

ReportKind: TypeAlias = Literal["assessment_summary", "written_report"]
ReportForm: TypeAlias = Literal["pdf", "zip"]
ReportScopeKind: TypeAlias = Literal["pupil", "group", "year_group"]
MissingInReport: TypeAlias = Literal[
    "marks", "subject_comments", "class_teacher_comment", "head_teacher_comment"
]


class ReportScope(Written):
    """A pupil or a group by `id`, a year group by its code."""

    kind: ReportScopeKind
    id: UUID | None = None
    year_group: YearGroup | None = None

    @model_validator(mode="after")
    def _say_which(self) -> ReportScope:
        by_code = self.kind == "year_group"
        if (self.id is None) != by_code or (self.year_group is None) == by_code:
            raise ValueError("a year group is named by its code, all else by its id")
        return self


class ReportsLookWanted(Written):
    template_id: UUID
    term_id: UUID
    scope: ReportScope


class ReportsWanted(ReportsLookWanted):
    id: UUID | None = Field(
        default=None, description="A new id, made by the page: asked for twice, it is one job."
    )
    form: ReportForm = Field(description="One PDF, or a ZIP with one for each pupil.")


class ReportPreviewWanted(Written):
    template_id: UUID
    term_id: UUID
    pupil_id: UUID


class ReportTemplateChoice(Shape):
    id: UUID
    kind: ReportKind
    name: str


class ReportTerm(Shape):
    id: UUID
    name: str
    academic_year: str
    current: bool = Field(description="Today is in it, or it is the last one before today.")


class ReportGroup(Shape):
    id: UUID
    name: str
    kind: GroupKind
    pupils: int


class ReportYearGroup(Shape):
    year_group: YearGroup
    pupils: int


class ReportChoices(Shape):
    """What somebody can have made; year groups are for senior leaders."""

    templates: list[ReportTemplateChoice]
    terms: list[ReportTerm] = Field(description="The newest first.")
    groups: list[ReportGroup]
    year_groups: list[ReportYearGroup]


class ReportPupil(Shape):
    pupil_id: UUID
    name: str
    missing: list[MissingInReport] = Field(
        description="What the template has a place for, and nobody has recorded."
    )
    not_printable: str = Field(
        "",
        description="Letters that no typeface of ours has, each once: a box is printed for each.",
    )


class ReportsLook(Shape):
    """Whose reports they would be, in the order in which they are put."""

    scope_name: str
    pupils: list[ReportPupil]


class GeneratedReports(Shape):
    """`made` of `pupils` reports are made.

    `stalled`: it does not come further by itself. `gone`: the file was kept until `expires_at`.
    """

    id: UUID
    kind: ReportKind
    template_name: str
    template_version: int
    term_name: str
    academic_year: str
    scope_kind: ReportScopeKind
    scope_name: str
    form: ReportForm
    state: Literal["waiting", "running", "done", "failed", "cancelled", "stalled", "gone"]
    pupils: int
    made: int
    problem: str | None
    asked_at: AwareDatetime
    asked_by: UUID
    asked_by_name: str
    finished_at: AwareDatetime | None
    expires_at: AwareDatetime | None
    bytes: int | None
    file_name: str


class GeneratedReportsList(Shape):
    items: list[GeneratedReports] = Field(description="The newest first.")
    next_cursor: str | None = None
    total: int
