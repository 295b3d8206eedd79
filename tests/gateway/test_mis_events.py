"""The link to the MIS as it moves, as server-sent events (R23)."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from tests.eventually import eventually
from tests.gateway.fakes import Seen, person
from tests.gateway.world import World

WATCH = "GET /link/watch"


def watched(tag: str, state: str) -> dict[str, Any]:
    return {"tag": tag, "link": {"state": state}}


def told(text: str) -> list[tuple[str, str]]:
    """(event, the link's state) of each event in a stream."""
    events = [
        dict(line.split(": ", 1) for line in e.split("\n")) for e in text.strip().split("\n\n")
    ]
    return [(event["event"], json.loads(event["data"])["state"]) for event in events]


def one_after_the_other(world: World, *answers: Any) -> Callable[[Seen], Any]:
    """What mis_sync answers in turn; with the last one, the session ends."""
    left = list(answers)

    def answer(_: Seen) -> Any:
        if len(left) == 1:
            world.identity.sessions.clear()
        return left.pop(0)

    return answer


async def test_each_move_is_told_once_until_the_session_ends(world: World) -> None:
    world.mis_sync.answers[WATCH] = one_after_the_other(
        world,
        watched("a", "waiting"),
        watched("a", "waiting"),
        watched("b", "healthy"),
        watched("b", "healthy"),
    )
    answer = await world.browser().get("/api/mis/events")
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert told(answer.text) == [("link", "waiting"), ("link", "healthy")]
    asked = [seen.query.get("seen") for seen in world.mis_sync.asked(WATCH)]
    assert asked == [None, ["a"], ["a"], ["b"]]


async def test_who_is_no_admin_any_more_is_told_no_more(world: World) -> None:
    refused = (403, {"type": "about:blank", "title": "No", "status": 403, "detail": "No."})
    world.mis_sync.answers[WATCH] = one_after_the_other(world, watched("a", "waiting"), refused)
    answer = await world.browser().get("/api/mis/events")
    assert told(answer.text) == [("link", "waiting")]


async def test_only_so_many_watch_at_once(world: World) -> None:
    """Each holds one of the gateway's connections to mis_sync; who is gone makes room again."""
    world.mis_sync.answers[WATCH] = watched("a", "waiting")
    world.mis_sync.seconds = 0.01
    browser = world.browser()
    cookie = {"Cookie": f"__Host-session={browser.token}"}
    async with AsyncExitStack() as stack:
        for _ in range(50):
            opened = world.gateway.stream("GET", "/api/mis/events", headers=cookie)
            answer = await stack.enter_async_context(opened)
            assert answer.status_code == 200
        assert (await browser.get("/api/mis/events")).status_code == 503
    world.mis_sync.answers[WATCH] = (403, {})

    async def status() -> int:
        return (await browser.get("/api/mis/events")).status_code

    await eventually(status, lambda found: found == 200)


async def test_only_the_admin_watches(world: World) -> None:
    for kind in ("user", "parent"):
        answer = await world.browser(person(kind)).get("/api/mis/events")
        assert answer.status_code == 403
    assert (await world.anonymous().get("/api/mis/events")).status_code == 401
