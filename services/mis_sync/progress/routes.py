"""Waiting for something of the link to move (R23). Admin only.

The gateway asks again and again, each time as whoever is still signed in; so nothing that is open
for long rests on a right that was looked at long ago.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import Annotated, cast

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from services.mis_sync.context import InContext
from services.mis_sync.links.routes import link_as_it_stands
from services.mis_sync.links.schemas import Link
from services.mis_sync.progress.board import ProgressBoard
from shared.security.dependencies import Admin
from shared.web.ending import Ending, until_ending

__all__ = ["Watched", "router"]

_LONGEST_SECONDS = 20.0
_LOOK_SECONDS = 5.0
"""Time alone moves a link too (late), and a word of progress can be lost."""
_SHORTEST_PAUSE = 0.2

router = APIRouter(tags=["link"])


class Watched(BaseModel):
    """The link as it stands. `tag` is what to ask with for whatever comes after."""

    tag: str
    link: Link


@router.get("/link/watch")
async def watch_link(
    request: Request,
    principal: Admin,
    mis_sync: InContext,
    seen: Annotated[str | None, Query(max_length=100)] = None,
    seconds: Annotated[float, Query(ge=0, le=_LONGEST_SECONDS)] = _LONGEST_SECONDS,
) -> Watched:
    """The link, as soon as it is not as it was `seen`; after `seconds` in any case."""
    board = cast(ProgressBoard, request.app.state.progress)
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    with board.watching(principal.tenant) as woken:
        while True:
            woken.clear()
            async with mis_sync.database.transaction(principal.tenant) as connection:
                link = await link_as_it_stands(connection, principal.tenant, mis_sync.clock())
            watched = Watched(tag=_tag(link), link=link)
            left = until - loop.time()
            if watched.tag != seen or left <= 0:
                return watched
            try:
                await until_ending(_woken_within(woken, min(left, _LOOK_SECONDS)))
            except Ending:
                return watched


async def _woken_within(woken: asyncio.Event, seconds: float) -> None:
    """Several words within a moment are one."""
    try:
        async with asyncio.timeout(seconds):
            await woken.wait()
            await asyncio.sleep(_SHORTEST_PAUSE)
    except TimeoutError:
        return


def _tag(link: Link) -> str:
    return hashlib.sha256(link.model_dump_json().encode()).hexdigest()[:32]
