"""What the activity log is told of online reports (R9): whose were published, whose withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.reports.activity import about_school
from services.reports.generated.job import Job
from services.reports.online.publication import PublishedPupil
from shared.contracts.activity import ActivityEntry, Actor

__all__ = ["published", "withdrawn"]


def published(
    job: Job,
    pupils: Sequence[PublishedPupil],
    *,
    at: datetime,
    actor: Actor,
    school_id: UUID,
) -> ActivityEntry:
    """No word of what stands in a report: assessments are the users' (R1)."""
    after = {
        "parents_see": _names(pupils),
        "in_place_of_an_earlier_one": _names([one for one in pupils if one.earlier]),
    }
    action = "online_reports.published"
    return about_school(at, actor, action, school_id, job.label, after=after)


def withdrawn(
    job: Job,
    pupils: Sequence[PublishedPupil],
    *,
    at: datetime,
    actor: Actor,
    school_id: UUID,
) -> ActivityEntry:
    before = {"parents_see": _names(pupils)}
    action = "online_reports.withdrawn"
    return about_school(at, actor, action, school_id, job.label, before=before, after={})


def _names(pupils: Sequence[PublishedPupil]) -> list[str]:
    return [pupil.name for pupil in pupils]
