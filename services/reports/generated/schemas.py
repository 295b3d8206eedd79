"""Generated reports on the wire (R27)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, model_validator
from uuid_utils.compat import uuid7

from services.reports.generated.job import Job, Scope, ScopeKind, Shown
from services.reports.generated.missing import Missing
from services.reports.generated.names import file_name_of
from services.reports.generated.resolved import Made
from services.reports.generated.service import Wanted
from services.reports.templates.template import TemplateKind
from services.reports.visible.repository import SeenGroup
from shared.contracts.vocabulary import GroupKind, YearGroup

__all__ = [
    "GenerateBody",
    "GroupChoice",
    "JobView",
    "LookBody",
    "LookView",
    "PupilLook",
    "ReportChoicesView",
    "ReportPreviewBody",
    "TemplateChoice",
    "TermChoice",
    "YearGroupChoice",
]


class ScopeBody(BaseModel):
    """A pupil or a group by `id`, a year group by its code."""

    kind: ScopeKind
    id: UUID | None = None
    year_group: YearGroup | None = None

    @model_validator(mode="after")
    def _say_which(self) -> ScopeBody:
        by_code = self.kind is ScopeKind.YEAR_GROUP
        if (self.id is None) != by_code or (self.year_group is None) == by_code:
            raise ValueError("a year group is named by its code, all else by its id")
        return self

    def scope(self) -> Scope:
        return Scope(self.kind, self.id, self.year_group.value if self.year_group else None)


class LookBody(BaseModel):
    template_id: UUID
    term_id: UUID
    scope: ScopeBody

    def wanted(self) -> Wanted:
        return Wanted(self.template_id, self.term_id, self.scope.scope())


class GenerateBody(LookBody):
    """`id` is made by the page, where it can: asked twice, it is one job."""

    id: UUID = Field(default_factory=uuid7)
    form: Literal["pdf", "zip"]


class ReportPreviewBody(BaseModel):
    template_id: UUID
    term_id: UUID
    pupil_id: UUID

    def wanted(self) -> Wanted:
        return Wanted(self.template_id, self.term_id, Scope(ScopeKind.PUPIL, self.pupil_id))


class TemplateChoice(BaseModel):
    id: UUID
    kind: TemplateKind
    name: str


class TermChoice(BaseModel):
    """`current`: today is in it, or it is the last one before today."""

    id: UUID
    name: str
    academic_year: str
    current: bool


class GroupChoice(BaseModel):
    id: UUID
    name: str
    kind: GroupKind
    pupils: int

    @classmethod
    def of(cls, group: SeenGroup) -> GroupChoice:
        return cls(id=group.id, name=group.name, kind=group.kind, pupils=group.pupils)


class YearGroupChoice(BaseModel):
    year_group: YearGroup
    pupils: int


class ReportChoicesView(BaseModel):
    """What somebody can have made: year groups are for senior leaders."""

    templates: list[TemplateChoice]
    terms: list[TermChoice]
    groups: list[GroupChoice]
    year_groups: list[YearGroupChoice]


class PupilLook(BaseModel):
    pupil_id: UUID
    name: str
    missing: list[Missing]
    not_printable: Annotated[str, Field(description="Letters for which a box is printed.")]

    @classmethod
    def of(cls, made: Made) -> PupilLook:
        return cls(
            pupil_id=made.pupil_id,
            name=made.name,
            missing=list(made.missing),
            not_printable=made.not_printable,
        )


class LookView(BaseModel):
    """In the order in which the reports are put."""

    scope_name: str
    pupils: list[PupilLook]


class JobView(BaseModel):
    """`made` of `pupils` reports are made. `gone`: the file was kept until `expires_at`."""

    id: UUID
    kind: TemplateKind
    template_name: str
    template_version: int
    term_name: str
    academic_year: str
    scope_kind: ScopeKind
    scope_name: str
    form: Literal["pdf", "zip"]
    state: Shown
    pupils: int
    made: int
    problem: str | None
    asked_at: AwareDatetime
    asked_by: UUID
    asked_by_name: str
    finished_at: AwareDatetime | None
    expires_at: AwareDatetime | None
    bytes: Annotated[int | None, Field(description="Of the file.")]
    file_name: str

    @classmethod
    def of(cls, job: Job, shown: Shown) -> JobView:
        return cls(
            id=job.id,
            kind=job.kind,
            template_name=job.template_name,
            template_version=job.template_version,
            term_name=job.term_name,
            academic_year=job.academic_year,
            scope_kind=job.scope.kind,
            scope_name=job.scope_name,
            form=job.form,
            state=shown,
            pupils=job.pupils,
            made=job.made,
            problem=job.problem,
            asked_at=job.asked_at,
            asked_by=job.asked_by,
            asked_by_name=job.asked_by_name,
            finished_at=job.finished_at,
            expires_at=job.expires_at,
            bytes=job.bytes if shown == "done" else None,
            file_name=file_name_of(job),
        )
