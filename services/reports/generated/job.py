"""A job: reports of some pupils, made in parts, kept as one file for a while (R27). No database.

Its pupils, and what stands in the report of each, are fixed when it is asked for, so that all its
reports are of one moment, and it can be made again as it was once its file is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias
from uuid import UUID

from services.reports.templates.template import TemplateKind

__all__ = [
    "KEPT_FOR",
    "MOST_AT_ONCE",
    "MOST_PUPILS",
    "PUPILS_IN_A_PART",
    "STALLED_AFTER",
    "TEXTS_KEPT_FOR",
    "Form",
    "Job",
    "JobPupil",
    "Scope",
    "ScopeKind",
    "Shown",
    "State",
    "copy_of",
    "file_of",
    "part_of",
]

MOST_PUPILS = 500
"""Of one job: more than any year group that we know of. One file of so many takes 1 GB to set."""
MOST_AT_ONCE = 3
"""Jobs of a school that are not finished."""
PUPILS_IN_A_PART = 20
"""A fifth of a second of work, after which the jobs of others have their turn."""
KEPT_FOR = timedelta(days=120)
"""A term, and the holidays after it."""
TEXTS_KEPT_FOR = timedelta(days=365)
"""What stands in reports, from when they were last made: so long they can be made as they were.
What parents see stays for as long as they see it."""
STALLED_AFTER = timedelta(minutes=10)
"""Without a step further, something that nobody waits out has happened: it can be made again."""

Form: TypeAlias = Literal["pdf", "zip"]
State: TypeAlias = Literal["waiting", "running", "done", "failed", "cancelled"]
Shown: TypeAlias = Literal["waiting", "running", "done", "failed", "cancelled", "stalled", "gone"]


class ScopeKind(StrEnum):
    PUPIL = "pupil"
    GROUP = "group"
    YEAR_GROUP = "year_group"


@dataclass(frozen=True)
class Scope:
    """Whose reports. `id` is of the pupil or the group; a year group has its code instead."""

    kind: ScopeKind
    id: UUID | None = None
    year_group: str | None = None


@dataclass(frozen=True)
class JobPupil:
    """`report` is the resolved report as JSON, empty where it is no longer kept; `name` is as the
    register has it."""

    position: int
    pupil_id: UUID
    name: str
    report: str


@dataclass(frozen=True, kw_only=True)
class Job:
    """`part` is the next to be made, `made` how many reports are. Sizes are in bytes.

    `parked`: what asks for the next part was given up after several tries, so nobody makes it.
    """

    id: UUID
    kind: TemplateKind
    template_id: UUID
    template_version: int
    template_name: str
    term_id: UUID
    term_name: str
    academic_year: str
    scope: Scope
    scope_name: str
    form: Form
    pupils: int
    asked_at: datetime
    asked_by: UUID
    asked_by_name: str
    moved_at: datetime
    state: State = "waiting"
    attempt: int = 1
    part: int = 0
    made: int = 0
    problem: str | None = None
    finished_at: datetime | None = None
    digest: str | None = None
    bytes: int | None = None
    expires_at: datetime | None = None
    gone_at: datetime | None = None
    parked: bool = False

    @property
    def unfinished(self) -> bool:
        return self.state in ("waiting", "running")

    @property
    def parts(self) -> int:
        """How many there are. One file is set in one go, since parts of it would lose the structure
        that screen readers need when they are put together."""
        return 1 if self.form == "pdf" else -(-self.pupils // PUPILS_IN_A_PART)

    def positions(self, part: int) -> range:
        """Of the pupils whose reports are that part."""
        size = self.pupils if self.form == "pdf" else PUPILS_IN_A_PART
        return range(part * size, min((part + 1) * size, self.pupils))

    @property
    def texts_expire_at(self) -> datetime:
        return self.moved_at + TEXTS_KEPT_FOR

    def shown(self, now: datetime) -> Shown:
        if self.state == "done" and (self.gone_at or (self.expires_at and self.expires_at <= now)):
            return "gone"
        if self.unfinished and (self.parked or now - self.moved_at > STALLED_AFTER):
            return "stalled"
        return self.state

    def may_be_cancelled(self, now: datetime) -> bool:
        return self.shown(now) in ("waiting", "running", "stalled")

    def may_be_made_again(self, now: datetime) -> bool:
        return self.shown(now) in ("failed", "cancelled", "stalled", "gone")

    @property
    def label(self) -> str:
        """As the activity log has it."""
        kind = _KINDS[self.kind]
        return f"{kind}: {self.scope_name}, {self.term_name} {self.academic_year}"


_KINDS = {
    TemplateKind.ASSESSMENT_SUMMARY: "Assessment summaries",
    TemplateKind.WRITTEN_REPORT: "Written reports",
}


def file_of(job: Job) -> str:
    """Where the file of a job lies, whichever attempt made it."""
    return f"generated/{job.id}/reports.{job.form}"


def copy_of(job_id: UUID, pupil_id: UUID) -> str:
    """What was printed for the pupil's parents."""
    return f"online/{job_id}/{pupil_id}.pdf"


def part_of(job: Job, part: int) -> str:
    return f"generated/{job.id}/parts/{part:04}.zip"
