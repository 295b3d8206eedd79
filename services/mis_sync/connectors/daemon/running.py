"""Stays connected, hears requests, and answers them one at a time (R16).

A request is written down and acknowledged as soon as it is heard. Who is asked again while reading
answers once more, and not more often: only the newest request is owed. The own clock steps in when
nobody has asked for 26 hours.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import aio_pika
import aiormq.exceptions as amqp
from aio_pika.abc import (
    AbstractChannel,
    AbstractConnection,
    AbstractExchange,
    AbstractIncomingMessage,
)
from pydantic import ValidationError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential

from services.mis_sync.connectors.credentials import Credentials
from services.mis_sync.connectors.daemon.answering import Reading, answer
from services.mis_sync.connectors.daemon.memory import Memory
from services.mis_sync.connectors.messages import report_message
from services.mis_sync.connectors.publish import (
    FAULTS,
    BrokerAway,
    Patience,
    explained,
    is_refusal,
    send,
)
from services.mis_sync.connectors.signing import Signer
from shared.contracts.envelope import Event
from shared.contracts.mis import ConnectorHeard, SnapshotRequested

__all__ = ["Daemon", "Pauses"]

_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Pauses:
    """Seconds: the first and the longest before connecting again; between looks at the own clock,
    and at the queue; and how often in a row the broker may refuse before it is meant."""

    first: float = 1.0
    longest: float = 300.0
    clock: float = 30.0
    queue: float = 60.0
    refusals: int = 6


class Daemon:
    """One connector of one school. `clock` gives the time, in UTC."""

    def __init__(
        self,
        credentials: Credentials,
        reading: Reading,
        memory: Memory,
        *,
        clock: Callable[[], datetime],
        pauses: Pauses | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._credentials = credentials
        self._reading = reading
        self._memory = memory
        self._clock = clock
        self._pauses = pauses or Pauses()
        self._patience = patience or Patience()
        self._signer = Signer(credentials.signing_key.as_jwk())
        self._news = asyncio.Event()
        self._connected = asyncio.Event()

    async def run(self) -> None:
        """Until it is cancelled. Raises `BrokerRefused` where new credentials are needed."""
        tasks = [
            asyncio.create_task(self._stay_connected()),
            asyncio.create_task(self._answer_all()),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _stay_connected(self) -> None:
        """Each time with growing pauses, for ever; what is refused again and again is meant."""
        while True:
            refusals = 0

            def is_worth_trying(error: BaseException) -> bool:
                nonlocal refusals
                refusals = refusals + 1 if _is_meant(error) else 0
                return isinstance(error, FAULTS) and refusals < self._pauses.refusals

            try:
                async for attempt in AsyncRetrying(
                    retry=retry_if_exception(is_worth_trying),
                    wait=wait_random_exponential(
                        multiplier=self._pauses.first, max=self._pauses.longest
                    ),
                    before_sleep=self._say_why,
                    reraise=True,
                ):
                    with attempt:
                        connection = await _not_cancelled(self._connect())
                        await _not_cancelled(self._begin_listening(connection))
            except FAULTS as error:
                raise explained(error, self._credentials) from error
            await self._listen(connection)

    async def _connect(self) -> AbstractConnection:
        address, seconds = self._credentials.address(), self._patience.step
        return await aio_pika.connect(address, timeout=seconds)

    async def _begin_listening(self, connection: AbstractConnection) -> None:
        try:
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            await channel.set_qos(prefetch_count=1)
            exchange = await channel.get_exchange(self._credentials.exchange, ensure=False)
            queue = await channel.get_queue(self._credentials.request_queue, ensure=False)

            async def take(message: AbstractIncomingMessage) -> None:
                await self._take(exchange, message)

            await self._say_heard(exchange, None)
            await queue.consume(take)
        except BaseException:
            await connection.close()
            raise
        self._channel = channel
        _log.info("Connected to %s; waiting for requests.", self._credentials.broker)

    async def _listen(self, connection: AbstractConnection) -> None:
        """Until the connection, the channel or the queue is gone."""
        self._connected.set()
        self._news.set()
        try:
            queue = self._credentials.request_queue
            while not self._channel.is_closed and await _not_cancelled(
                _is_heard(self._channel, queue)
            ):
                await _within(self._channel.closed(), self._pauses.queue)
        except FAULTS:
            pass
        finally:
            self._connected.clear()
            await _within(connection.close(), self._patience.step)
        _log.warning("The connection to %s was lost.", self._credentials.broker)

    async def _take(self, exchange: AbstractExchange, message: AbstractIncomingMessage) -> None:
        """A request: written down, acknowledged, and told to be heard."""
        try:
            request = Event[SnapshotRequested].model_validate_json(message.body).data
        except ValidationError:
            _log.error("A request that cannot be understood was passed over.")
            await message.ack()
            return
        self._memory.asked(request.request_id, self._clock())
        await message.ack()
        _log.info("Asked for a snapshot (request %s).", request.request_id)
        self._news.set()
        with suppress(*FAULTS):
            await _not_cancelled(self._say_heard(exchange, request.request_id))

    async def _say_heard(self, exchange: AbstractExchange, request_id: UUID | None) -> None:
        report = ConnectorHeard(
            at=self._clock(), request_id=request_id, connector=self._reading.kind
        )
        message = report_message(report, self._credentials.username)
        username, seconds = self._credentials.username, self._patience.step
        await send(exchange, username, self._signer, message, seconds)

    async def _answer_all(self) -> None:
        while True:
            owed = await self._next()
            if owed is None:
                _log.info("Not asked for 26 hours: publishing by the own clock.")
                self._memory.steps_in(self._clock())
            try:
                published = await answer(
                    self._credentials, self._reading, owed, self._clock, self._patience
                )
            except BrokerAway as error:
                _log.warning("%s", error)
                continue
            self._note(owed, published=published)

    def _note(self, owed: UUID | None, *, published: bool) -> None:
        """A request that came meanwhile is still owed."""
        if owed != self._memory.known.owed:
            return
        if published:
            self._memory.answered(self._clock())
        elif owed is not None:
            self._memory.settled()

    async def _next(self) -> UUID | None:
        """The request that is owed, or `None` when the own clock steps in; while connected."""
        while True:
            await self._connected.wait()
            if self._memory.known.owed is not None:
                return self._memory.known.owed
            if self._memory.known.steps_in_at() <= self._clock():
                return None
            self._news.clear()
            await _within(self._news.wait(), self._pauses.clock)

    def _say_why(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        if not isinstance(error, Exception):
            return
        seconds = state.next_action.sleep if state.next_action else 0
        why = f"The broker at {self._credentials.broker} cannot be reached."
        if is_refusal(error):
            why = str(explained(error, self._credentials))
        _log.warning("%s Trying again in %.0f s.", why, seconds)


def _is_meant(error: BaseException) -> bool:
    """Refused for good, if it is so again and again: a queue that is not there is made anew."""
    return is_refusal(error) and not isinstance(error, amqp.ChannelNotFoundEntity)


async def _not_cancelled(wait: Coroutine[Any, Any, T]) -> T:
    """aiormq cancels what waits on a connection that goes; that is no wish to stop."""
    try:
        return await wait
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        raise ConnectionError("the connection was lost") from None


async def _within(wait: Awaitable[Any], seconds: float) -> None:
    """Until it is so, or has failed, or the time is over; it is ended also where we are stopped."""
    task = asyncio.ensure_future(wait)
    try:
        await asyncio.wait([task], timeout=seconds)
    finally:
        if not task.done():
            task.cancel()
        elif not task.cancelled():
            task.exception()


async def _is_heard(channel: AbstractChannel, queue: str) -> bool:
    """Whether the queue is there, and somebody hears it. Declares nothing."""
    found = await channel.declare_queue(queue, passive=True)
    return bool(found.declaration_result.consumer_count)
