"""Looks at schools whose turn it is: woken when something was committed, and by the clock besides.

What is due stands in the database (`due.py`), so a crash, a lost notification or a second runner
changes nothing but the moment.
"""

from __future__ import annotations

import asyncio
from uuid import UUID

import structlog
from tenacity import AsyncRetrying, wait_random_exponential

from services.mis_sync.context import MisSync
from services.mis_sync.runs.due import CHANNEL, schools_due
from services.mis_sync.runs.service import look_at_school, record_failure
from shared.database.pool import connect
from shared.kept import Lines
from shared.messaging.ending import end
from shared.messaging.faults import is_passing

__all__ = ["Runner"]

_POLL_SECONDS = 2.0
_AT_ONCE = 4

_log = structlog.get_logger(__name__)


class Runner:
    """Starts runs and gives up what is overdue, for all schools. Several may run at once."""

    def __init__(self, mis_sync: MisSync, dsn: str | Lines) -> None:
        self._mis_sync = mis_sync
        self._dsns = dsn
        self._task: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._schools: set[UUID] = set()
        self._trouble: str | None = "not started yet"

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run_for_ever())

    async def stop(self) -> None:
        if self._task is not None:
            await end(self._task)
            self._task = None

    @property
    def trouble(self) -> str | None:
        """What is wrong, if anything."""
        return self._trouble

    async def _run_for_ever(self) -> None:
        async for attempt in AsyncRetrying(wait=wait_random_exponential(multiplier=0.2, max=10)):
            with attempt:
                try:
                    await self._run()
                except Exception as error:
                    self._trouble = f"{type(error).__name__}: {error}"
                    _log.warning("runner_interrupted", error=self._trouble)
                    raise

    async def _run(self) -> None:
        listener = await connect(
            self._dsns,
            timeout=10,
            command_timeout=30,
            server_settings={"application_name": "mis_sync-runner"},
        )
        try:
            await listener.add_listener(CHANNEL, self._wake)
            while True:
                self._woken.clear()
                await self._look()
                self._trouble = None
                await self._pause()
                if listener.is_closed():
                    raise ConnectionError("the listening connection was closed")
        finally:
            await listener.close(timeout=5)

    def _wake(self, _: object, __: int, ___: str, school_id: object) -> None:
        self._schools.add(UUID(str(school_id)))
        self._woken.set()

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), _POLL_SECONDS)
        except TimeoutError:
            return

    async def _look(self) -> None:
        async with self._mis_sync.database.transaction() as connection:
            due = await schools_due(connection, self._mis_sync.clock())
        schools = [*self._schools.union(due)]
        self._schools.clear()
        left = iter(schools)

        async def take() -> None:
            for school_id in left:
                await self._look_at(school_id)

        await asyncio.gather(*(take() for _ in range(min(_AT_ONCE, len(schools)))))

    async def _look_at(self, school_id: UUID) -> None:
        try:
            async with self._mis_sync.database.transaction(school_id) as connection:
                await look_at_school(self._mis_sync, connection, school_id)
        except Exception as error:
            if is_passing(error):
                raise
            _log.exception("run_failed", school_id=str(school_id))
            async with self._mis_sync.database.transaction(school_id) as connection:
                await record_failure(self._mis_sync, connection, school_id, error)
