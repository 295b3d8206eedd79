"""Data Management: the link to the MIS and its runs (R15, R23). Its mapping is in `mapping.py`."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from uuid import UUID

from fastapi import APIRouter

from gateway.partial import Parts
from gateway.rights import Admin
from gateway.schemas.mis import (
    HeldRun,
    Linked,
    MisLink,
    MisPage,
    Run,
    RunChangeKind,
    RunChangeOutcome,
    RunChanges,
    RunList,
    RunRelease,
    SeenConnector,
    SeenLink,
)
from gateway.schemas.parts import ServiceName
from shared.web.paging import MAX_LIMIT, Paging

__all__ = ["router"]

router = APIRouter(prefix="/api/mis", tags=["mis"])


@router.get("")
async def read_mis(visit: Admin) -> MisPage:
    """The link's state, the counts, and who is in the MIS and not here."""
    parts = Parts()
    mis_sync = ServiceName.MIS_SYNC
    link, summary, not_here = await asyncio.gather(
        parts.of(mis_sync, visit.mis_sync.link()),
        parts.of(mis_sync, visit.mis_sync.summary()),
        parts.of(mis_sync, visit.mis_sync.not_here({"limit": MAX_LIMIT})),
    )
    return MisPage(
        link=link,
        summary=summary,
        not_here=not_here.items if not_here else [],
        unavailable=parts.unavailable,
    )


@router.post("/link", status_code=201)
async def link_mis(visit: Admin, seen: SeenLink | None = None) -> Linked:
    """Register a connector, or re-instate the link; the credentials are shown this once.

    Refused where the link is not as it was `seen`: somebody else holds newer credentials.
    """
    return await visit.mis_sync.make_link(seen)


@router.post("/link/renew", status_code=201)
async def renew_credentials(seen: SeenConnector, visit: Admin) -> Linked:
    """New credentials in place of the old, which stop working; they are shown this once."""
    return await visit.mis_sync.renew_credentials(seen)


@router.post("/link/revoke")
async def unlink_mis(seen: SeenConnector, visit: Admin) -> MisLink:
    """Cut the connector off, without another in its place."""
    return await visit.mis_sync.unlink(seen)


@router.post("/request", status_code=202)
async def request_snapshot(visit: Admin) -> None:
    """Ask the connector for a snapshot now."""
    await visit.mis_sync.request_snapshot()


@router.get("/runs")
async def list_runs(visit: Admin, paging: Paging) -> RunList:
    """What each snapshot and each mapping did, the newest first."""
    page = await visit.mis_sync.runs(asdict(paging))
    return RunList(items=page.items, next_cursor=page.next_cursor, total=page.total)


@router.get("/runs/{run_id}")
async def read_run(run_id: UUID, visit: Admin) -> Run:
    """One run, with how far it is."""
    return await visit.mis_sync.run(run_id)


@router.get("/runs/{run_id}/changes")
async def list_run_changes(
    run_id: UUID,
    visit: Admin,
    paging: Paging,
    kind: RunChangeKind | None = None,
    outcome: RunChangeOutcome | None = None,
) -> RunChanges:
    """What a run changed, person by person; kept for a year."""
    query = asdict(paging) | {"kind": kind, "outcome": outcome}
    return await visit.mis_sync.run_changes(run_id, query)


@router.get("/runs/{run_id}/held")
async def read_held_run(run_id: UUID, visit: Admin) -> HeldRun:
    """Who would be gone after data of the MIS that are held."""
    return await visit.mis_sync.held(run_id)


@router.post("/runs/{run_id}/release", status_code=202)
async def release_run(run_id: UUID, shown: RunRelease, visit: Admin) -> Run:
    """Let what is held go on; who was shown as gone is not asked about again (R18)."""
    return await visit.mis_sync.release(run_id, shown)


@router.post("/runs/{run_id}/put-aside")
async def put_run_aside(run_id: UUID, visit: Admin) -> Run:
    """What is held changes nothing; the next data are looked at afresh."""
    return await visit.mis_sync.put_aside(run_id)
