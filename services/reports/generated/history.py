"""What the activity log is told: who had which reports made, and who downloaded them (R9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.reports.activity import about_school
from services.reports.generated.job import Job
from shared.contracts.activity import ActivityEntry, Actor

__all__ = ["asker", "entry_of"]


def asker(job: Job) -> Actor:
    """For what becomes of it afterwards."""
    return Actor(kind="person", account_id=job.asked_by, name=job.asked_by_name)


def entry_of(
    job: Job, at: datetime, actor: Actor, action: str, school_id: UUID, **more: Any
) -> ActivityEntry:
    """No word of what stands in a report: assessments are the users' (R1)."""
    after = {
        "reports": job.pupils,
        "form": "one file" if job.form == "pdf" else "a file for each pupil",
        "template": f"{job.template_name}, version {job.template_version}",
        **more,
    }
    return about_school(at, actor, action, school_id, job.label, after=after)
