"""Wakes whoever watches a school, when the database says that something of its link has moved.

One listening connection a process, whoever watches. While it is away nobody is woken, and who
waits asks again in a while, as they do anyway.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import asyncpg
import structlog
from tenacity import AsyncRetrying, wait_random_exponential

from shared.database.pool import connect
from shared.kept import Lines
from shared.messaging.ending import end

__all__ = ["ProgressBoard"]

_CHANNEL = "mis_sync_progress"
_LOOK_SECONDS = 5.0

_log = structlog.get_logger(__name__)


class ProgressBoard:
    def __init__(self, dsn: str | Lines) -> None:
        self._dsns = dsn
        self._task: asyncio.Task[None] | None = None
        self._watchers: defaultdict[UUID, set[asyncio.Event]] = defaultdict(set)

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run_for_ever())

    async def stop(self) -> None:
        if self._task is not None:
            await end(self._task)
            self._task = None

    @contextmanager
    def watching(self, school_id: UUID) -> Iterator[asyncio.Event]:
        """An event that is set when something of the school has moved."""
        woken = asyncio.Event()
        self._watchers[school_id].add(woken)
        try:
            yield woken
        finally:
            self._watchers[school_id].discard(woken)
            if not self._watchers[school_id]:
                del self._watchers[school_id]

    async def _run_for_ever(self) -> None:
        async for attempt in AsyncRetrying(wait=wait_random_exponential(multiplier=0.2, max=10)):
            with attempt:
                try:
                    await self._listen()
                except Exception as error:
                    _log.warning("progress_not_heard", error=type(error).__name__)
                    raise

    async def _listen(self) -> None:
        listener = await connect(
            self._dsns,
            timeout=10,
            command_timeout=30,
            server_settings={"application_name": "mis_sync-progress"},
        )
        lost = asyncio.Event()
        listener.add_termination_listener(lambda _: lost.set())
        try:
            await listener.add_listener(_CHANNEL, self._wake)
            self._wake_all()  # what moved while nobody listened
            while not lost.is_set():
                await self._look_at(listener, lost)
            raise ConnectionError("the listening connection was closed")
        finally:
            await listener.close(timeout=5)

    async def _look_at(
        self, listener: asyncpg.Connection[asyncpg.Record], lost: asyncio.Event
    ) -> None:
        """A connection that has died quietly is only noticed by using it."""
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                await lost.wait()
        except TimeoutError:
            await listener.execute("SELECT 1")

    def _wake(self, _: object, __: int, ___: str, school_id: object) -> None:
        for woken in self._watchers.get(UUID(str(school_id)), ()):
            woken.set()

    def _wake_all(self) -> None:
        for watchers in self._watchers.values():
            for woken in watchers:
                woken.set()
