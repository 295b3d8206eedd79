"""Presses in processes of their own, for whoever has an event loop: with a limit of time each.

A press that takes too long is stopped, and another takes its place; nothing else is touched.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError as TookTooLong
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from services.reports.documents.document import Report
from services.reports.documents.press import Logos, print_one, print_pages, print_together, work_in

__all__ = ["Presses", "PrintingFailed"]

P = ParamSpec("P")
T = TypeVar("T")


class PrintingFailed(Exception):
    """It took longer than it may, or the press ended; the sentence says which."""


class Presses:
    """`count` reports at a time. `close` it, and what is being printed is given up.

    After so many `prints` a press is replaced, and what it remembered and its memory with it.
    """

    def __init__(self, count: int = 1, seconds: float = 30.0, prints: int = 2_000) -> None:
        self._seconds = seconds
        self._folder = TemporaryDirectory(prefix="presses-")
        self._pool = ProcessPool(
            max_workers=count,
            max_tasks=prints,
            initializer=work_in,
            initargs=(Path(self._folder.name),),
            context=multiprocessing.get_context("spawn"),
        )

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
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble has no types here
        self._pool.join()
        self._folder.cleanup()

    async def _ask(
        self, seconds: float, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        future = self._pool.schedule(work, args=args, kwargs=kwargs, timeout=seconds)
        try:
            made: T = await asyncio.wrap_future(future)
        except TookTooLong:
            raise PrintingFailed(f"it took longer than {seconds:g} seconds") from None
        except ProcessExpired as ended:
            raise PrintingFailed(f"the press ended: {ended}") from ended
        return made
