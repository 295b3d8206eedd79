"""An uploaded file, as far as anybody can read it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from shared.imports.problems import UnreadableFile
from shared.tabular.apart import TableApart, read_apart
from shared.tabular.table import Limits, TableProblem

__all__ = ["readable"]


@asynccontextmanager
async def readable(path: Path, limits: Limits) -> AsyncIterator[TableApart]:
    """Its table, read in a process of its own. Raises `UnreadableFile`."""
    try:
        async with read_apart(path, limits) as table:
            yield table
    except TableProblem as problem:
        raise UnreadableFile(problem) from None
