"""Presses in processes of their own, for whoever has an event loop: with a limit of time each.

A press that takes too long is stopped, and another takes its place; nothing else is touched. If
their pool breaks, for which it is enough that an idle one is killed, all are replaced.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError as TookTooLong
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from services.reports.documents.document import Report
from services.reports.documents.press import Logos, print_one, print_pages, print_together, work_in

__all__ = ["Presses", "PrintingFailed"]

P = ParamSpec("P")
T = TypeVar("T")

_LOOK_AGAIN_SECONDS = 1.0
"""What a pool was given while it broke is never told of."""


class PrintingFailed(Exception):
    """It took longer than it may, or the press ended; the sentence says which."""


class Presses:
    """`count` reports at a time. `close` it, and what is being printed is given up.

    After so many `prints` a press is replaced, and what it remembered and its memory with it.
    """

    def __init__(self, count: int = 1, seconds: float = 30.0, prints: int = 2_000) -> None:
        self._seconds = seconds
        self._folder = TemporaryDirectory(prefix="presses-")
        self._closed = False
        self._count, self._prints = count, prints
        self._pool = self._new_pool()

    async def one(self, report: Report, logos: Logos) -> bytes:
        """As `print_one`. Raises `PrintingFailed`."""
        return await self._ask(self._seconds, print_one, report, logos)

    async def together(
        self, title: str, reports: Sequence[Report], logos: Logos, seconds: float | None = None
    ) -> bytes:
        """As `print_together`. Raises `PrintingFailed`."""
        return await self._ask(
            seconds or self._seconds, print_together, title, list(reports), logos
        )

    async def pages(self, report: Report, logos: Logos) -> list[bytes]:
        """As `print_pages`. Raises `PrintingFailed`."""
        return await self._ask(self._seconds, print_pages, report, logos)

    def close(self) -> None:
        self._closed = True
        _end(self._pool)
        self._folder.cleanup()

    async def _ask(
        self, seconds: float, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        pool = await self._standing()
        future = pool.schedule(work, args=args, kwargs=kwargs, timeout=seconds)
        made: asyncio.Future[T] = asyncio.wrap_future(future)
        try:
            while not (await asyncio.wait({made}, timeout=_LOOK_AGAIN_SECONDS))[0]:
                if not pool.active:
                    raise PrintingFailed("the presses ended")
            return made.result()
        except TookTooLong:
            raise PrintingFailed(f"it took longer than {seconds:g} seconds") from None
        except (ProcessExpired, BrokenProcessPool) as ended:
            raise PrintingFailed(f"the press ended: {ended}") from ended
        finally:
            made.cancel()

    async def _standing(self) -> ProcessPool:
        """The presses, or new ones in the place of those that broke."""
        if not self._pool.active and not self._closed:
            broken, self._pool = self._pool, self._new_pool()
            await asyncio.to_thread(_end, broken)
        return self._pool

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._count,
            max_tasks=self._prints,
            initializer=work_in,
            initargs=(Path(self._folder.name),),
            context=multiprocessing.get_context("spawn"),
        )


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble has no types here
    pool.join()
