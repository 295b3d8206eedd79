"""The beginning of an uploaded file, which mostly is all of it (R10)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from shared.tabular.apart import Batch

__all__ = ["WORTH_TELLING_SECONDS", "First", "first_of", "under_way"]

_WORTH_TELLING = 2_000
WORTH_TELLING_SECONDS = 0.5
"""Of a file that has more rows, or is longer read, it is told how far it is; any other is kept
before anybody could ask."""


@dataclass(frozen=True)
class First:
    """What came first of a file, and whether that was all."""

    batches: Sequence[Batch]
    whole: bool


async def first_of(batches: AsyncIterator[Batch]) -> First:
    found: list[Batch] = []
    async for batch in batches:
        found.append(batch)
        if sum(map(len, found)) > _WORTH_TELLING:
            return First(found, whole=False)
    return First(found, whole=True)


@asynccontextmanager
async def under_way(work: Coroutine[Any, Any, First]) -> AsyncIterator[asyncio.Future[First]]:
    """Goes on while something else is waited for, and ends with the block."""
    task = asyncio.ensure_future(work)
    try:
        yield task
    finally:
        task.cancel()
