"""Looks at schools whose turn it is: woken when something was committed, and by the clock besides.

What is due stands in the database (`due.py`), so a crash, a lost notification or a second runner
changes nothing but the moment.
"""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
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
        self._tasks: list[asyncio.Task[None]] = []
        self._woken = asyncio.Event()
        self._woken_for: set[UUID] = set()
        self._turns: asyncio.Queue[UUID] = asyncio.Queue()
        self._queued: set[UUID] = set()
        self._in_hand: set[UUID] = set()
        self._resting: dict[UUID, float] = {}
        self._trouble: str | None = "not started yet"

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._run_for_ever())]
        self._tasks += [asyncio.create_task(self._take_turns()) for _ in range(_AT_ONCE)]

    async def stop(self) -> None:
        await asyncio.gather(*map(end, self._tasks))
        self._tasks = []

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
        self._woken_for.add(UUID(str(school_id)))
        self._woken.set()

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), _POLL_SECONDS)
        except TimeoutError:
            return

    async def _look(self) -> None:
        """Give a turn to whose it is. Nobody waits for one whose turn takes long."""
        async with self._mis_sync.database.transaction() as connection:
            due = await schools_due(connection, self._mis_sync.clock())
        now = asyncio.get_running_loop().time()
        self._resting = {school: until for school, until in self._resting.items() if until > now}
        later = self._in_hand | self._resting.keys()
        schools = self._woken_for.union(due) - later - self._queued
        self._woken_for &= later
        self._queued |= schools
        for school_id in schools:
            self._turns.put_nowait(school_id)

    async def _take_turns(self) -> None:
        while True:
            school_id = await self._turns.get()
            self._queued.discard(school_id)
            self._in_hand.add(school_id)
            try:
                await self._look_at(school_id)
                if school_id in self._woken_for:
                    self._woken.set()
            except Exception as error:
                self._woken_for.add(school_id)
                self._resting[school_id] = asyncio.get_running_loop().time() + _POLL_SECONDS
                _log.warning("school_not_looked_at", error=type(error).__name__)
            finally:
                self._in_hand.discard(school_id)

    async def _look_at(self, school_id: UUID) -> None:
        try:
            async with self._mis_sync.database.transaction(school_id) as connection:
                await look_at_school(self._mis_sync, connection, school_id)
        except Exception as error:
            # A statement that takes too long would take as long again, and for ever.
            if is_passing(error) and not isinstance(error, asyncpg.QueryCanceledError):
                raise
            _log.exception("run_failed", school_id=str(school_id))
            async with self._mis_sync.database.transaction(school_id) as connection:
                await record_failure(self._mis_sync, connection, school_id, error)
