"""Publishing reports to parents (R27): whose, whom it reaches, and who has opened theirs."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from gateway.schemas.generated import ReportKind
from gateway.schemas.parts import PartialPage, Shape, Written

__all__ = [
    "ParentsOfPupils",
    "ParentsReach",
    "Publication",
    "PublicationPage",
    "PublishedPupil",
    "PupilsToPublish",
    "PupilsToWithdraw",
    "ReachOfPupil",
    "ReachWanted",
    "ReportOpening",
]

ParentsReach: TypeAlias = Literal["see", "invited", "not_invited", "none"]
PupilIds = Annotated[list[UUID], Field(min_length=1, max_length=500)]


class PupilsToPublish(Written):
    """Whose reports: those that were looked at."""

    pupil_ids: PupilIds


class PupilsToWithdraw(Written):
    pupil_ids: PupilIds | None = Field(default=None, description="Without pupils, all.")


class ReportOpening(Shape):
    name: str
    first_at: AwareDatetime
    last_at: AwareDatetime


class PublishedPupil(Shape):
    pupil_id: UUID
    name: str
    state: Literal["not_published", "published", "withdrawn", "replaced"]
    hindrance: Literal["newer", "not_on_roll", "not_kept"] | None = Field(
        description="Why it cannot be published: parents see a newer one, the pupil has left, or "
        "its text is not kept any longer."
    )
    replaces_earlier: bool = Field(
        description="Published now, it takes the place of one that parents see."
    )
    published_at: AwareDatetime | None
    published_by_name: str | None
    ended_at: AwareDatetime | None = Field(description="Withdrawn, or replaced by a newer one.")
    ended_by_name: str | None
    openings: list[ReportOpening]
    parents: ParentsReach | None = Field(
        default=None,
        description="What is best among the child's parents; absent where identity is away.",
    )


class Publication(Shape):
    """A job's reports, in their order."""

    job_id: UUID
    kind: ReportKind
    scope_name: str
    term_name: str
    academic_year: str
    made_at: AwareDatetime
    pupils: list[PublishedPupil]


class PublicationPage(PartialPage):
    publication: Publication


class ReachWanted(Written):
    """What identity is asked: of the pupils that reports named, and no others."""

    pupil_ids: list[UUID]


class ReachOfPupil(Shape):
    pupil_id: UUID
    parents: ParentsReach


class ParentsOfPupils(Shape):
    items: list[ReachOfPupil]
