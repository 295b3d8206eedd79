"""One answer: the source is read and published as a snapshot, or why it could not be (R16).

What goes to mis_sync of a failure says what and where, and no value of a cell, which could be
somebody's name. The log on the school's own computer has all of it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import TypeVar
from uuid import UUID

from uuid_utils.compat import uuid7

from services.mis_sync.connectors.credentials import Credentials
from services.mis_sync.connectors.findings import ExportRefused, Problem
from services.mis_sync.connectors.messages import report_message, snapshot_messages
from services.mis_sync.connectors.publish import Patience, publish
from services.mis_sync.connectors.snapshot import Snapshot
from shared.contracts.mis import SnapshotFailed

__all__ = ["Reading", "answer", "failure_in_words"]

_LONGEST = 500
_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Reading:
    """What is read: `read` gives the snapshot of a moment, or raises `ExportRefused`."""

    kind: str
    read: Callable[[datetime], Snapshot]


async def answer(
    credentials: Credentials,
    reading: Reading,
    request_id: UUID | None,
    clock: Callable[[], datetime],
    patience: Patience,
) -> bool:
    """Whether a snapshot was published; else its failure was. Raises as `publish` does."""
    try:
        snapshot = await _in_thread(lambda: reading.read(clock()))
    except ExportRefused as error:
        for problem in error.problems:
            _log.error("The source was refused: %s", problem)
        reason = failure_in_words(error)
    except Exception as error:
        _log.exception("The source could not be read.")
        reason = f"it failed in an unexpected way ({type(error).__name__}); its log says more."
    else:
        snapshot_id = uuid7()
        messages = snapshot_messages(snapshot, snapshot_id, credentials.username, request_id)
        await publish(credentials, messages, patience=patience)
        _log.info("Published %s records as snapshot %s.", len(snapshot.records), snapshot_id)
        return True
    report = SnapshotFailed(at=clock(), request_id=request_id, reason=reason)
    await publish(credentials, [report_message(report, credentials.username)], patience=patience)
    return False


def failure_in_words(error: ExportRefused) -> str:
    """For the school's history: of a cell only its place is told, of a whole file what is wrong."""
    first, count = error.problems[0], len(error.problems)
    more = f" ({count} problems in all; the connector's log has them.)" if count > 1 else ""
    return f"{_told(first)[: _LONGEST - len(more)]}{more}"


def _told(problem: Problem) -> str:
    file = PurePath(problem.file).name if problem.file else None
    if problem.line is None and problem.column is None:
        return f"{file}: {problem.reason}" if file else problem.reason
    where = Problem("", file, problem.line, problem.column)
    return f"something is wrong in {str(where).removesuffix(': ')}. The connector's log says what."


async def _in_thread(call: Callable[[], T]) -> T:
    """So that heartbeats go on meanwhile; a thread that does not hold up the end of the process."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]

    def work() -> None:
        result: T | None = None
        failure: BaseException | None = None
        try:
            result = call()
        except BaseException as error:
            failure = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=work, name="reading", daemon=True).start()
    return await done
