"""The link to the MIS as it moves, as server-sent events (R23).

Each round asks mis_sync anew, for whoever is still signed in: an open page sees nothing of a
session that has ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import cast

from fastapi import APIRouter, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from gateway.clients.problems import ServiceAway, ServiceFault, ServiceRefused
from gateway.clients.service import Budget
from gateway.rights import Admin, Visit
from gateway.schemas.mis import WatchedLink
from gateway.sessions import Sessions
from shared.web.ending import Ending, until_ending

__all__ = ["router"]

_MOST_OPEN = 200
"""Of one gateway: each takes a connection to mis_sync. Who gets none asks again by and by."""
_PAUSE_SECONDS = 3.0

router = APIRouter(prefix="/api/mis", tags=["mis"])


@router.get("/events", response_class=EventSourceResponse)
async def watch_mis(request: Request, visit: Admin) -> AsyncIterator[ServerSentEvent]:
    """`link` events, each with the whole link as in `/api/mis`: at once, and whenever it moves."""
    state = request.app.state
    state.watching = getattr(state, "watching", 0) + 1
    try:
        if state.watching > _MOST_OPEN:
            return
        seen: str | None = None
        while (watched := await _next(request, visit, seen)) is not None:
            if watched.tag != seen:
                seen = watched.tag
                yield ServerSentEvent(event="link", data=watched.link.model_dump(mode="json"))
    finally:
        state.watching -= 1


async def _next(request: Request, visit: Visit, seen: str | None) -> WatchedLink | None:
    """`None` once nobody is signed in any more, or this process ends."""
    sessions = cast(Sessions, request.app.state.sessions)
    while True:
        now = replace(visit, budget=Budget(request.app.state.page_seconds))
        try:
            if await sessions.find(now.token, now.identity) is None:
                return None
            return await until_ending(now.mis_sync.watch(seen))
        except (Ending, ServiceRefused):
            return None
        except (ServiceAway, ServiceFault):
            await asyncio.sleep(_PAUSE_SECONDS)
