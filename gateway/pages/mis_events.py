"""The link to the MIS as it moves, as server-sent events (R23).

Each round asks mis_sync anew, for whoever is still signed in: an open page sees nothing of a
session that has ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import cast

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from gateway.clients.problems import ServiceAway, ServiceFault, ServiceRefused
from gateway.clients.service import Budget
from gateway.rights import Admin, Visit
from gateway.schemas.mis import WatchedLink
from gateway.sessions import Sessions
from shared.web.ending import Ending, until_ending
from shared.web.problems import Unavailable

__all__ = ["PATH", "router"]

PATH = "/api/mis/events"
"""Open for as long as the page is: no trace has an end."""

_MOST_OPEN = 50
"""Of one gateway, since each takes one of its connections to mis_sync. Pages without one ask by and
by."""
_PAUSE_SECONDS = 3.0

router = APIRouter(prefix="/api/mis", tags=["mis"])


async def _one_of_few(request: Request) -> AsyncIterator[None]:
    state = request.app.state
    open_now = getattr(state, "watching", 0)
    if open_now >= _MOST_OPEN:
        raise Unavailable("Too many pages are watching at once. This one asks by and by.")
    state.watching = open_now + 1
    try:
        yield
    finally:
        state.watching -= 1


@router.get("/events", response_class=EventSourceResponse, dependencies=[Depends(_one_of_few)])
async def watch_mis(request: Request, visit: Admin) -> AsyncIterator[ServerSentEvent]:
    """`link` events, each with the whole link as in `/api/mis`: at once, and whenever it moves."""
    seen: str | None = None
    while (watched := await _next(request, visit, seen)) is not None:
        if watched.tag != seen:
            seen = watched.tag
            yield ServerSentEvent(event="link", data=watched.link.model_dump(mode="json"))


async def _next(request: Request, visit: Visit, seen: str | None) -> WatchedLink | None:
    """`None` once nobody is signed in any more, or this process ends."""
    sessions = cast(Sessions, request.app.state.sessions)
    while True:
        now = replace(visit, budget=Budget(request.app.state.page_seconds))
        try:
            if await sessions.find(now.token, replace(now, found=None).identity) is None:
                return None
            return await until_ending(now.mis_sync.watch(seen))
        except (Ending, ServiceRefused):
            return None
        except (ServiceAway, ServiceFault):
            await asyncio.sleep(_PAUSE_SECONDS)
