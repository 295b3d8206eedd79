"""Reads an uploaded file in a process of its own, with little memory, little time and no secrets.

So a hostile file takes down nobody but its own reader, a long one keeps nobody else waiting, and
the service holds some rows at a time, however many there are.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from shared.tabular.table import Heading, Limits, Row, TableProblem

__all__ = ["MEMORY_BYTES", "SECONDS", "TableApart", "read_apart"]

MEMORY_BYTES = 1024 * 1024 * 1024
SECONDS = 40
_SIDE_BY_SIDE = asyncio.Semaphore(2)
"""Readers of this process that may run at once; further files wait, so memory has a bound."""
_LONGEST_LINE = 64 * 1024 * 1024
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class TableApart:
    """`batches` are of some hundred rows each; they raise `TableProblem`."""

    headings: tuple[Heading, ...]
    batches: AsyncIterator[Sequence[Row]]


@asynccontextmanager
async def read_apart(path: Path, limits: Limits | None = None) -> AsyncIterator[TableApart]:
    """The table in the file at `path`. Raises `TableProblem`."""
    async with _SIDE_BY_SIDE, _reader(path, limits or Limits()) as table:
        yield table


@asynccontextmanager
async def _reader(path: Path, limits: Limits) -> AsyncIterator[TableApart]:
    reader = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "shared.tabular.reader",
        str(path),
        json.dumps(asdict(limits)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=_LONGEST_LINE,
        # Not the service's: that holds its passwords.
        env={"PYTHONIOENCODING": "utf-8"},
        cwd=_ROOT,
    )
    deadline = asyncio.timeout(SECONDS)
    try:
        async with deadline:
            messages = _messages(reader)
            headings = tuple(Heading(*heading) for heading in (await anext(messages))["headings"])
            yield TableApart(headings, _batches(messages))
    except TimeoutError:
        if not deadline.expired():
            raise
        raise _unreadable() from None
    finally:
        if reader.returncode is None:
            reader.kill()
        await reader.wait()


async def _batches(messages: AsyncIterator[dict[str, Any]]) -> AsyncIterator[Sequence[Row]]:
    async for message in messages:
        if "rows" in message:
            yield [Row(number, tuple(cells), more) for number, cells, more in message["rows"]]


async def _messages(reader: asyncio.subprocess.Process) -> AsyncIterator[dict[str, Any]]:
    """Until the reader says that it has come to the end: one that was stopped never says so."""
    stdout = reader.stdout
    while stdout is not None and (line := await stdout.readline()):
        message: dict[str, Any] = json.loads(line)
        if problem := message.get("problem"):
            raise TableProblem(**problem)
        if message.get("end"):
            return
        yield message
    raise _unreadable()


def _unreadable() -> TableProblem:
    return TableProblem(
        "unreadable",
        "The file takes too much to read. Perhaps something stands far below or beside the list: "
        "copy the list into a new workbook, or save it as ‘CSV UTF-8’, and upload that.",
    )
