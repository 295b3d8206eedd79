"""The sync history (R23). Admin only."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from services.mis_sync.context import InContext
from services.mis_sync.runs.listing import find_run, list_runs
from services.mis_sync.runs.schemas import Run
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
    return Page(items=[Run.of(run) for run in runs], next_cursor=cursor, total=total)


@router.get("/runs/{run_id}")
async def read_run(run_id: UUID, principal: Admin, mis_sync: InContext) -> Run:
    """One run, with how far it is."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        run = await find_run(connection, principal.tenant, run_id)
    if run is None:
        raise NotFound("There is no such run.")
    return Run.of(run)
