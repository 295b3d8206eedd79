"""One school's runs: which may start, what starting one does, and when it has come to rest.

One run of a school at a time. All of a step is one transaction, its proposals included, so a crash
leaves the step before it, and the next look at the school goes on from there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from services.mis_sync import activity
from services.mis_sync.context import MisSync
from services.mis_sync.links import repository as links
from services.mis_sync.mapping import repository as mapping
from services.mis_sync.matching.records import School
from services.mis_sync.runs import batches, history
from services.mis_sync.runs.comparison import Proposals, compare
from services.mis_sync.runs.due import looked_at, make_due
from services.mis_sync.runs.history import Run
from services.mis_sync.runs.limits import (
    COMPLETE_WITHIN,
    LOOK_AGAIN_AFTER,
    MAX_ATTEMPTS,
    MAX_FAILURES,
    QUIET_FOR,
)
from services.mis_sync.runs.overdue import next_due_at, overdue
from services.mis_sync.runs.takeover import supersede_older, take_over
from services.mis_sync.runs.told import year_of_comparison
from services.mis_sync.snapshots.repository import discard
from services.mis_sync.snapshots.staging import give_up
from shared.database.pool import Connection
from shared.messaging.traces import continuing
from shared.school.year_groups import year_groups_between

__all__ = ["close_if_answered", "look_at_school", "record_failure", "school_rules", "start_next"]

_log = structlog.get_logger(__name__)


async def look_at_school(mis_sync: MisSync, connection: Connection, school_id: UUID) -> Run | None:
    """Give up what is overdue and start what may start; the run that was tried, if any.

    Raises `LockNotAvailableError` where somebody holds the school's link.
    """
    now = mis_sync.clock()
    if await links.lock_link_soon(connection, school_id) is None:
        await looked_at(connection, school_id, None)
        return None
    for late in await overdue(
        connection, school_id, now, receives_for=COMPLETE_WITHIN, quiet_for=QUIET_FOR
    ):
        await give_up(connection, school_id, late.run_id, late.snapshot_id, late.note, now)
    run = await start_next(mis_sync, connection, school_id)
    due = await next_due_at(
        connection,
        school_id,
        waits_until=now + LOOK_AGAIN_AFTER,
        receives_for=COMPLETE_WITHIN,
        quiet_for=QUIET_FOR,
    )
    await looked_at(connection, school_id, due)
    return run


async def start_next(mis_sync: MisSync, connection: Connection, school_id: UUID) -> Run | None:
    """Start the oldest run that waits, and those after it for as long as they end at once."""
    started = None
    while run := await _next(connection, school_id, mis_sync.clock()):
        started = run
        with continuing(run.traceparent, "start a run"):
            await _start(mis_sync, connection, school_id, run)
    return started


async def _next(connection: Connection, school_id: UUID, now: datetime) -> Run | None:
    """The run whose turn it is, if its turn has come."""
    if await history.applying(connection, school_id):
        return None
    waiting = await history.waiting(connection, school_id)
    for run in waiting:
        if run.snapshot_id is not None:
            await supersede_older(connection, school_id, run.snapshot_id, now)
    waiting = await history.waiting(connection, school_id)
    if not waiting or (waiting[0].next_try_at or now) > now:
        return None
    if await school_rules(connection, school_id, None) is None:
        return None
    return waiting[0] if await mapping.copies_have_caught_up(connection, school_id) else None


async def _start(mis_sync: MisSync, connection: Connection, school_id: UUID, run: Run) -> None:
    now = mis_sync.clock()
    link = await links.lock_link(connection, school_id)
    school = await school_rules(connection, school_id, None)
    if link is None or school is None:
        raise LookupError("a run needs a link and the school's academic year")
    if run.snapshot_id is None:
        year = await year_of_comparison(connection, school_id, link, school.academic_year)
    else:
        year = await take_over(connection, school_id, run, link, school.academic_year, now)
        if year is None:
            return
    if year is None:
        note = "There is no snapshot to compare yet."
        await history.end(connection, school_id, run.id, "closed", now, note=note)
        return
    await _compare(mis_sync, connection, school_id, run, year, now)


async def _compare(
    mis_sync: MisSync,
    connection: Connection,
    school_id: UUID,
    run: Run,
    year: str,
    started_at: datetime,
) -> None:
    school = await school_rules(connection, school_id, year)
    if school is None:
        raise LookupError("a run needs the school's academic year")
    proposals = await compare(connection, school_id, school, started_at)
    sent = await batches.send(mis_sync.outbox, connection, school_id, run.id, year, proposals)
    await history.set_applying(
        connection,
        school_id,
        run.id,
        academic_year=year,
        limited=school.limited,
        started_at=started_at,
        compared_at=mis_sync.clock(),
    )
    await history.set_counts(connection, school_id, run.id, proposals.counts())
    await _tell_matched(mis_sync, connection, school_id, proposals, started_at)
    _log.info("run_compared", run_id=str(run.id), batches=sent, **proposals.counts())
    await batches.forget_changes(connection, school_id, started_at)
    if sent == 0:
        await _close(mis_sync, connection, school_id, run)


async def close_if_answered(
    mis_sync: MisSync, connection: Connection, school_id: UUID, run_id: UUID
) -> None:
    """The run has come to rest once every batch is answered; what is stale is compared again."""
    if await batches.unanswered(connection, school_id, run_id):
        return
    run = await history.find(connection, school_id, run_id)
    if run is not None and run.state == "applying":
        await _close(mis_sync, connection, school_id, run)


async def _close(mis_sync: MisSync, connection: Connection, school_id: UUID, run: Run) -> None:
    now = mis_sync.clock()
    note = None
    if run.limited:
        note = "The MIS is in another academic year: only details of mapped pupils were applied."
    await history.end(connection, school_id, run.id, "closed", now, note=note)
    if run.stale and run.attempt < MAX_ATTEMPTS:
        await history.add_waiting(connection, school_id, "stale", now, attempt=run.attempt + 1)
    await make_due(connection, school_id, now)


async def record_failure(
    mis_sync: MisSync, connection: Connection, school_id: UUID, error: Exception
) -> None:
    """A comparison that failed by a fault of ours is tried again later, then set aside."""
    await links.lock_link(connection, school_id)
    waiting = await history.waiting(connection, school_id)
    if not waiting:
        return
    run, now = waiting[0], mis_sync.clock()
    if run.failures + 1 >= MAX_FAILURES:
        note = f"It could not be compared: {type(error).__name__}. Please contact us."
        await history.end(connection, school_id, run.id, "failed", now, note=note)
        if run.snapshot_id is not None:
            await discard(connection, school_id, run.snapshot_id)
        return
    pause = timedelta(seconds=10 * 2**run.failures)
    note = f"It could not be compared yet: {type(error).__name__}. It is tried again."
    await history.count_failure(connection, school_id, run.id, note, now + pause)
    await make_due(connection, school_id, now + pause)


async def school_rules(
    connection: Connection, school_id: UUID, mis_year: str | None
) -> School | None:
    """What the rules ask of the school; `None` until identity and roster have told of it."""
    row = await connection.fetchrow(
        """
        SELECT academic_year, first_year_group, last_year_group FROM own_schools
        WHERE school_id = $1 AND version > 0 AND year_version > 0
        """,
        school_id,
    )
    if row is None:
        return None
    return School(
        academic_year=row["academic_year"],
        year_groups=year_groups_between(row["first_year_group"], row["last_year_group"]),
        limited=mis_year is not None and mis_year != row["academic_year"],
    )


async def _tell_matched(
    mis_sync: MisSync,
    connection: Connection,
    school_id: UUID,
    proposals: Proposals,
    at: datetime,
) -> None:
    """Who was found here by themselves stands in the activity log (R9)."""
    lines = [
        activity.entry(
            at=at,
            actor=activity.BY_THE_MIS,
            action="mapping.matched",
            kind="mapping",
            label=label,
            subject_id=mapped.record_id,
            after={"mis_kind": mapped.kind, "mis_id": mapped.mis_id, "reason": mapped.reason},
        )
        for mapped, label in proposals.matched
    ]
    await activity.record(mis_sync.outbox, connection, school_id, lines)
