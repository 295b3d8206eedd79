"""Asks a connector for a snapshot, on its own request queue (R16).

A request is not kept: if the broker is away, whoever asks is told so and asks again, a person by
hand and the night by itself (`overnight/scheduler.py`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import aio_pika
import aio_pika.abc
import aiormq.exceptions

from shared.contracts.envelope import Event
from shared.contracts.mis import SnapshotRequested
from shared.contracts.topology import request_queue_of
from shared.kept import Lines
from shared.messaging.connections import connect_broker
from shared.messaging.outbox import current_correlation_id

__all__ = ["RequestNotSent", "RequestSender", "SnapshotRequests"]

_SECONDS = 5.0
_FAULTS = (
    aio_pika.exceptions.AMQPError,
    aiormq.exceptions.AMQPError,
    aiormq.exceptions.ChannelInvalidStateError,
    OSError,
)


class RequestNotSent(Exception):
    """The broker did not take the request, or the connector's queue is not there yet."""


class SnapshotRequests:
    """Writes to connectors' request queues, on the connectors' vhost."""

    def __init__(self, mis_rabbitmq_url: str | Lines) -> None:
        self._urls = mis_rabbitmq_url

    async def send(self, school_id: UUID, broker_user: str, at: datetime, request_id: UUID) -> None:
        """Raises `RequestNotSent`."""
        async with self.opened() as sender:
            await sender.send(school_id, broker_user, at, request_id)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[RequestSender]:
        """One connection for many requests. Raises `RequestNotSent`."""
        try:
            connection = await connect_broker(self._urls, timeout=_SECONDS)
        except _FAULTS as error:
            raise RequestNotSent(str(error)) from error
        async with connection:
            try:
                channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            except _FAULTS as error:
                raise RequestNotSent(str(error)) from error
            yield RequestSender(channel)


class RequestSender:
    def __init__(self, channel: aio_pika.abc.AbstractChannel) -> None:
        self._channel = channel

    async def send(self, school_id: UUID, broker_user: str, at: datetime, request_id: UUID) -> None:
        """Returns once the broker has it. Raises `RequestNotSent`."""
        event = Event[SnapshotRequested](
            source="/services/mis_sync",
            type=SnapshotRequested.EVENT_TYPE,
            schoolid=school_id,
            correlationid=current_correlation_id(),
            data=SnapshotRequested(request_id=request_id, requested_at=at),
        )
        message = aio_pika.Message(
            event.model_dump_json().encode(),
            message_id=str(event.id),
            type=event.type,
            content_type="application/cloudevents+json",
        )
        queue = request_queue_of(broker_user)
        try:
            await self._channel.default_exchange.publish(
                message, queue, mandatory=True, timeout=_SECONDS
            )
        except _FAULTS as error:
            raise RequestNotSent(str(error)) from error
