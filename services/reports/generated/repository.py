"""The SQL of jobs. Row-level security keeps every statement to the transaction's school."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.reports.generated.job import Form, Job, JobPupil, Scope, ScopeKind
from services.reports.templates.template import TemplateKind
from services.reports.visible.reach import Reach
from shared.database.pool import Connection

__all__ = ["add", "begin_again", "cancel", "fail", "find", "finish", "forget_file", "keep_reports",
           "lock_school", "move_on", "names_of", "newest", "reports_of", "take_time", "total",
           "unfinished"]  # fmt: skip

_LONGEST_WAIT = "15min"
_COLUMNS = """
    id, kind, template_id, template_version, template_name, term_id, term_name, academic_year,
    scope, scope_id, year_group, scope_name, form, pupils, state, attempt, part, made, problem,
    asked_at, asked_by, asked_by_name, moved_at, finished_at, digest, bytes, expires_at, gone_at,
    CASE WHEN state IN ('waiting', 'running') THEN report_job_is_parked(id, attempt)
        ELSE false END AS parked
"""
_SEEN = """
    ($1::uuid IS NULL OR (asked_by = $1 AND CASE scope
        WHEN 'pupil' THEN scope_id IN (SELECT pupils_of_teacher($1))
        WHEN 'group' THEN scope_id IN (SELECT groups_of_teacher($1))
        ELSE false END))
"""
"""Whoever asked, for as long as they see that class or pupil (R14), and senior leaders; `$1` is
`Reach.teacher`."""
_STILL = "id = $1 AND attempt = $2 AND part = $3 AND state IN ('waiting', 'running')"


async def lock_school(connection: Connection, school_id: UUID) -> None:
    """Of two who ask at once, one after the other."""
    await connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('report_jobs ' || $1, 0))", str(school_id)
    )


async def unfinished(connection: Connection, since: datetime) -> int:
    """Jobs that are not finished, and came further since then."""
    count: int = await connection.fetchval(
        "SELECT count(*) FROM report_jobs WHERE state IN ('waiting', 'running') AND moved_at > $1",
        since,
    )
    return count


async def add(connection: Connection, school_id: UUID, job: Job) -> bool:
    """False where one has that id already."""
    done = await connection.execute(
        """
        INSERT INTO report_jobs
            (school_id, id, kind, template_id, template_version, template_name, term_id, term_name,
             academic_year, scope, scope_id, year_group, scope_name, form, pupils, state, asked_at,
             asked_by, asked_by_name, moved_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                $19, $20)
        ON CONFLICT DO NOTHING
        """,
        school_id,
        job.id,
        job.kind.value,
        job.template_id,
        job.template_version,
        job.template_name,
        job.term_id,
        job.term_name,
        job.academic_year,
        job.scope.kind.value,
        job.scope.id,
        job.scope.year_group,
        job.scope_name,
        job.form,
        job.pupils,
        job.state,
        job.asked_at,
        job.asked_by,
        job.asked_by_name,
        job.moved_at,
    )
    return bool(done == "INSERT 0 1")


async def keep_reports(
    connection: Connection, school_id: UUID, job_id: UUID, pupils: Sequence[JobPupil]
) -> None:
    """What stands in the reports, in place of what did."""
    await connection.execute(
        """
        INSERT INTO report_job_pupils (school_id, job_id, position, pupil_id, name, report)
        SELECT $1, $2, t.* FROM unnest($3::integer[], $4::uuid[], $5::text[], $6::text[]) AS t
        ON CONFLICT (school_id, job_id, position) DO UPDATE SET report = excluded.report
        """,
        school_id,
        job_id,
        [pupil.position for pupil in pupils],
        [pupil.pupil_id for pupil in pupils],
        [pupil.name for pupil in pupils],
        [pupil.report for pupil in pupils],
    )


async def find(connection: Connection, job_id: UUID, reach: Reach | None = None) -> Job | None:
    """Without `reach`, for the service itself."""
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM report_jobs WHERE id = $2 AND {_SEEN}",
        reach.teacher if reach else None,
        job_id,
    )
    return _job(row) if row else None


async def newest(
    connection: Connection, reach: Reach, after: tuple[datetime, UUID] | None, limit: int
) -> list[Job]:
    at, job_id = after or (None, None)
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM report_jobs WHERE {_SEEN} "
        "AND ($2::timestamptz IS NULL OR (asked_at, id) < ($2, $3::uuid)) "
        "ORDER BY asked_at DESC, id DESC LIMIT $4",
        reach.teacher,
        at,
        job_id,
        limit,
    )
    return [_job(row) for row in rows]


async def total(connection: Connection, reach: Reach) -> int:
    count: int = await connection.fetchval(
        f"SELECT count(*) FROM report_jobs WHERE {_SEEN}", reach.teacher
    )
    return count


async def reports_of(connection: Connection, job_id: UUID, positions: range) -> list[JobPupil]:
    """In their order."""
    rows = await connection.fetch(
        "SELECT position, pupil_id, name, report FROM report_job_pupils "
        "WHERE job_id = $1 AND position >= $2 AND position < $3 ORDER BY position",
        job_id,
        positions.start,
        positions.stop,
    )
    return [JobPupil(**row) for row in rows]


async def names_of(connection: Connection, job_id: UUID) -> list[str]:
    """Of its pupils, in the order of its reports."""
    rows = await connection.fetch(
        "SELECT name FROM report_job_pupils WHERE job_id = $1 ORDER BY position", job_id
    )
    return [row["name"] for row in rows]


async def take_time(connection: Connection) -> None:
    """This transaction may wait for a press, which takes longer than others may do nothing."""
    await connection.execute(
        "SELECT set_config('idle_in_transaction_session_timeout', $1, true)", _LONGEST_WAIT
    )


async def move_on(connection: Connection, job: Job, made: int, now: datetime) -> bool:
    """To the next part. False where it was cancelled, or this part was made already."""
    done = await connection.execute(
        f"UPDATE report_jobs SET state = 'running', part = part + 1, made = $4, moved_at = $5 "
        f"WHERE {_STILL}",
        job.id,
        job.attempt,
        job.part,
        made,
        now,
    )
    return bool(done == "UPDATE 1")


async def finish(
    connection: Connection, job: Job, digest: str, size: int, now: datetime, expires_at: datetime
) -> bool:
    """With its file. False as in `move_on`."""
    done = await connection.execute(
        f"UPDATE report_jobs SET state = 'done', made = pupils, digest = $4, bytes = $5, "
        f"finished_at = $6, moved_at = $6, expires_at = $7 WHERE {_STILL}",
        job.id,
        job.attempt,
        job.part,
        digest,
        size,
        now,
        expires_at,
    )
    return bool(done == "UPDATE 1")


async def fail(connection: Connection, job: Job, problem: str, now: datetime) -> bool:
    done = await connection.execute(
        f"UPDATE report_jobs SET state = 'failed', problem = $4, finished_at = $5, moved_at = $5 "
        f"WHERE {_STILL}",
        job.id,
        job.attempt,
        job.part,
        problem,
        now,
    )
    return bool(done == "UPDATE 1")


async def cancel(connection: Connection, job: Job, now: datetime) -> bool:
    """False where it was finished just before."""
    done = await connection.execute(
        "UPDATE report_jobs SET state = 'cancelled', finished_at = $2, moved_at = $2 "
        "WHERE id = $1 AND state IN ('waiting', 'running')",
        job.id,
        now,
    )
    return bool(done == "UPDATE 1")


async def begin_again(connection: Connection, job: Job, now: datetime) -> bool:
    """From its first part. False where somebody else was faster."""
    done = await connection.execute(
        "UPDATE report_jobs SET state = 'waiting', attempt = attempt + 1, part = 0, made = 0, "
        "problem = NULL, moved_at = $3, finished_at = NULL, gone_at = NULL, expires_at = NULL "
        "WHERE id = $1 AND attempt = $2",
        job.id,
        job.attempt,
        now,
    )
    return bool(done == "UPDATE 1")


async def forget_file(connection: Connection, job_id: UUID, now: datetime) -> Job | None:
    """The row stays, and says since when its file is gone. `None` where it has none by now."""
    row = await connection.fetchrow(
        f"UPDATE report_jobs SET gone_at = $2 WHERE id = $1 AND state = 'done' "
        f"AND expires_at <= $2 AND gone_at IS NULL RETURNING {_COLUMNS}",
        job_id,
        now,
    )
    return _job(row) if row else None


def _job(row: Any) -> Job:
    said = dict(row)
    form: Form = said.pop("form")
    scope = Scope(ScopeKind(said.pop("scope")), said.pop("scope_id"), said.pop("year_group"))
    return Job(**said | {"kind": TemplateKind(said["kind"]), "scope": scope, "form": form})
