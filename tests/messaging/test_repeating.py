"""Work that is looked for again and again goes on after a failure."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from shared.messaging.repeating import Repeating


async def test_what_failed_is_tried_until_it_succeeds_and_looked_for_again() -> None:
    outcomes = [None, OSError("away"), OSError("still away"), None, None]
    done = asyncio.Event()

    async def job() -> None:
        if not outcomes:
            done.set()
        elif outcome := outcomes.pop(0):
            raise outcome

    repeating = Repeating(job, name="work", seconds=0)
    with capture_logs() as logs:
        repeating.start()
        await asyncio.wait_for(done.wait(), 60)
        await repeating.stop()
    said = [log["error"] for log in logs if log["event"] == "work_waits"]
    assert said == ["OSError: away", "OSError: still away"]
