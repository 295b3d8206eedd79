"""The process that reads files, each in a child of its own: `python -m shared.tabular.reader FD`.

It has loaded all that reading needs and opens no file itself. For each file that it is told of, it
makes a child, which is as quick as that process was started long ago, reads that file, and is done.
`FD` is a socket of messages: what to read, with the socket that the child answers on, or whom to
end. The child answers in lines of JSON: the headings; rows in batches, of each first how many they
are and which, so that nobody has to take the rows apart to know that; and at the end
`{"end": true}` or what is wrong with the file.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import orjson

from shared.tabular.opening import open_table
from shared.tabular.table import Limits, Row, TableProblem

__all__ = ["LONGEST_MESSAGE", "MEMORY_BYTES", "SECONDS", "main"]

MEMORY_BYTES = 256 * 1024 * 1024
"""Of addresses: a workbook of 50,000 rows of ten cells takes 227, of which 90 are used. All that
read at once have to fit into a container beside the service: a full one may be ended whole."""
SECONDS = 40
LONGEST_MESSAGE = 8 * 1024
_ROWS_AT_ONCE = 500
_CHARACTERS_AT_ONCE = 1_000_000


def main() -> None:
    """Until the service has closed its end."""
    control = socket.socket(fileno=int(sys.argv[1]))
    children: dict[str, int] = {}
    gc.freeze()
    while True:
        message, sockets, _, _ = socket.recv_fds(control, LONGEST_MESSAGE, 1)
        if not message:
            return
        _forget_ended(children)
        asked = json.loads(message)
        if sockets:
            child = os.fork()
            if not child:
                control.close()
                _answer(sockets[0], Path(asked["path"]), Limits(**asked["limits"]))
            os.close(sockets[0])
            children[asked["key"]] = child
        elif child := children.get(asked["key"], 0):
            # It was not waited for yet, so that this number is still its own.
            os.kill(child, signal.SIGKILL)


def _forget_ended(children: dict[str, int]) -> None:
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            for key in [key for key, child in children.items() if child == ended]:
                del children[key]


def _answer(descriptor: int, path: Path, limits: Limits) -> None:
    """In the child, which does nothing after it."""
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        with os.fdopen(descriptor, "wb") as answers:
            _read(path, limits, answers)
        code = 0
    finally:
        # Not `sys.exit`: nothing of the process that it was made from is to be ended with it.
        os._exit(code)


def _read(path: Path, limits: Limits, answers: BinaryIO) -> None:
    for line in _lines(path, limits):
        answers.write(line + b"\n")
        answers.flush()


def _lines(path: Path, limits: Limits) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            table = open_table(file, limits)
            headings = [[heading.column, heading.text] for heading in table.headings]
            yield orjson.dumps({"headings": headings})
            for rows in _batches(table.rows):
                numbers = {"count": len(rows), "first": rows[0].number, "last": rows[-1].number}
                yield orjson.dumps(numbers)
                yield orjson.dumps([[*row] for row in rows])
    except TableProblem as problem:
        yield orjson.dumps({"problem": {"slug": problem.slug, "detail": problem.detail}})
    else:
        yield orjson.dumps({"end": True})


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    characters = 0
    for row in rows:
        batch.append(row)
        characters += sum(map(len, row.cells))
        if len(batch) >= _ROWS_AT_ONCE or characters >= _CHARACTERS_AT_ONCE:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


if __name__ == "__main__":
    main()
