"""The sync history (R23). Admin only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from services.mis_sync.context import InContext
from services.mis_sync.runs import held
from services.mis_sync.runs.changes_listing import ChangeFilters, changes_counted, list_changes
from services.mis_sync.runs.listing import find_run, list_runs
from services.mis_sync.runs.schemas import (
    Change,
    ChangeKind,
    ChangeOutcome,
    Changes,
    Held,
    Release,
    Run,
)
from shared.database.pool import Connection
from shared.security.dependencies import Admin
from shared.web.paging import Page, Paging
from shared.web.problems import NotFound

__all__ = ["router"]

router = APIRouter(tags=["runs"])


@router.get("/runs")
async def read_runs(principal: Admin, mis_sync: InContext, paging: Paging) -> Page[Run]:
    """What each snapshot and each mapping did, the newest first."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        runs, cursor, total = await list_runs(connection, principal.tenant, paging)
    return Page(
        items=[Run.of(run, mis_sync.clock()) for run in runs], next_cursor=cursor, total=total
    )


@router.get("/runs/{run_id}")
async def read_run(run_id: UUID, principal: Admin, mis_sync: InContext) -> Run:
    """One run, with how far it is."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        return await _run(connection, principal.tenant, run_id, mis_sync.clock())


@router.get("/runs/{run_id}/changes")
async def read_changes(
    run_id: UUID,
    principal: Admin,
    mis_sync: InContext,
    paging: Paging,
    kind: ChangeKind | None = None,
    outcome: ChangeOutcome | None = None,
) -> Changes:
    """What the run changed, person by person; kept for a year."""
    filters = ChangeFilters(kind, outcome)
    async with mis_sync.database.transaction(principal.tenant) as connection:
        if await find_run(connection, principal.tenant, run_id) is None:
            raise NotFound("There is no such run.")
        changes, cursor, total = await list_changes(
            connection, principal.tenant, run_id, filters, paging
        )
        counts = await changes_counted(connection, principal.tenant, run_id, paging.search)
    items = [Change.of(change) for change in changes]
    return Changes(items=items, next_cursor=cursor, total=total, counts=counts)


@router.get("/runs/{run_id}/held")
async def read_held(run_id: UUID, principal: Admin, mis_sync: InContext) -> Held:
    """Who would be gone after a snapshot that is held."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        return Held.of(await held.read_held(connection, principal.tenant, run_id))


@router.post("/runs/{run_id}/release", status_code=202)
async def release_run(run_id: UUID, shown: Release, principal: Admin, mis_sync: InContext) -> Run:
    """Let a held snapshot go on; who was shown as gone is not asked about again (R18)."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        await held.release(
            mis_sync,
            connection,
            principal,
            run_id,
            shown.as_shown(),
        )
        return await _run(connection, principal.tenant, run_id, mis_sync.clock())


@router.post("/runs/{run_id}/put-aside")
async def put_run_aside(run_id: UUID, principal: Admin, mis_sync: InContext) -> Run:
    """A held snapshot changes nothing; the next one is looked at afresh."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        await held.put_aside(mis_sync, connection, principal, run_id)
        return await _run(connection, principal.tenant, run_id, mis_sync.clock())


async def _run(connection: Connection, school_id: UUID, run_id: UUID, now: datetime) -> Run:
    run = await find_run(connection, school_id, run_id)
    if run is None:
        raise NotFound("There is no such run.")
    return Run.of(run, now)
