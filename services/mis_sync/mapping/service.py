"""Saves decisions and changes of the mapping, or shows what saving them would do (R19, R20)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from services.mis_sync import activity
from services.mis_sync.context import MisSync
from services.mis_sync.links.repository import lock_link
from services.mis_sync.mapping.changes import Change, change_all
from services.mis_sync.mapping.consequences import Consequences, try_out
from services.mis_sync.mapping.decisions import Decided, Decision, decide_all
from services.mis_sync.mapping.outcomes import Became
from services.mis_sync.runs import history
from services.mis_sync.runs.due import make_due
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["Saved", "preview_changes", "preview_mapping", "save_changes", "save_mapping"]

R = TypeVar("R", bound=Became)


@dataclass(frozen=True)
class Saved(Generic[R]):
    """`run_id` is the run that goes on with what was decided, if anything can go on."""

    run_id: UUID | None
    results: Sequence[R]

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(result.outcome for result in self.results))


async def save_mapping(
    mis_sync: MisSync, connection: Connection, principal: Principal, decisions: Sequence[Decision]
) -> Saved[Decided]:
    """Each decision by itself; those that were possible go on in one run.

    Raises `MappingConflict` where somebody was faster, and saves nothing.
    """
    school_id, now, by = principal.tenant, mis_sync.clock(), _signed(principal)
    await lock_link(connection, school_id)
    results = await decide_all(connection, school_id, decisions, by, now)
    return await _go_on(mis_sync, connection, principal, results, now)


async def save_changes(
    mis_sync: MisSync, connection: Connection, principal: Principal, changes: Sequence[Change]
) -> Saved[Became]:
    """As `save_mapping`, of what is mapped already."""
    school_id, now, by = principal.tenant, mis_sync.clock(), _signed(principal)
    await lock_link(connection, school_id)
    results = await change_all(connection, school_id, changes, by, now)
    return await _go_on(mis_sync, connection, principal, results, now)


async def preview_mapping(
    mis_sync: MisSync, connection: Connection, principal: Principal, decisions: Sequence[Decision]
) -> Consequences:
    school_id, now, by = principal.tenant, mis_sync.clock(), _signed(principal)

    async def deed() -> list[Decided]:
        return await decide_all(connection, school_id, decisions, by, now)

    return await _preview(connection, school_id, deed, now)


async def preview_changes(
    mis_sync: MisSync, connection: Connection, principal: Principal, changes: Sequence[Change]
) -> Consequences:
    school_id, now, by = principal.tenant, mis_sync.clock(), _signed(principal)

    async def deed() -> list[Became]:
        return await change_all(connection, school_id, changes, by, now)

    return await _preview(connection, school_id, deed, now)


async def _preview(
    connection: Connection,
    school_id: UUID,
    deed: Callable[[], Awaitable[Sequence[Became]]],
    now: datetime,
) -> Consequences:
    await lock_link(connection, school_id)
    return await try_out(connection, school_id, deed, now)


async def _go_on(
    mis_sync: MisSync,
    connection: Connection,
    principal: Principal,
    results: Sequence[R],
    now: datetime,
) -> Saved[R]:
    run_id = None
    if any(result.compares for result in results):
        run_id = await history.add_waiting(connection, principal.tenant, "mapping", now)
        await make_due(connection, principal.tenant, now)
    lines = [_line(result, principal, now) for result in results if result.changed]
    await activity.record(mis_sync.outbox, connection, principal.tenant, lines)
    return Saved(run_id, results)


def _line(result: Became, principal: Principal, now: datetime) -> activity.ActivityEntry:
    """R9: with before and after, and the ids for whoever looks for them."""
    return activity.entry(
        at=now,
        actor=activity.by(principal),
        action=f"mapping.{result.outcome}",
        kind="mapping",
        label=result.label,
        before=result.before,
        after={**result.after, "mis_kind": result.mis_kind, "mis_id": result.key},
    )


def _signed(principal: Principal) -> str:
    """Who it was, as the other admin is told: of a shared account, by what they signed in with."""
    if principal.authenticator:
        return f"{principal.name} ({principal.authenticator})"
    return principal.name
