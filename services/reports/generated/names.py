"""What a file of reports is called on the computer of whoever downloads it (R27)."""

from __future__ import annotations

from services.reports.generated.job import Job
from services.reports.generated.zipped import safe_name

__all__ = ["file_name_of"]


def file_name_of(job: Job) -> str:
    """Such as `Written reports 3 Blue Autumn 2026-27.pdf`."""
    kind, _, rest = job.label.partition(": ")
    return f"{safe_name(f'{kind} {rest}'.replace(',', ''), 'Reports', 120)}.{job.form}"
