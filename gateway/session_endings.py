"""Hears of ended sessions, and of schools that changed, on a queue that goes with this gateway.

Each connection is a new one with a new queue: nothing is left to a reconnect that may come back
without its consumer. While there is none, the sessions that are remembered are not trusted.
"""

from __future__ import annotations

import asyncio
import random

import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from gateway.sessions import Sessions
from shared.contracts.envelope import Event
from shared.contracts.identity import SchoolChanged, SessionsEnded
from shared.contracts.topology import exchange_of
from shared.kept import Lines
from shared.messaging.connections import connect_broker
from shared.messaging.subscription import accepted
from shared.messaging.traces import consuming

__all__ = ["SessionEndings"]

_QUEUES = "gateway.sessions"
_HEARTBEAT_SECONDS = 10
_CONNECT_SECONDS = 5
_WATCH_SECONDS = 2.0
_ANSWER_SECONDS = 2.0
_LONGEST_PAUSE_SECONDS = 10.0

log = structlog.get_logger(__name__)


class SessionEndings:
    """Runs until it is cancelled; `Sessions.trusted` says whether it hears at the moment."""

    def __init__(self, rabbitmq_url: str | Lines, sessions: Sessions) -> None:
        self._urls = rabbitmq_url
        self._sessions = sessions

    async def run(self) -> None:
        failures = 0
        while True:
            try:
                await self._listen()
                failures = 0
            except Exception as error:
                # Any: a channel that has just gone is no AMQPError, and nobody else would listen.
                log.warning("ended sessions not heard", error=type(error).__name__)
                failures += 1
            finally:
                self._sessions.distrust()
            pause = min(0.2 * 2**failures, _LONGEST_PAUSE_SECONDS)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - no secret

    async def _listen(self) -> None:
        """Returns when the connection, the channel or the consumer is gone."""
        connection = await connect_broker(
            self._urls, timeout=_CONNECT_SECONDS, heartbeat=_HEARTBEAT_SECONDS
        )
        async with connection:
            channel = await connection.channel(publisher_confirms=False)
            lost = _when_lost(connection, channel)
            queue = await channel.declare_queue(
                f"{_QUEUES}.{uuid7().hex}", exclusive=True, auto_delete=True, durable=False
            )
            exchange = await channel.get_exchange(exchange_of(SessionsEnded))
            for heard in (SessionsEnded, SchoolChanged):
                await queue.bind(exchange, heard.EVENT_TYPE)
            await queue.consume(self._hear, no_ack=True)
            self._sessions.trust()
            log.info("ended sessions are heard")
            while not await _within(_WATCH_SECONDS, lost):
                if not await self._consumes(channel, queue.name):
                    return

    async def _consumes(self, channel: AbstractChannel, queue: str) -> bool:
        """Raises `TimeoutError` where nothing comes back, though nothing was closed."""
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                there = await channel.declare_queue(queue, passive=True)
        except TimeoutError:
            self._sessions.distrust()  # now: closing such a connection may take as long again
            raise
        return bool(there.declaration_result.consumer_count)

    async def _hear(self, message: AbstractIncomingMessage) -> None:
        try:
            if message.routing_key == SchoolChanged.EVENT_TYPE:
                changed = Event[SchoolChanged].model_validate_json(message.body)
                with consuming(_QUEUES, [accepted(changed)]):
                    if changed.schoolid is not None:
                        self._sessions.forget_school(changed.schoolid)
            else:
                event = Event[SessionsEnded].model_validate_json(message.body)
                with consuming(_QUEUES, [accepted(event)]):
                    self._sessions.end(event.data.session_ids)
        except ValidationError:
            log.error("message about sessions not understood", message_id=message.message_id)
            self._sessions.trust()  # it may have been about any of them: all are forgotten


def _when_lost(connection: AbstractConnection, channel: AbstractChannel) -> asyncio.Event:
    lost = asyncio.Event()
    connection.close_callbacks.add(lambda *_: lost.set())
    channel.close_callbacks.add(lambda *_: lost.set())
    return lost


async def _within(seconds: float, event: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
