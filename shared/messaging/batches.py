"""Many messages, one transaction: collects what arrives together, school by school.

A batch that fails is run again one by one, so that one bad message stands alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from shared.messaging.faults import is_passing
from shared.messaging.putting_off import PutOff
from shared.messaging.subscription import Accepted

__all__ = ["Batches"]

_MOST = 200
_PAUSE_SECONDS = 0.005

Run = Callable[[UUID | None, Sequence[Accepted]], Awaitable[None]]


@dataclass
class _Waiting:
    message: Accepted
    done: asyncio.Future[None]


@dataclass
class _School:
    waiting: list[_Waiting] = field(default_factory=list)
    task: asyncio.Task[None] | None = None


class Batches:
    """Runs `run` for batches of up to 200 messages of one school, one batch of a school at a time.

    Schools do not wait for each other.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._schools: dict[UUID | None, _School] = {}

    async def submit(self, message: Accepted) -> None:
        """Returns once the message's transaction is committed; raises what it alone raised."""
        school = self._schools.setdefault(message.school_id, _School())
        waiting = _Waiting(message, asyncio.get_running_loop().create_future())
        school.waiting.append(waiting)
        if school.task is None:
            school.task = asyncio.create_task(self._work_off(message.school_id, school))
        await waiting.done

    async def _work_off(self, school_id: UUID | None, school: _School) -> None:
        try:
            await asyncio.sleep(_PAUSE_SECONDS)
            while school.waiting:
                batch, school.waiting = school.waiting[:_MOST], school.waiting[_MOST:]
                await self._run_batch(school_id, batch)
        finally:
            school.task = None
            for left in school.waiting:
                left.done.cancel()
            self._schools.pop(school_id, None)

    async def _run_batch(self, school_id: UUID | None, batch: list[_Waiting]) -> None:
        try:
            await self._run(school_id, [waiting.message for waiting in batch])
        except Exception as error:
            if len(batch) == 1 or is_passing(error) or isinstance(error, PutOff):
                for waiting in batch:
                    _fail(waiting, error)
                return
            for waiting in batch:
                await self._run_batch(school_id, [waiting])
        except BaseException:
            for waiting in batch:
                waiting.done.cancel()
            raise
        else:
            for waiting in batch:
                if not waiting.done.done():
                    waiting.done.set_result(None)


def _fail(waiting: _Waiting, error: Exception) -> None:
    if not waiting.done.done():
        waiting.done.set_exception(error)
