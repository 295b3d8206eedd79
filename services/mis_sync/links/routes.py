"""The link to the MIS: its state, made, renewed, ended, asked for a snapshot (R15, R23). Admins."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from services.mis_sync.asking.repository import last_request
from services.mis_sync.context import InContext, MisSync
from services.mis_sync.differences.repository import counts
from services.mis_sync.links import repository, service
from services.mis_sync.links.schemas import (
    ConnectorOut,
    Credentials,
    Link,
    Linked,
    Requested,
    RequestOut,
    SeenConnector,
    SeenLink,
    Summary,
)
from services.mis_sync.links.service import NewConnector, Seen
from services.mis_sync.overnight.nights import time_of_night
from services.mis_sync.overnight.repository import find_setting
from services.mis_sync.runs.listing import held_run, last_run
from services.mis_sync.runs.schemas import Run
from shared.database.pool import Connection
from shared.security.dependencies import Admin

__all__ = ["link_as_it_stands", "router"]

router = APIRouter(tags=["link"])


@router.get("/link")
async def read_link(principal: Admin, mis_sync: InContext) -> Link:
    """How the link stands."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        return await link_as_it_stands(connection, principal.tenant, mis_sync.clock())


@router.post("/link", status_code=201)
async def make_link(principal: Admin, mis_sync: InContext, seen: SeenLink | None = None) -> Linked:
    """Register a connector, or re-instate the link; the password is in this answer only."""
    looked_at = Seen(seen.connector_id) if seen else None
    async with mis_sync.database.transaction(principal.tenant) as connection:
        made = await service.make_link(mis_sync, connection, principal, looked_at)
        return await _linked(mis_sync, connection, principal.tenant, made)


@router.post("/link/renew", status_code=201)
async def renew_credentials(seen: SeenConnector, principal: Admin, mis_sync: InContext) -> Linked:
    """A new credentials file in place of the old one, which stops working at once."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        made = await service.renew_credentials(mis_sync, connection, principal, seen.connector_id)
        return await _linked(mis_sync, connection, principal.tenant, made)


@router.post("/link/revoke")
async def unlink(seen: SeenConnector, principal: Admin, mis_sync: InContext) -> Link:
    """Cut the connector off without another in its place."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        await service.unlink(mis_sync, connection, principal, seen.connector_id)
        return await link_as_it_stands(connection, principal.tenant, mis_sync.clock())


@router.post("/link/request-snapshot", status_code=202)
async def request_snapshot(principal: Admin, mis_sync: InContext) -> Requested:
    """Ask the connector for a snapshot now."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        request_id = await service.request_snapshot(mis_sync, connection, principal)
    return Requested(request_id=request_id)


@router.get("/summary")
async def read_summary(principal: Admin, mis_sync: InContext) -> Summary:
    """For the home page: the mapping alert's count, and how the link stands."""
    async with mis_sync.database.transaction(principal.tenant) as connection:
        link = await link_as_it_stands(connection, principal.tenant, mis_sync.clock())
        differences, not_here = await counts(connection, principal.tenant)
    return Summary(
        link_state=link.state,
        differences=differences,
        not_here=not_here,
        last_run=link.last_run,
    )


async def _linked(
    mis_sync: MisSync, connection: Connection, school_id: UUID, made: NewConnector
) -> Linked:
    link = await link_as_it_stands(connection, school_id, mis_sync.clock())
    return Linked(credentials=Credentials.of(made, mis_sync.connector_broker_url), link=link)


async def link_as_it_stands(connection: Connection, school_id: UUID, now: datetime) -> Link:
    """The link, for a page (R23)."""
    link = await repository.find_link(connection, school_id)
    connector = await repository.connector_in_force(connection, school_id)
    run = await last_run(connection, school_id)
    setting = await find_setting(connection, school_id)
    request = await last_request(connection, school_id)
    return Link(
        state=service.state_of(link, connector, now),
        connector=ConnectorOut.of(connector) if connector else None,
        last_snapshot_at=link.applied_taken_at if link else None,
        asked_at=f"{time_of_night(school_id, setting.hour):%H:%M}" if connector else None,
        last_run=Run.of(run, now) if run else None,
        held_run=await held_run(connection, school_id),
        last_request=RequestOut.of(request) if connector and request else None,
    )
