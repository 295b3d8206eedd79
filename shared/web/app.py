"""The FastAPI application that every service starts with: problems, request log, limits, health.

`/live` says that the process answers; `/ready` says that it can do its work, and if not, why not.
Where a process answers requests, what it does besides may be away without its being turned away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from shared.observability.metrics.http import RequestMetrics
from shared.web.problems import install_problems
from shared.web.requests import MAX_BODY_BYTES, QUIET_PATHS, BodyLimit, RequestLog

__all__ = ["Checks", "Health", "Lifespan", "create_service_app"]

Checks = Callable[[], Awaitable[Mapping[str, str | None]]]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[Any]]


class Health(BaseModel):
    """What is needed, by name: null where it is well, else what is wrong.

    `notices` are of what can be away for a while without anybody being turned away.
    """

    ready: bool
    checks: dict[str, str | None]
    notices: dict[str, str | None] = {}


def create_service_app(
    *,
    title: str,
    lifespan: Lifespan,
    routers: Sequence[APIRouter],
    checks: Checks,
    notices: Checks | None = None,
    workers: Checks | None = None,
    unavailable: Sequence[type[Exception]] = (),
    trust_correlation: bool = True,
    openapi_url: str = "/openapi.json",
    traced_under: str = "/",
    untraced: frozenset[str] = frozenset(),
    max_body_bytes: int = MAX_BODY_BYTES,
    uploads: Mapping[str, int] | None = None,
) -> FastAPI:
    """An application with everything that is the same in all services.

    `workers` are the checks of what runs besides the `routers`: notices where there are any, since
    the requests of people go on without (F4), and else what `/ready` is about.
    Operation ids are the names of the route functions, so those are unique within a service.
    `unavailable` are the exceptions that mean that the database or the like is away (503).
    `traced_under` is where the paths begin whose requests are traced, where the process is, but
    for those that are `untraced`.
    `uploads` are the paths to which files are posted, with how many bytes each may have.
    """
    app = FastAPI(
        title=title,
        lifespan=lifespan,
        openapi_url=openapi_url,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        # Spans of requests, once the process has a tracer (`shared/observability/tracing/`).
        telemetry={
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "exclude": lambda scope: (
                not scope["path"].startswith(traced_under)
                or scope["path"] in QUIET_PATHS
                or scope["path"] in untraced
            ),
        },
    )
    install_problems(app, unavailable=unavailable)
    app.add_middleware(BodyLimit, max_bytes=max_body_bytes, uploads=uploads)
    app.add_middleware(RequestLog, trusted=trust_correlation)
    app.add_middleware(RequestMetrics)
    for router in routers:
        app.include_router(router)
    needed, besides = (
        ((checks,), (notices, workers)) if routers else ((checks, workers), (notices,))
    )
    app.include_router(_health_routes(_look(needed, besides)))
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


def _look(
    checks: Sequence[Checks | None], notices: Sequence[Checks | None]
) -> Callable[[], Awaitable[Health]]:
    """Looks once at a time: anyone may ask, and each look takes connections of its own."""
    running: asyncio.Task[Health] | None = None

    async def look() -> Health:
        found = await _all_of(checks)
        ready = all(wrong is None for wrong in found.values())
        return Health(ready=ready, checks=found, notices=await _all_of(notices))

    async def join() -> Health:
        nonlocal running
        if running is None or running.done():
            running = asyncio.create_task(look())
        return await asyncio.shield(running)

    return join


async def _all_of(parts: Sequence[Checks | None]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for part in parts:
        found |= await part() if part else {}
    return found


def _health_routes(look: Callable[[], Awaitable[Health]]) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/live")
    async def live() -> Health:
        return Health(ready=True, checks={})

    @router.get("/ready", responses={503: {"model": Health}})
    async def ready(response: Response) -> Health:
        health = await look()
        response.status_code = 200 if health.ready else 503
        return health

    return router
