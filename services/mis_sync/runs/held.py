"""A snapshot that is held: who would be gone, and a person's word on it (R18, R21).

Released, it goes on as it was staged, and who was shown as gone is not asked about again. Put
aside, it changes nothing. One from another server is for re-instating the link only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.mis_sync import activity
from services.mis_sync.context import MisSync
from services.mis_sync.differences import repository as differences
from services.mis_sync.links import repository as links
from services.mis_sync.matching.records import FindingKind
from services.mis_sync.runs import history
from services.mis_sync.runs.due import make_due
from services.mis_sync.runs.held_repository import (
    Gone,
    groups_named,
    parents_named,
    pupils_named,
)
from services.mis_sync.runs.history import Run
from services.mis_sync.snapshots import records, repository
from services.mis_sync.snapshots.parent_losses import parents_losing
from services.mis_sync.snapshots.records import Losses
from services.mis_sync.snapshots.repository import StagedSnapshot
from services.mis_sync.snapshots.unpacking import unpack
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.problems import Conflict, NotFound

__all__ = ["Held", "HeldDiffers", "NotHeld", "Shown", "put_aside", "read_held", "release"]

_NAMED = {"pupil": pupils_named, "group": groups_named, "parent": parents_named}
_NOW_GONE = {
    "pupil": "{now} mapped pupils would be gone now",
    "group": "{now} mapped groups would be gone now",
    "parent": "{now} parents would lose a child now",
}


class NotHeld(Conflict):
    slug, title = "run-not-held", "This sync is not held any more"


class HeldDiffers(Conflict):
    slug, title = "held-differs", "It is not what you were shown"


@dataclass(frozen=True)
class Held:
    """`server_changed`: only re-instating the link helps. `gone` is all who would be gone.

    `parents` are those with children by the MIS, and how many of them would lose one. `who` is the
    digest of whom a person is shown, which they send back with their word.
    """

    run_id: UUID
    taken_at: datetime | None
    server_changed: bool
    pupils: Losses
    groups: Losses
    parents: Losses
    gone: Sequence[Gone]
    who: str


@dataclass(frozen=True)
class Shown:
    """Who a person was shown as gone: how many of each kind, and the digest of who."""

    counts: Mapping[str, int]
    who: str


@dataclass(frozen=True)
class _Standing:
    run: Run
    snapshot: StagedSnapshot
    server_changed: bool


async def read_held(connection: Connection, school_id: UUID, run_id: UUID) -> Held:
    """Raises `NotFound`, and `NotHeld` for a run that is not held, or not any more."""
    standing = await _find(connection, school_id, run_id)
    snapshot = standing.snapshot
    await unpack(connection, school_id, snapshot.id)
    losses, ids, gone = {}, dict[str, Sequence[UUID]](), list[Gone]()
    for kind, named in _NAMED.items():
        losses[kind], ids[kind] = await _losses_of(connection, school_id, kind, snapshot)
        gone += await named(connection, school_id, ids[kind])
    return Held(
        run_id,
        snapshot.taken_at,
        standing.server_changed,
        losses["pupil"],
        losses["group"],
        losses["parent"],
        gone,
        _digest(ids),
    )


async def release(
    mis_sync: MisSync,
    connection: Connection,
    principal: Principal,
    run_id: UUID,
    shown: Shown,
) -> None:
    """Let it go on, if what was shown is still so.

    Raises `NotFound`, `NotHeld`, and `HeldDiffers` where more, fewer or others would be gone by
    now, such as after somebody has changed the mapping.
    """
    school_id, now = principal.tenant, mis_sync.clock()
    await links.lock_link(connection, school_id)
    standing = await _find(connection, school_id, run_id)
    if standing.server_changed:
        raise NotHeld(
            "It comes from another MIS server. Re-instate the link if the school has moved to it."
        )
    snapshot = standing.snapshot
    await unpack(connection, school_id, snapshot.id)
    gone = {kind: (await _losses_of(connection, school_id, kind, snapshot))[1] for kind in _NAMED}
    _must_be_who_was_shown(gone, shown)
    for kind, ids in gone.items():
        await records.accept_losses(connection, school_id, kind, ids, run_id)
    await history.release(connection, school_id, run_id, principal.name, now)
    await repository.set_state(connection, school_id, snapshot.id, "waiting")
    await _no_longer_held(connection, school_id, run_id, now)
    await make_due(connection, school_id, now)
    after = {f"{kind}s_gone": len(ids) for kind, ids in gone.items() if kind != "parent" or ids}
    await _tell(mis_sync, connection, principal, run_id, "mis_link.run_released", after)


async def put_aside(
    mis_sync: MisSync, connection: Connection, principal: Principal, run_id: UUID
) -> None:
    """It changes nothing, and the next snapshot is looked at afresh. Raises as `release`."""
    school_id, now = principal.tenant, mis_sync.clock()
    await links.lock_link(connection, school_id)
    standing = await _find(connection, school_id, run_id)
    note = f"{principal.name} put it aside; it changed nothing."
    await history.end(connection, school_id, run_id, "ignored", now, note=note)
    await repository.discard(connection, school_id, standing.snapshot.id)
    await _no_longer_held(
        connection, school_id, run_id, now, server_changed=standing.server_changed
    )
    await _tell(mis_sync, connection, principal, run_id, "mis_link.run_put_aside", None)


def _must_be_who_was_shown(gone: Mapping[str, Sequence[UUID]], shown: Shown) -> None:
    """The same number of others is not what a person has agreed to."""
    for kind, ids in gone.items():
        count = shown.counts[kind]
        if len(ids) != count:
            now_gone = _NOW_GONE[kind].format(now=len(ids))
            raise HeldDiffers(f"{now_gone}, and {count} when it was shown. Please look again.")
    if _digest(gone) != shown.who:
        raise HeldDiffers(
            "As many would be gone now as when it was shown, but not the same ones. "
            "Please look again."
        )


def _digest(gone: Mapping[str, Sequence[UUID]]) -> str:
    """The same for the same records, in whichever order."""
    each = sorted(f"{kind} {one}\n" for kind, ids in gone.items() for one in ids)
    return hashlib.sha256("".join(each).encode()).hexdigest()


async def _losses_of(
    connection: Connection, school_id: UUID, kind: str, snapshot: StagedSnapshot
) -> tuple[Losses, Sequence[UUID]]:
    """Of the unpacked snapshot: how many of a kind there are, and who would be gone."""
    if kind == "parent":
        return await parents_losing(connection, school_id, snapshot.id, snapshot.complete)
    told = (connection, school_id, kind, snapshot.complete)
    return await records.losses(*told), await records.gone(*told)


async def _find(connection: Connection, school_id: UUID, run_id: UUID) -> _Standing:
    run = await history.find(connection, school_id, run_id)
    if run is None:
        raise NotFound("There is no such run.")
    snapshot = None
    if run.state == "held" and run.snapshot_id is not None:
        snapshot = await repository.find(connection, school_id, run.snapshot_id)
    link = await links.find_link(connection, school_id)
    if snapshot is None or link is None:
        raise NotHeld("Somebody has decided it meanwhile, or newer data came from your MIS.")
    other = (
        not link.reinstated
        and link.instance_id is not None
        and snapshot.instance_id not in (None, link.instance_id)
    )
    return _Standing(run, snapshot, other)


async def _no_longer_held(
    connection: Connection,
    school_id: UUID,
    run_id: UUID,
    now: datetime,
    *,
    server_changed: bool = False,
) -> None:
    """That the server is another one stays so until the link is re-instated (R21)."""
    if not server_changed:
        await links.set_trouble(connection, school_id, None)
    kind = FindingKind.HELD_RUN.value
    await differences.resolve_kind(connection, school_id, kind, [str(run_id)], now)


async def _tell(
    mis_sync: MisSync,
    connection: Connection,
    principal: Principal,
    run_id: UUID,
    action: str,
    after: dict[str, int] | None,
) -> None:
    line = activity.entry(
        at=mis_sync.clock(),
        actor=activity.by(principal),
        action=action,
        kind="mis_link",
        label="Data from the MIS",
        subject_id=run_id,
        after=after,
    )
    await activity.record(mis_sync.outbox, connection, principal.tenant, [line])
