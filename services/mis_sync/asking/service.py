"""What a connector was asked for, and how it ends: answered, failed, or not heard (R16, R23).

Each request is a line of the sync history from the moment it is sent, and the line is rewritten as
news of it comes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from services.mis_sync.asking import repository
from services.mis_sync.context import MisSync
from services.mis_sync.links import repository as links
from services.mis_sync.links.repository import Sender
from shared.contracts.mis import ConnectorHeard, SnapshotBegin, SnapshotFailed
from shared.database.pool import Connection

__all__ = ["give_up_unanswered", "keep_request", "take_begin", "take_report"]

_HEARD_WITHIN = timedelta(hours=1)
"""So long a request lives in the connector's queue."""
_ANSWERED_WITHIN = timedelta(hours=6)
_AT_ONCE = 200

_ASKED = "Your MIS was asked for its data."
_HEARD = f"{_ASKED} The connector has heard and is reading it."
_ANSWERED = "Your MIS was asked for its data and sent it."
_FAILED = f"{_ASKED} The connector could not read it: {{reason}}"
_FAILED_UNASKED = "The connector could not read your MIS: {reason}"
_NOT_HEARD = (
    f"{_ASKED} No connector has heard it: is the computer that it runs on switched on, and the "
    "connector running?"
)
_SILENT = f"{_ASKED} The connector has heard, and sent nothing within six hours."


async def keep_request(
    connection: Connection, school_id: UUID, request_id: UUID, cause: str, at: datetime
) -> None:
    """A request that the broker has: `cause` is `overnight`, or `asked` by a person."""
    run_id = await repository.add_line(connection, school_id, cause, "closed", _ASKED, at)
    await repository.add(connection, school_id, request_id, run_id, at)
    await repository.await_until(connection, school_id, request_id, at + _HEARD_WITHIN)


async def take_report(
    connection: Connection,
    sender: Sender,
    report: ConnectorHeard | SnapshotFailed,
    now: datetime,
) -> None:
    """What the connector says of itself; saying it again changes nothing."""
    school_id, at = sender.school_id, min(report.at, now)
    if report.request_id is not None:
        await repository.hold(connection, report.request_id)
    if isinstance(report, ConnectorHeard):
        await links.mark_heard(
            connection, school_id, sender.connector_id, at, report.connector, listens=True
        )
        if report.request_id is not None and await repository.mark_heard(
            connection, school_id, report.request_id, _HEARD, at
        ):
            until = now + _ANSWERED_WITHIN
            await repository.await_until(connection, school_id, report.request_id, until)
    elif report.request_id is not None:
        note = _FAILED.format(reason=report.reason)
        await _end(connection, school_id, report.request_id, "failed", note, now)
    else:
        note = _FAILED_UNASKED.format(reason=report.reason)
        await repository.add_line(connection, school_id, "connector", "failed", note, now)


async def take_begin(
    connection: Connection, sender: Sender, begin: SnapshotBegin, now: datetime
) -> None:
    """A snapshot comes: its connector is there, and the request that it answers has its end."""
    await links.mark_heard(
        connection,
        sender.school_id,
        sender.connector_id,
        min(begin.taken_at, now),
        begin.source.connector,
        listens=False,
    )
    if begin.request_id is not None:
        await repository.hold(connection, begin.request_id)
        await _end(connection, sender.school_id, begin.request_id, "answered", _ANSWERED, now)


async def give_up_unanswered(mis_sync: MisSync) -> None:
    """The history says of each request that has waited too long that nothing came of it."""
    now = mis_sync.clock()
    async with mis_sync.database.transaction() as connection:
        found = await repository.given_up(connection, now, _AT_ONCE)
    for request_id, school_id in found:
        async with mis_sync.database.transaction(school_id) as connection:
            await repository.hold(connection, request_id)
            if not await repository.take_given_up(connection, request_id, now):
                continue
            heard = await repository.was_heard(connection, school_id, request_id)
            outcome, note = ("failed", _SILENT) if heard else ("not_heard", _NOT_HEARD)
            await repository.end(connection, school_id, request_id, outcome, note, now)


async def _end(
    connection: Connection, school_id: UUID, request_id: UUID, outcome: str, note: str, at: datetime
) -> None:
    """With those before it: a connector that was asked again while it read answers once."""
    for earlier in await repository.earlier_open(connection, school_id, request_id):
        await repository.end(connection, school_id, earlier, outcome, note, at)
    await repository.end(connection, school_id, request_id, outcome, note, at)
