"""The beginning of an uploaded file, which mostly is all of it (R10)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.roster.imports.problems import UnreadableFile
from services.roster.imports.pupil_import import LIMITS
from shared.tabular.apart import Batch, TableApart, read_apart
from shared.tabular.table import TableProblem

__all__ = ["WORTH_TELLING_SECONDS", "First", "first_of", "readable", "under_way"]

_WORTH_TELLING = 2_000
WORTH_TELLING_SECONDS = 0.5
"""Of a file that has more rows, or is longer read, it is told how far it is; any other is kept
before anybody could ask."""


@asynccontextmanager
async def readable(path: Path) -> AsyncIterator[TableApart]:
    try:
        async with read_apart(path, LIMITS) as table:
            yield table
    except TableProblem as problem:
        raise UnreadableFile(problem) from None


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
