"""Declares a service's own queues and binds them, at every start and whenever one is missed."""

from __future__ import annotations

from collections.abc import Iterable

from aio_pika.abc import AbstractChannel

from shared.contracts.topology import REPLAY_EXCHANGE, Queue

__all__ = ["ensure_queues"]


async def ensure_queues(channel: AbstractChannel, queues: Iterable[Queue]) -> None:
    """Make sure of each queue, its binding to its event, and its binding for replays.

    Changes nothing that is there. Raises aio-pika's errors, such as for a missing exchange.
    """
    for queue in queues:
        declared = await channel.declare_queue(
            queue.name, durable=True, arguments={"x-queue-type": "quorum"}
        )
        await declared.bind(queue.exchange, queue.payload.EVENT_TYPE)
        await declared.bind(REPLAY_EXCHANGE, queue.name)
