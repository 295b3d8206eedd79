"""A process stops when it is told to, whatever swallows its first cancellation."""

from __future__ import annotations

import asyncio

from shared.messaging.ending import end
from tests.messaging.conftest import SmallService


async def test_a_task_that_swallows_a_cancellation_is_ended_all_the_same() -> None:
    swallowed = asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            swallowed.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await asyncio.wait_for(end(task), 30)
    assert swallowed.is_set()
    assert task.cancelled()


async def test_consumers_can_be_stopped_at_any_point_of_their_start(
    small_service: SmallService,
) -> None:
    for turns in range(0, 60, 3):
        messaging = small_service.messaging("consumer", "relay")
        await messaging.start()
        for _ in range(turns):
            await asyncio.sleep(0)
        await asyncio.wait_for(messaging.stop(), 30)
