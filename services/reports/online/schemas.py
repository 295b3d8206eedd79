"""Online reports on the wire (R27)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from services.reports.documents.document import Block
from services.reports.generated.job import MOST_PUPILS
from services.reports.online.parents import ReportOfChild
from services.reports.online.publication import Hindrance, Publication, PublishedPupil
from services.reports.online.repository import Listed
from services.reports.templates.template import TemplateKind

__all__ = [
    "ChildReportList",
    "ChildReportListed",
    "ChildReportView",
    "OpeningView",
    "PublicationView",
    "PublishBody",
    "PublishedPupilView",
    "WithdrawBody",
]

PupilIds = Annotated[list[UUID], Field(min_length=1, max_length=MOST_PUPILS)]


class PublishBody(BaseModel):
    """Whose reports: those that were looked at."""

    pupil_ids: PupilIds


class WithdrawBody(BaseModel):
    """Without pupils, all."""

    pupil_ids: PupilIds | None = None


class OpeningView(BaseModel):
    name: str
    first_at: AwareDatetime
    last_at: AwareDatetime


class PublishedPupilView(BaseModel):
    """`replaces_earlier`: published now, it takes the place of one that parents see."""

    pupil_id: UUID
    name: str
    state: Literal["not_published", "published", "withdrawn", "replaced"]
    hindrance: Hindrance | None
    replaces_earlier: bool
    published_at: AwareDatetime | None
    published_by_name: str | None
    ended_at: AwareDatetime | None
    ended_by_name: str | None
    openings: list[OpeningView]

    @classmethod
    def of(cls, pupil: PublishedPupil) -> PublishedPupilView:
        return cls(
            pupil_id=pupil.pupil_id,
            name=pupil.name,
            state=pupil.state or "not_published",
            hindrance=pupil.hindrance,
            replaces_earlier=pupil.may_be_published and pupil.earlier,
            published_at=pupil.published_at,
            published_by_name=pupil.published_by_name,
            ended_at=pupil.ended_at,
            ended_by_name=pupil.ended_by_name,
            openings=[
                OpeningView(name=one.name, first_at=one.first_at, last_at=one.last_at)
                for one in pupil.openings
            ],
        )


class PublicationView(BaseModel):
    """A job's reports, and of each pupil whether its parents see it."""

    job_id: UUID
    kind: TemplateKind
    scope_name: str
    term_name: str
    academic_year: str
    made_at: AwareDatetime
    pupils: list[PublishedPupilView]

    @classmethod
    def of(cls, publication: Publication) -> PublicationView:
        job = publication.job
        return cls(
            job_id=job.id,
            kind=job.kind,
            scope_name=job.scope_name,
            term_name=job.term_name,
            academic_year=job.academic_year,
            made_at=job.asked_at,
            pupils=[PublishedPupilView.of(pupil) for pupil in publication.pupils],
        )


class ChildReportListed(BaseModel):
    """`opened`: by the parent who asks."""

    id: UUID
    kind: TemplateKind
    title: str
    term_name: str
    academic_year: str
    published_at: AwareDatetime
    opened: bool

    @classmethod
    def of(cls, listed: Listed) -> ChildReportListed:
        return cls(
            id=listed.job_id,
            kind=TemplateKind(listed.kind),
            title=listed.title,
            term_name=listed.term_name,
            academic_year=listed.academic_year,
            published_at=listed.published_at,
            opened=listed.opened,
        )


class ChildReportList(BaseModel):
    items: list[ChildReportListed]


class ChildReportView(BaseModel):
    """What stands in a report, block by block; all texts are plain, none is markup."""

    id: UUID
    kind: TemplateKind
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
    blocks: list[Block]

    @classmethod
    def of(cls, opened: ReportOfChild) -> ChildReportView:
        report = opened.report
        return cls(
            id=opened.job_id,
            kind=report.kind,
            title=report.title,
            school=report.school,
            show_school=report.show_school,
            has_logo=report.logo is not None,
            pupil_name=report.pupil.name,
            class_name=report.pupil.class_name,
            year_group=report.pupil.year_group,
            term_name=report.term.name,
            academic_year=report.term.academic_year,
            published_at=opened.published_at,
            footer=report.footer,
            blocks=list(report.blocks),
        )
