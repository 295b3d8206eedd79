"""Reads an uploaded file in a process of its own, with little memory, little time and no secrets.

So a hostile file takes down nobody but its own reader, a long one keeps nobody else waiting, and
the service holds some rows at a time, however many there are.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson

from shared.tabular.table import Heading, Limits, Row, TableProblem

__all__ = ["SECONDS", "SIDE_BY_SIDE", "Batch", "TableApart", "read_apart"]

SECONDS = 40
SIDE_BY_SIDE = 2
"""Readers of this process that may run at once; further files wait, so memory has a bound."""
_SIDE_BY_SIDE = asyncio.Semaphore(SIDE_BY_SIDE)
_LONGEST_LINE = 64 * 1024 * 1024
_DECODER = json.JSONDecoder()
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Batch:
    """Some hundred rows, the first and the last by their numbers. `text` is JSON as the reader
    wrote it, `[[number, [cell, …], surplus], …]`: who only keeps it need not take it apart."""

    count: int
    first: int
    last: int
    text: bytes

    def __len__(self) -> int:
        return self.count

    def first_rows(self, most: int) -> list[Row]:
        """So many rows, and no others are taken apart."""
        text, at = self.text.decode(), 1
        found: list[Row] = []
        while len(found) < min(most, self.count):
            (number, cells, surplus), end = _DECODER.raw_decode(text, at)
            found.append(Row(number, tuple(cells), surplus))
            at = end + 1
        return found

    def __iter__(self) -> Iterator[Row]:
        for number, cells, surplus in orjson.loads(self.text):
            yield Row(number, tuple(cells), surplus)


@dataclass(frozen=True)
class TableApart:
    """`batches` raise `TableProblem`."""

    headings: tuple[Heading, ...]
    batches: AsyncIterator[Batch]


@asynccontextmanager
async def read_apart(path: Path, limits: Limits | None = None) -> AsyncIterator[TableApart]:
    """The table in the file at `path`. Raises `TableProblem`."""
    async with _SIDE_BY_SIDE, _reader(path, limits or Limits()) as table:
        yield table


@asynccontextmanager
async def _reader(path: Path, limits: Limits) -> AsyncIterator[TableApart]:
    key = uuid4().hex
    answers = _READERS.begin(key, path, limits)
    lines, writer = await asyncio.open_connection(sock=answers, limit=_LONGEST_LINE)
    deadline = asyncio.timeout(SECONDS)
    try:
        async with deadline:
            begin = await _message(lines)
            headings = tuple(Heading(*heading) for heading in begin["headings"])
            yield TableApart(headings, _batches(lines))
    except TimeoutError:
        if not deadline.expired():
            raise
        raise _unreadable() from None
    finally:
        if not lines.at_eof():
            _READERS.end(key)
        writer.close()


class _Readers:
    """The process that makes a reader for each file; started for the first one.

    It is started afresh rather than forked from the service, whose memory holds its passwords, and
    is given nothing of its environment either. It ends when the service closes its socket, or ends.
    """

    def __init__(self) -> None:
        self._control: socket.socket | None = None
        self._started_by = 0

    def begin(self, key: str, path: Path, limits: Limits) -> socket.socket:
        """What the reader of this file answers on. Its end is the reader's end."""
        asked = json.dumps({"key": key, "path": str(path), "limits": asdict(limits)}).encode()
        ours, theirs = socket.socketpair()
        try:
            try:
                socket.send_fds(self._running(), [asked], [theirs.fileno()])
            except OSError:
                # It is gone: whoever stopped it did not mean the next file.
                self._control = None
                socket.send_fds(self._running(), [asked], [theirs.fileno()])
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        ours.setblocking(False)
        return ours

    def end(self, key: str) -> None:
        """A reader that nobody waits for any more."""
        if self._control is not None:
            with suppress(OSError):
                self._control.send(json.dumps({"key": key}).encode())

    def _running(self) -> socket.socket:
        if self._control is None or self._started_by != os.getpid():
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                subprocess.Popen(  # noqa: S603 - this Python, and a module of ours
                    [sys.executable, "-m", "shared.tabular.reader", str(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    # Not the service's: that holds its passwords.
                    env={"PYTHONIOENCODING": "utf-8"},
                    cwd=_ROOT,
                )
            self._control, self._started_by = ours, os.getpid()
        return self._control


_READERS = _Readers()


async def _batches(lines: asyncio.StreamReader) -> AsyncIterator[Batch]:
    """Until the reader says that it has come to the end: one that was stopped never says so."""
    while "end" not in (message := await _message(lines)):
        yield Batch(**message, text=await _line(lines))


async def _message(lines: asyncio.StreamReader) -> dict[str, Any]:
    message: dict[str, Any] = orjson.loads(await _line(lines))
    if problem := message.get("problem"):
        raise TableProblem(**problem)
    return message


async def _line(lines: asyncio.StreamReader) -> bytes:
    """Whole; of one that breaks off nothing is believed."""
    with suppress(ConnectionResetError):
        line = await lines.readline()
        if line.endswith(b"\n"):
            return line[:-1]
    raise _unreadable()


def _unreadable() -> TableProblem:
    return TableProblem(
        "unreadable",
        "The file takes too much to read. Perhaps something stands far below or beside the list: "
        "copy the list into a new workbook, or save it as ‘CSV UTF-8’, and upload that.",
    )
