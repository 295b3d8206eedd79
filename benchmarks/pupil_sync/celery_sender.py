"""`python -m benchmarks.pupil_sync.celery_sender`: sends each pupil of a JSON list as a task."""

from __future__ import annotations

import json
import sys

from benchmarks.pupil_sync.celery_peer import apply

__all__ = ["main"]


def main() -> None:
    for pupil in json.load(sys.stdin):
        apply.delay(pupil)


if __name__ == "__main__":
    main()
