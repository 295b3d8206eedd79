"""Work that is looked for again and again, and waits longer from try to try while it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_random_exponential

__all__ = ["Repeating"]

_LONGEST_PAUSE_SECONDS = 60.0

_log = structlog.get_logger(__name__)


class Repeating:
    """Runs `job` every `seconds`, from `start` to `stop`. `name` stands in the log."""

    def __init__(self, job: Callable[[], Awaitable[object]], *, name: str, seconds: float) -> None:
        self._job = job
        self._name = name
        self._seconds = seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=self._name)

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        while True:
            try:
                await self._job()
            except Exception as error:
                await self._try_again(error)
            await asyncio.sleep(self._seconds)

    async def _try_again(self, error: Exception) -> None:
        """Until it succeeds. By itself, since getting ready for it costs more than most looks."""
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(Exception),
            wait=wait_random_exponential(multiplier=1, max=_LONGEST_PAUSE_SECONDS),
            before_sleep=self._warn,
        )
        first = [error]

        async def attempt() -> None:
            if first:
                raise first.pop()
            await self._job()

        await retrying(attempt)

    def _warn(self, tried: RetryCallState) -> None:
        error = tried.outcome.exception() if tried.outcome else None
        _log.warning("work_waits", work=self._name, error=f"{type(error).__name__}: {error}")
