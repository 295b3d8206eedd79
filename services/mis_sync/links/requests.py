"""Asks a connector for a snapshot, on its own request queue (R16).

A request is not kept: if the broker is away, the person who asked is told so and asks again.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import aio_pika
import aiormq.exceptions
from uuid_utils.compat import uuid7

from shared.contracts.envelope import Event
from shared.contracts.mis import SnapshotRequested
from shared.contracts.topology import request_queue_of
from shared.messaging.outbox import current_correlation_id

__all__ = ["RequestNotSent", "SnapshotRequests"]

_SECONDS = 5.0


class RequestNotSent(Exception):
    """The broker did not take the request, or the connector's queue is not there yet."""


class SnapshotRequests:
    """Writes to connectors' request queues, on the connectors' vhost."""

    def __init__(self, mis_rabbitmq_url: str) -> None:
        self._url = mis_rabbitmq_url

    async def send(self, school_id: UUID, broker_user: str, at: datetime) -> UUID:
        """The request's id. Raises `RequestNotSent`."""
        event = Event[SnapshotRequested](
            source="/services/mis_sync",
            type=SnapshotRequested.EVENT_TYPE,
            schoolid=school_id,
            correlationid=current_correlation_id(),
            data=SnapshotRequested(request_id=uuid7(), requested_at=at),
        )
        try:
            await self._publish(event, request_queue_of(broker_user))
        except (aio_pika.exceptions.AMQPError, aiormq.exceptions.AMQPError, OSError) as error:
            raise RequestNotSent(str(error)) from error
        return event.data.request_id

    async def _publish(self, event: Event[SnapshotRequested], queue: str) -> None:
        connection = await aio_pika.connect(self._url, timeout=_SECONDS)
        async with connection:
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            message = aio_pika.Message(
                event.model_dump_json().encode(),
                message_id=str(event.id),
                type=event.type,
                content_type="application/cloudevents+json",
            )
            await channel.default_exchange.publish(message, queue, mandatory=True, timeout=_SECONDS)
