"""Celery: a task for each pupil, and one more that copies them; each a transaction.

`celery -A benchmarks.pupil_sync.celery_peer worker`, acknowledging late, as whoever must not lose a
pupil would have it.
"""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Any

import psycopg
from celery import Celery

from benchmarks.pupil_sync.peer_tables import COPY, UPSERT

__all__ = ["app", "apply", "copy"]

app = Celery("peer", broker=os.environ.get("CLASSROOM_RABBITMQ_URL"))
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
)


@cache
def _database() -> psycopg.Connection[Any]:
    """One of each worker process."""
    return psycopg.connect(os.environ["CLASSROOM_DATABASE_URL"], autocommit=True)


@app.task  # type: ignore[untyped-decorator] # Celery has no types
def apply(pupil: dict[str, Any]) -> None:
    row = _database().execute(UPSERT.format(pupil="%s"), [json.dumps(pupil)]).fetchone()
    if row is not None:
        copy.delay(row[0])


@app.task  # type: ignore[untyped-decorator]
def copy(state: str) -> None:
    _database().execute(COPY.format(pupil="%s"), [state])
