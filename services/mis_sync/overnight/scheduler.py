"""Asks each linked school's connector for a snapshot, once every night, at its hour (R16).

What is due stands in the database: a row for each school, with the night that it is asked in next.
Asking and going on to the next night are one transaction, so no night is asked twice, whatever is
restarted and however many are asking. Who cannot be asked is tried again, until noon.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid5

import structlog

from services.mis_sync.asking.repository import add_line, hold
from services.mis_sync.asking.service import give_up_unanswered, keep_request
from services.mis_sync.context import MisSync
from services.mis_sync.links.repository import connector_in_force, sends_by_itself
from services.mis_sync.links.requests import RequestNotSent, RequestSender
from services.mis_sync.overnight import repository
from services.mis_sync.overnight.nights import due_at, ends_at, first_night, night_after
from shared.database.pool import Connection
from shared.messaging.repeating import Repeating

__all__ = ["NightlyAsking", "ask_at_night"]

_LOOK_EVERY_SECONDS = 10.0
_AT_ONCE = 200
_TRY_AGAIN_AFTER = timedelta(minutes=1)

_NOT_ASKED = (
    "Your MIS was not asked in the night to {night:%-d %B}: its connector could not be reached "
    "before noon. You can ask for a sync on this page."
)
_log = structlog.get_logger(__name__)


class NightlyAsking:
    """Looks for schools whose moment has come. Several may run at once."""

    def __init__(self, mis_sync: MisSync) -> None:
        async def look() -> None:
            await give_up_unanswered(mis_sync)
            await ask_at_night(mis_sync)

        self._repeating = Repeating(look, name="overnight syncs", seconds=_LOOK_EVERY_SECONDS)

    async def start(self) -> None:
        self._repeating.start()

    async def stop(self) -> None:
        await self._repeating.stop()


async def ask_at_night(mis_sync: MisSync) -> None:
    """All whose moment has come. Raises `RequestNotSent` while the broker is away."""
    await _plan(mis_sync)
    while True:
        async with mis_sync.database.transaction() as connection:
            due = await repository.schools_due(connection, mis_sync.clock(), _AT_ONCE)
        if not due:
            return
        async with mis_sync.requests.opened() as sender:
            taken = [await _ask(mis_sync, sender, school_id) for school_id in due]
        if not any(taken):
            return


async def _plan(mis_sync: MisSync) -> None:
    """Give each newly linked school its first night."""
    while True:
        async with mis_sync.database.transaction() as connection:
            schools = await repository.schools_without_night(connection, _AT_ONCE)
        for school_id in schools:
            async with mis_sync.database.transaction(school_id) as connection:
                now = mis_sync.clock()
                setting = await repository.lock_setting(connection, school_id, now)
                night = first_night(school_id, setting.hour, now)
                moment = due_at(school_id, night, setting.hour)
                await repository.begin_nights(connection, school_id, night, moment)
        if len(schools) < _AT_ONCE:
            return


async def _ask(mis_sync: MisSync, sender: RequestSender, school_id: UUID) -> bool:
    """Whether the night was ours: another scheduler may be asking just now."""
    now = mis_sync.clock()
    async with mis_sync.database.transaction(school_id) as connection:
        night = await repository.take_night(connection, school_id, now)
        if night is None:
            return False
        if now < ends_at(night):
            try:
                await _send(mis_sync, sender, connection, school_id, night)
            except RequestNotSent as error:
                _log.warning("not_asked_yet", school_id=str(school_id), error=str(error))
                again = now + _TRY_AGAIN_AFTER
                await repository.move_night(connection, school_id, night, again)
                return True
        else:
            note = _NOT_ASKED.format(night=night)
            await add_line(connection, school_id, "overnight", "failed", note, now)
        setting = await repository.find_setting(connection, school_id)
        following = night_after(night, now)
        moment = due_at(school_id, following, setting.hour)
        await repository.move_night(connection, school_id, following, moment)
        return True


async def _send(
    mis_sync: MisSync,
    sender: RequestSender,
    connection: Connection,
    school_id: UUID,
    night: date,
) -> None:
    """The request of a night has one id, so that a connector knows it again if it comes twice.

    It can: when the broker has it and our transaction fails. A connector that only sends is not
    asked: nobody would hear it, and the history would call that a failure every morning.
    """
    connector = await connector_in_force(connection, school_id)
    if connector is not None and await sends_by_itself(connection, school_id, connector):
        return
    if connector is None or connector.provisioned_at is None:
        raise RequestNotSent("the connector is not set up yet")
    request_id, now = uuid5(school_id, f"night {night}"), mis_sync.clock()
    await hold(connection, request_id)
    await sender.send(school_id, connector.broker_user, now, request_id)
    await keep_request(connection, school_id, request_id, "overnight", now)
