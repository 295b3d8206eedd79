"""The metrics of jobs: reports that somebody asked for, until there is a file (R27)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from services.reports.generated.job import Job
from shared.observability.metrics.asked import gauge
from shared.observability.metrics.committed import when_committed
from shared.observability.metrics.registry import counter, histogram

__all__ = ["JOBS_OLDEST", "JOBS_UNFINISHED", "asked_for", "ended"]

End = Literal["done", "failed", "cancelled"]

_KINDS = ("assessment_summary", "written_report")
_OUTCOMES = ("asked", "done", "failed", "cancelled")
_jobs = counter(
    "report_jobs_total",
    "Reports that somebody `asked` for, and what came of it: `done`, `failed`, `cancelled`; by "
    "kind.",
    ["kind", "outcome"],
)
_seconds = histogram(
    "report_job_seconds",
    "From asking for reports until their file was there, by kind.",
    ["kind"],
    buckets=(1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0),
)
JOBS_UNFINISHED = gauge(
    "report_jobs_unfinished",
    "Jobs that are `waiting` to begin or `running`. Of the database: max.",
    ["state"],
)
JOBS_OLDEST = gauge(
    "report_jobs_oldest_seconds",
    "How long ago the one that has not moved on for longest did; 0 where there is none. Of the "
    "database: max.",
    ["state"],
)

for _kind in _KINDS:
    _seconds.labels(_kind)
    for _outcome in _OUTCOMES:
        _jobs.labels(_kind, _outcome)


def asked_for(job: Job) -> None:
    """For the first time, or once more."""
    when_committed(_jobs.labels(job.kind.value, "asked").inc)


def ended(job: Job, end: End, now: datetime) -> None:
    kind = job.kind.value
    when_committed(_jobs.labels(kind, end).inc)
    if end == "done" and job.attempt == 1:
        seconds = (now - job.asked_at).total_seconds()
        when_committed(lambda: _seconds.labels(kind).observe(seconds))
