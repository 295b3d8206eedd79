"""The SQL of online reports. Row-level security keeps each statement to its school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.reports.generated.job import Job
from services.reports.online.publication import Opening, PublishedPupil, State
from services.reports.visible.reach import Reach
from shared.contracts.activity import Actor
from shared.database.pool import Connection

__all__ = [
    "Listed",
    "end",
    "find_report",
    "list_of_child",
    "lock",
    "next_version",
    "note_opened",
    "publish",
    "pupils_of",
    "replace_earlier",
]


@dataclass(frozen=True)
class Listed:
    """A report that a child's parents see, as one of them finds it in the list."""

    job_id: UUID
    kind: str
    title: str
    term_name: str
    academic_year: str
    published_at: datetime
    opened: bool


async def lock(connection: Connection, school_id: UUID) -> None:
    """Of two who publish or withdraw at once, one after the other."""
    await connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('online_reports ' || $1, 0))", str(school_id)
    )


async def pupils_of(connection: Connection, job: Job, reach: Reach) -> list[PublishedPupil]:
    """Those of the job whom somebody sees (R14), with who opened their reports."""
    rows = await connection.fetch(
        """
        SELECT p.pupil_id, p.name, coalesce(c.active, false) AS on_roll, o.state, o.published_at,
            o.published_by_name, o.ended_at, o.ended_by_name,
            p.report <> '' AS kept, coalesce((seen.asked_at, seen.id) > ($3, $1), false) AS newer,
            coalesce((seen.asked_at, seen.id) < ($3, $1), false) AS earlier
        FROM report_job_pupils p
        LEFT JOIN pupils c ON c.id = p.pupil_id
        LEFT JOIN online_report_pupils o ON (o.job_id, o.pupil_id) = (p.job_id, p.pupil_id)
        LEFT JOIN online_report_pupils x ON x.state = 'published'
            AND (x.pupil_id, x.kind, x.term_id) = (p.pupil_id, $4, $5)
        LEFT JOIN report_jobs seen ON seen.id = x.job_id
        WHERE p.job_id = $1
            AND ($2::uuid IS NULL OR p.pupil_id IN (SELECT pupils_of_teacher($2)))
        ORDER BY p.position
        """,
        job.id,
        reach.teacher,
        job.asked_at,
        job.kind.value,
        job.term_id,
    )
    openings = await _openings(connection, job.id)
    return [PublishedPupil(**dict(row), openings=tuple(openings[row["pupil_id"]])) for row in rows]


async def _openings(connection: Connection, job_id: UUID) -> defaultdict[UUID, list[Opening]]:
    rows = await connection.fetch(
        "SELECT pupil_id, parent_id, parent_name AS name, first_at, last_at "
        "FROM online_report_openings WHERE job_id = $1 ORDER BY first_at, parent_id",
        job_id,
    )
    found: defaultdict[UUID, list[Opening]] = defaultdict(list)
    for row in rows:
        said = dict(row)
        found[said.pop("pupil_id")].append(Opening(**said))
    return found


async def next_version(connection: Connection, school_id: UUID, job_id: UUID) -> int:
    version: int = await connection.fetchval(
        "INSERT INTO online_reports AS known (school_id, job_id, version) VALUES ($1, $2, 1) "
        "ON CONFLICT (school_id, job_id) DO UPDATE SET version = known.version + 1 "
        "RETURNING version",
        school_id,
        job_id,
    )
    return version


async def publish(
    connection: Connection,
    school_id: UUID,
    job: Job,
    pupils: Sequence[UUID],
    by: Actor,
    now: datetime,
) -> None:
    """Nothing that parents see stands in their way any more (`replace_earlier`)."""
    await connection.execute(
        """
        INSERT INTO online_report_pupils (school_id, job_id, pupil_id, kind, term_id, state,
            published_at, published_by, published_by_name)
        SELECT $1, $2, pupil_id, $4, $5, 'published', $6, $7, $8
        FROM unnest($3::uuid[]) AS p (pupil_id)
        ON CONFLICT (school_id, job_id, pupil_id) DO UPDATE SET state = 'published',
            published_at = excluded.published_at, published_by = excluded.published_by,
            published_by_name = excluded.published_by_name,
            ended_at = NULL, ended_by = NULL, ended_by_name = NULL
        """,
        school_id,
        job.id,
        list(pupils),
        job.kind.value,
        job.term_id,
        now,
        by.account_id,
        by.name,
    )


async def replace_earlier(
    connection: Connection, job: Job, pupils: Sequence[UUID], by: Actor, now: datetime
) -> dict[UUID, list[UUID]]:
    """What parents saw of these pupils for the same term: by its job, whose."""
    rows = await connection.fetch(
        "UPDATE online_report_pupils SET state = 'replaced', ended_at = $5, ended_by = $6, "
        "ended_by_name = $7 WHERE state = 'published' AND job_id <> $1 "
        "AND pupil_id = ANY ($2::uuid[]) AND kind = $3 AND term_id = $4 RETURNING job_id, pupil_id",
        job.id,
        list(pupils),
        job.kind.value,
        job.term_id,
        now,
        by.account_id,
        by.name,
    )
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for row in rows:
        found[row["job_id"]].append(row["pupil_id"])
    return dict(sorted(found.items()))


async def end(
    connection: Connection, job_id: UUID, pupils: Sequence[UUID], by: Actor, now: datetime
) -> None:
    """They are withdrawn: their parents see nothing of them any more."""
    await connection.execute(
        "UPDATE online_report_pupils SET state = 'withdrawn', ended_at = $3, ended_by = $4, "
        "ended_by_name = $5 WHERE job_id = $1 AND pupil_id = ANY ($2::uuid[]) "
        "AND state = 'published'",
        job_id,
        list(pupils),
        now,
        by.account_id,
        by.name,
    )


async def list_of_child(connection: Connection, pupil_id: UUID, parent_id: UUID) -> list[Listed]:
    """What the child's parents see, what was published last first."""
    rows = await connection.fetch(
        """
        SELECT o.job_id, o.kind, p.report::json ->> 'title' AS title, j.term_name,
            j.academic_year, o.published_at, seen.parent_id IS NOT NULL AS opened
        FROM online_report_pupils o
        JOIN report_jobs j ON j.id = o.job_id
        JOIN report_job_pupils p ON (p.job_id, p.pupil_id) = (o.job_id, o.pupil_id)
        LEFT JOIN online_report_openings seen
            ON (seen.job_id, seen.pupil_id, seen.parent_id) = (o.job_id, o.pupil_id, $2)
        WHERE o.pupil_id = $1 AND o.state = 'published'
        ORDER BY o.published_at DESC, o.job_id DESC
        """,
        pupil_id,
        parent_id,
    )
    return [Listed(**dict(row)) for row in rows]


async def find_report(
    connection: Connection, job_id: UUID, pupil_id: UUID
) -> tuple[State, datetime, str] | None:
    """Its state, since when it was published, and what stands in it, as JSON; kept as it is until
    the transaction ends. `None` for what never was published."""
    row: Any = await connection.fetchrow(
        "SELECT o.state, o.published_at, p.report FROM online_report_pupils o "
        "JOIN report_job_pupils p ON (p.job_id, p.pupil_id) = (o.job_id, o.pupil_id) "
        "WHERE o.job_id = $1 AND o.pupil_id = $2 FOR SHARE OF o",
        job_id,
        pupil_id,
    )
    return (row["state"], row["published_at"], row["report"]) if row else None


async def note_opened(
    connection: Connection,
    school_id: UUID,
    job_id: UUID,
    pupil_id: UUID,
    parent_id: UUID,
    parent_name: str,
    now: datetime,
) -> None:
    await connection.execute(
        "INSERT INTO online_report_openings (school_id, job_id, pupil_id, parent_id, parent_name, "
        "first_at, last_at) VALUES ($1, $2, $3, $4, $5, $6, $6) "
        "ON CONFLICT (school_id, job_id, pupil_id, parent_id) DO UPDATE "
        "SET last_at = excluded.last_at, parent_name = excluded.parent_name",
        school_id,
        job_id,
        pupil_id,
        parent_id,
        parent_name,
        now,
    )
