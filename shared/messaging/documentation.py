"""Every event and who hears it, as an AsyncAPI document, written by FastStream's own generator.

The brokers here only describe: they are never connected. The topology is what the services use.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

from faststream.rabbit import ExchangeType, RabbitBroker, RabbitExchange, RabbitQueue
from faststream.specification.asyncapi import AsyncAPI

from shared.contracts.activity import ActivityRecorded
from shared.contracts.envelope import Event, Payload
from shared.contracts.identity import SessionsEnded
from shared.contracts.mis import SnapshotBegin, SnapshotChunk, SnapshotEnd, SnapshotRequested
from shared.contracts.topology import (
    ANNOUNCEMENTS,
    BROADCASTS,
    INBOUND_EXCHANGE,
    INBOUND_QUEUE,
    QUEUES,
    exchange_of,
    request_queue_of,
)

__all__ = ["messages_document"]

_TITLE = "Classroom Monitor admin: messages"
_ABOUT = (
    "Facts between the services, proposals of mis_sync and their answers, and what connectors and "
    "mis_sync say to each other. Every message is a CloudEvents 1.0 envelope in structured mode."
)
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._$-]+")
_SNAPSHOT = (SnapshotBegin, SnapshotChunk, SnapshotEnd)


def messages_document() -> dict[str, Any]:
    """The AsyncAPI 3.0 document, in an order that does not change from run to run."""
    brokers = (_between_services(), _with_connectors())
    described = AsyncAPI(*brokers, title=_TITLE, version="1.0.0", description=_ABOUT)
    document: dict[str, Any] = _plain(described.to_specification().to_jsonable())
    for part in ("channels", "operations"):
        document[part] = dict(sorted(document[part].items()))
    components = document["components"]
    document["components"] = {name: dict(sorted(components[name].items())) for name in components}
    for message in document["components"]["messages"].values():
        message["correlationId"] = {"location": "$message.payload#/correlationid"}
    return document


def _plain(part: Any) -> Any:
    """With names as AsyncAPI wants them, letters, digits, `.`, `-` and `_`, wherever one stands."""
    if isinstance(part, dict):
        return {_plain_name(key): _plain_value(key, value) for key, value in part.items()}
    return [_plain(item) for item in part] if isinstance(part, list) else part


def _plain_value(key: str, value: Any) -> Any:
    if key == "$ref":
        return "/".join(_plain_name(unquote(step)) for step in value.split("/"))
    return _plain(value)


def _plain_name(name: str) -> str:
    return name if name in ("$ref", "#") else _NOT_PLAIN.sub("_", name).strip("_")


def _between_services() -> RabbitBroker:
    broker = _broker("classroom", "Between the services.")
    payloads = {queue.payload.EVENT_TYPE: queue.payload for queue in QUEUES}
    payloads[SessionsEnded.EVENT_TYPE] = SessionsEnded
    payloads |= {payload.EVENT_TYPE: payload for payload in ANNOUNCEMENTS}
    for event_type in sorted(payloads):
        payload = payloads[event_type]
        publisher = "any service" if payload is ActivityRecorded else payload.PUBLISHER
        _says(broker, publisher, payload, _topic(exchange_of(payload)), event_type)
    for queue in sorted(QUEUES, key=lambda queue: queue.name):
        _hears(broker, queue.service, queue.payload, RabbitQueue(queue.name), queue.exchange)
    for event_type in sorted(BROADCASTS):
        payload = payloads[event_type]
        own = RabbitQueue("gateway.sessions.{instance}", exclusive=True, auto_delete=True)
        _hears(broker, "gateway", payload, own, exchange_of(payload))
    return broker


def _with_connectors() -> RabbitBroker:
    broker = _broker("mis", "Connectors, each with a broker user of its own (R15).")
    exchange = _topic(INBOUND_EXCHANGE)
    requests = request_queue_of("{broker_user}")
    for payload in _SNAPSHOT:
        step = payload.EVENT_TYPE.split(".")[-2]
        _says(broker, "connector", payload, exchange, f"{{broker_user}}.snapshot.{step}")
        _hears(broker, "mis_sync", payload, RabbitQueue(INBOUND_QUEUE), INBOUND_EXCHANGE)
    _says(broker, SnapshotRequested.PUBLISHER, SnapshotRequested, None, requests)
    _hears(broker, "connector", SnapshotRequested, RabbitQueue(requests), None)
    return broker


def _broker(vhost: str, about: str) -> RabbitBroker:
    return RabbitBroker(
        f"amqp://broker/{vhost}", specification_url=f"amqp://broker/{vhost}", description=about
    )


def _says(
    broker: RabbitBroker,
    publisher: str,
    payload: type[Payload],
    exchange: RabbitExchange | None,
    routing_key: str,
) -> None:
    broker.publisher(
        exchange=exchange,
        routing_key=routing_key,
        persist=True,
        mandatory=True,
        title=f"{publisher} says {payload.EVENT_TYPE}",
        description=payload.__doc__,
        schema=Event[payload],  # type: ignore[valid-type]
    )


def _hears(
    broker: RabbitBroker,
    service: str,
    payload: type[Payload],
    queue: RabbitQueue,
    exchange: str | None,
) -> None:
    subscriber = broker.subscriber(
        queue,
        _topic(exchange) if exchange else None,
        title=f"{service} hears {payload.EVENT_TYPE}",
        description=payload.__doc__,
    )
    subscriber(_handler(payload))


def _handler(payload: type[Payload]) -> Callable[..., Awaitable[Any]]:
    """A handler whose only purpose is its type."""

    async def handle(event: Any) -> None:
        raise NotImplementedError

    handle.__annotations__ = {"event": Event[payload], "return": None}  # type: ignore[valid-type]
    return handle


def _topic(name: str) -> RabbitExchange:
    return RabbitExchange(name, type=ExchangeType.TOPIC)
