"""Whether a whole snapshot may be taken over, and takes it over (R16, R18, R21, R22).

What may not be, changes nothing and loses nothing: it is passed over, or held as it was staged
until a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.mis_sync.differences import repository as differences
from services.mis_sync.differences.repository import Found
from services.mis_sync.links import repository as links
from services.mis_sync.links.repository import Link
from services.mis_sync.matching.records import Finding, FindingKind
from services.mis_sync.runs import history
from services.mis_sync.runs.history import Run
from services.mis_sync.runs.limits import FIRST_WEEKS, MAX_GONE_SHARE, MIN_PARENTS_LOSING
from services.mis_sync.runs.told import year_told
from services.mis_sync.snapshots import records, repository
from services.mis_sync.snapshots.parent_losses import forget_settled_losses, parents_losing
from services.mis_sync.snapshots.records import Losses
from services.mis_sync.snapshots.repository import StagedSnapshot
from services.mis_sync.snapshots.unpacking import unpack
from shared.database.pool import Connection
from shared.school.academic_year import academic_year_of, first_day_of, school_day

__all__ = ["supersede_older", "take_over"]

_HELD_RUN = FindingKind.HELD_RUN.value


@dataclass(frozen=True)
class _Hold:
    """Why a snapshot is held. `trouble` is what the link's page says."""

    trouble: str
    reason: str


@dataclass(frozen=True)
class _Rules:
    """What a snapshot is held against. `limited`: it speaks of another academic year (R22).

    `released`: a person has seen who would be gone (R18).
    """

    link: Link
    own_year: str
    limited: bool
    released: bool

    def is_other_server(self, snapshot: StagedSnapshot) -> bool:
        """Only where both sides name theirs (R21)."""
        known = self.link.instance_id
        return known is not None and snapshot.instance_id not in (None, known)


async def take_over(
    connection: Connection, school_id: UUID, run: Run, link: Link, own_year: str, now: datetime
) -> str | None:
    """The academic year that the snapshot speaks of, once it is taken over.

    `None` where the run has ended instead: passed over as too old, or held.
    """
    snapshot = await _snapshot_of(connection, school_id, run)
    if snapshot is None or snapshot.taken_at is None:
        raise LookupError(f"run {run.id} has no snapshot to compare")
    if link.applied_taken_at is not None and snapshot.taken_at < link.applied_taken_at:
        note = "It was taken before the one that was applied last; it changed nothing."
        await history.end(connection, school_id, run.id, "ignored", now, note=note)
        await repository.discard(connection, school_id, snapshot.id)
        return None
    year = snapshot.academic_year or academic_year_of(school_day(snapshot.taken_at))
    limited = year != own_year
    rules = _Rules(link, own_year, limited, run.released)
    await unpack(connection, school_id, snapshot.id)
    hold = await _hold(connection, school_id, snapshot, rules, now)
    if hold is not None:
        await _keep_held(connection, school_id, run, snapshot, hold, now)
        return None
    if limited:
        await records.take_details(connection, school_id)
    else:
        if await year_told(connection, school_id) != own_year:
            await records.begin_year(connection, school_id)
        day = school_day(snapshot.taken_at)
        told = (connection, school_id, snapshot.id, snapshot.complete)
        await forget_settled_losses(*told)
        await records.take_over(*told, day)
    await repository.discard(connection, school_id, snapshot.id)
    await links.set_applied(
        connection,
        school_id,
        instance_id=snapshot.instance_id,
        academic_year=year,
        taken_at=snapshot.taken_at,
        at=now,
    )
    await _end_older_held(connection, school_id, snapshot.taken_at, now)
    await differences.resolve_kind(connection, school_id, _HELD_RUN, None, now)
    return year


async def _end_older_held(
    connection: Connection, school_id: UUID, taken_at: datetime, now: datetime
) -> None:
    """What is held can never be applied over what is newer, a delta too: nobody is to be asked."""
    for old in await repository.waiting_or_held(connection, school_id):
        if old.state != "held" or old.taken_at is None or old.taken_at > taken_at:
            continue
        note = "Newer data were applied before anybody had decided, so it no longer can be."
        await history.end(connection, school_id, old.run_id, "superseded", now, note=note)
        await repository.discard(connection, school_id, old.id)


async def supersede_older(
    connection: Connection, school_id: UUID, snapshot_id: UUID, now: datetime
) -> None:
    """A newer snapshot makes those that wait or are held needless, if it tells all that they do."""
    waiting = await repository.waiting_or_held(connection, school_id)
    newest = next((s for s in waiting if s.id == snapshot_id), None)
    if newest is None or newest.taken_at is None:
        return
    for old in waiting:
        if old.id == newest.id or old.taken_at is None or old.taken_at > newest.taken_at:
            continue
        told = old.complete | {kind for kind, count in old.counts.items() if count}
        if not told <= newest.complete:
            continue
        note = "A newer snapshot came before this one was applied."
        await history.end(connection, school_id, old.run_id, "superseded", now, note=note)
        await repository.discard(connection, school_id, old.id)
        await differences.resolve_kind(connection, school_id, _HELD_RUN, [str(old.run_id)], now)


async def _snapshot_of(connection: Connection, school_id: UUID, run: Run) -> StagedSnapshot | None:
    if run.snapshot_id is None:
        return None
    return await repository.find(connection, school_id, run.snapshot_id)


async def _hold(
    connection: Connection,
    school_id: UUID,
    snapshot: StagedSnapshot,
    rules: _Rules,
    now: datetime,
) -> _Hold | None:
    """R21: another server is behind the link. R18: too much would be gone."""
    other_server = rules.is_other_server(snapshot)
    if other_server and not rules.link.reinstated:
        return _Hold(SERVER_CHANGED, _SERVER_CHANGED)
    if other_server:
        await _forget_the_old_server(connection, school_id, now)
    if rules.limited or rules.released:
        return None
    if other_server:
        return await _hold_for_parents(connection, school_id, snapshot)
    complete = snapshot.complete
    pupils = await records.losses(connection, school_id, "pupil", complete)
    if rules.link.reinstated and pupils.share > MAX_GONE_SHARE:
        await _forget_the_old_server(connection, school_id, now)
        return await _hold_for_parents(connection, school_id, snapshot)
    if pupils.share > MAX_GONE_SHARE:
        return _Hold(TOO_MANY_GONE, _too_many(pupils, "pupils"))
    groups = await records.losses(connection, school_id, "group", complete)
    if groups.share > MAX_GONE_SHARE and not _in_first_weeks(snapshot, rules.own_year):
        return _Hold(TOO_MANY_GONE, _too_many(groups, "groups"))
    return await _hold_for_parents(connection, school_id, snapshot)


async def _hold_for_parents(
    connection: Connection, school_id: UUID, snapshot: StagedSnapshot
) -> _Hold | None:
    """An export without contacts would lock families out of their children's reports (R20)."""
    losses, _ = await parents_losing(connection, school_id, snapshot.id, snapshot.complete)
    if losses.gone < MIN_PARENTS_LOSING or losses.share <= MAX_GONE_SHARE:
        return None
    return _Hold(TOO_MANY_GONE, _PARENTS_LOSING.format(gone=losses.gone, mapped=losses.mapped))


async def _forget_the_old_server(connection: Connection, school_id: UUID, now: datetime) -> None:
    """Whatever year the new one speaks of: its ids may be those that others had on the old one."""
    await records.forget_all(connection, school_id, now)
    await differences.resolve_all_of_records(connection, school_id, now)


def _in_first_weeks(snapshot: StagedSnapshot, own_year: str) -> bool:
    if snapshot.taken_at is None:
        return False
    return school_day(snapshot.taken_at) < first_day_of(own_year) + FIRST_WEEKS


def _too_many(losses: Losses, what: str) -> str:
    return (
        f"{losses.gone} of the {losses.mapped} mapped {what} would be gone after it. "
        "Nothing of it is applied until somebody has looked."
    )


async def _keep_held(
    connection: Connection,
    school_id: UUID,
    run: Run,
    snapshot: StagedSnapshot,
    hold: _Hold,
    now: datetime,
) -> None:
    """Whole, as it was staged."""
    await history.end(connection, school_id, run.id, "held", now, note=hold.reason)
    await repository.set_state(connection, school_id, snapshot.id, "held")
    await links.set_trouble(connection, school_id, hold.trouble)
    finding = Finding(
        kind=FindingKind.HELD_RUN,
        label="A snapshot is held",
        reason_code=hold.trouble,
        reason=hold.reason,
    )
    await differences.record(connection, school_id, [Found("run", str(run.id), finding)], now)


SERVER_CHANGED, TOO_MANY_GONE = "server_changed", "held"
"""What the link's page says is the trouble."""

_PARENTS_LOSING = (
    "{gone} of the {mapped} parents who came from the MIS would no longer be linked to a child of "
    "theirs after it. Nothing of it is applied until somebody has looked."
)
_SERVER_CHANGED = (
    "It comes from another MIS server than those before it. Re-instate the link if the school has "
    "moved to it; nothing is applied until then."
)
