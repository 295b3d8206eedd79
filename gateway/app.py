"""Wires the gateway: settings, clients of the services, sessions, pages, frontend.

Reading starts here. The gateway keeps no data of its own.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import httpx
from fastapi import APIRouter, Depends, FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from gateway.clients.service import Service
from gateway.csrf import require_own_origin
from gateway.frontend import SecurityHeaders, serve_frontend
from gateway.pages import (
    account,
    activity,
    admin_email,
    attainment,
    child_reports,
    children,
    claims,
    contact,
    generated_reports,
    groups,
    home,
    logo,
    many_pupils,
    many_users,
    mapping,
    mark_imports,
    markbook,
    mis,
    mis_events,
    online_reports,
    parents,
    pupil_fields,
    pupil_imports,
    pupils,
    roll_up,
    search,
    session,
    set_up,
    settings,
    templates,
    two_step,
    user_imports,
    users,
)
from gateway.rights import Services
from gateway.schemas.parts import ServiceName
from gateway.session_endings import SessionEndings
from gateway.sessions import Sessions
from gateway.settings import Settings
from shared.kept import Reread
from shared.security.principals import PrincipalSigner
from shared.web.app import Lifespan, create_service_app

__all__ = ["api", "create_app"]

_PAGES = (
    session,
    two_step,
    account,
    admin_email,
    home,
    pupil_fields,
    many_pupils,
    pupils,
    pupil_imports,
    groups,
    many_users,
    users,
    user_imports,
    claims,
    parents,
    children,
    child_reports,
    roll_up,
    mapping,
    mis,
    mis_events,
    logo,
    templates,
    attainment,
    markbook,
    mark_imports,
    generated_reports,
    online_reports,
    settings,
    activity,
    set_up,
    contact,
    search,
)
_POOL = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=4)
_PER_CALL = httpx.Timeout(None)
"""Every call has a deadline of its own over all that it does (`Service.send`)."""


def create_app(configured: Settings | None = None) -> FastAPI:
    """The gateway, with its settings from the environment where none are given."""
    config = configured or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            app.state.services = await _services(config, stack)
            endings = SessionEndings(config.kept("rabbitmq_url"), app.state.sessions)
            stack.push_async_callback(_stop, asyncio.create_task(endings.run()))
            yield

    app = api(lifespan)
    app.state.origin = config.origin
    app.state.page_seconds = config.page_seconds
    app.state.sessions = Sessions()
    app.add_middleware(SecurityHeaders, https=config.https)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(config.trusted_proxies))
    serve_frontend(app, config.frontend_dir)
    return app


def api(lifespan: Lifespan) -> FastAPI:
    """All routes under `/api`. It needs no settings, so that its document can be made without."""
    pages = APIRouter(dependencies=[Depends(require_own_origin)])
    for page in _PAGES:
        pages.include_router(page.router)

    async def checks() -> dict[str, str | None]:
        """Without identity nobody can do anything; without any other service, pages are partial."""
        identity: Service = app.state.services[ServiceName.IDENTITY]
        return {"identity": await identity.wrong()}

    async def notices() -> dict[str, str | None]:
        """Without the broker everything works, a look-up slower."""
        heard = app.state.sessions.trusted
        return {"broker": None if heard else "ended sessions are not heard, so none is remembered"}

    app = create_service_app(
        title="Classroom Monitor admin",
        lifespan=lifespan,
        routers=[pages],
        checks=checks,
        notices=notices,
        trust_correlation=False,
        openapi_url="/api/openapi.json",
        traced_under="/api/",
        untraced=frozenset({mis_events.PATH}),
        uploads={
            **user_imports.UPLOADS,
            **pupil_imports.UPLOADS,
            **mark_imports.UPLOADS,
            **logo.UPLOADS,
        },
    )
    return app


async def _services(config: Settings, stack: AsyncExitStack) -> Services:
    signer = PrincipalSigner(Reread(config.principal_private_key_file, json.loads))
    addresses = {
        ServiceName.IDENTITY: config.identity_url,
        ServiceName.ROSTER: config.roster_url,
        ServiceName.MIS_SYNC: config.mis_sync_url,
        ServiceName.REPORTS: config.reports_url,
    }
    services: Services = {}
    for name, address in addresses.items():
        http = await stack.enter_async_context(
            httpx.AsyncClient(
                base_url=str(address), limits=_POOL, timeout=_PER_CALL, trust_env=False
            )
        )
        services[name] = Service(name, http, signer, seconds=config.service_seconds)
    return services


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
