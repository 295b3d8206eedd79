"""Publishes to the broker: signed, persistent, mandatory, confirmed, under the connector's name.

A message counts as published only when the broker has confirmed it. What was not confirmed is sent
again with the same id, over a new connection, until it is or until the patience runs out.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import aio_pika
import aiormq.exceptions as amqp
from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractExchange
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_delay,
    wait_random_exponential,
)

from services.mis_sync.connectors.credentials import Credentials
from services.mis_sync.connectors.messages import Outgoing
from services.mis_sync.connectors.signing import Signer
from shared.contracts.envelope import Payload
from shared.contracts.signatures import SIGNATURE_HEADER

__all__ = [
    "FAULTS",
    "BrokerAway",
    "BrokerRefused",
    "NotConfirmed",
    "Patience",
    "explained",
    "is_refusal",
    "publish",
    "send",
]

Told = Callable[[int, int], None]
"""Is told how many messages are confirmed, of how many."""

IN_FLIGHT = 8


class BrokerAway(Exception):
    """The broker could not be reached, or did not confirm, for as long as it was tried."""


class NotConfirmed(Exception):
    """The broker is there and takes nothing, as one without room on its disk does."""


class BrokerRefused(Exception):
    """The broker does not let this connector publish; trying again would not help."""


FAULTS = (amqp.AMQPError, amqp.ChannelInvalidStateError, OSError, TimeoutError, NotConfirmed)
"""What a connection that goes, or does not come, raises."""


@dataclass(frozen=True)
class Patience:
    """Seconds: for one connection or confirmation, for all tries, and the longest pause between."""

    step: float = 20.0
    total: float = 300.0
    longest_pause: float = 30.0


async def publish(
    credentials: Credentials,
    messages: Sequence[Outgoing[Payload]],
    *,
    patience: Patience | None = None,
    told: Told | None = None,
) -> None:
    """Publish all messages: the first, then those between, then the last.

    Raises `BrokerAway` or `BrokerRefused`. Publishing the same messages again is harmless.
    """
    patience = patience or Patience()
    confirmed: set[str] = set()
    try:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception(_passes),
            stop=_gives_up(patience),
            wait=wait_random_exponential(multiplier=0.5, max=patience.longest_pause),
            reraise=True,
        ):
            with attempt:
                await _try(credentials, messages, confirmed, patience, told)
    except Exception as error:
        raise explained(error, credentials) from error


async def _try(
    credentials: Credentials,
    messages: Sequence[Outgoing[Payload]],
    confirmed: set[str],
    patience: Patience,
    told: Told | None,
) -> None:
    connection = await aio_pika.connect(credentials.address(), timeout=patience.step)
    async with connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(credentials.exchange, ensure=False)
        signer = Signer(credentials.signing_key.as_jwk())

        async def send_once(message: Outgoing[Payload]) -> None:
            if message.message_id in confirmed:
                return
            await send(exchange, credentials.username, signer, message, patience.step)
            confirmed.add(message.message_id)
            if told is not None:
                told(len(confirmed), len(messages))

        between = messages[1:-1]
        await _all([send_once(messages[0])])
        for start in range(0, len(between), IN_FLIGHT):
            await _all([send_once(message) for message in between[start : start + IN_FLIGHT]])
        await _all([send_once(messages[-1])])


async def _all(sends: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Wait for all of them, also when one fails, and raise the first failure.

    A confirmation that is cancelled is one whose connection went, not a wish of our caller.
    """
    results = await asyncio.gather(*sends, return_exceptions=True)
    for result in results:
        if isinstance(result, asyncio.CancelledError):
            raise ConnectionError("the connection was lost") from result
        if isinstance(result, BaseException):
            raise result


async def send(
    exchange: AbstractExchange,
    username: str,
    signer: Signer,
    message: Outgoing[Payload],
    seconds: float,
) -> None:
    """One message, until the broker has confirmed it. Raises what aio-pika raises, and
    `NotConfirmed` where it did not within so many seconds."""
    routing_key = f"{username}.{message.suffix}"
    try:
        await exchange.publish(
            Message(
                message.body,
                message_id=message.message_id,
                user_id=username,
                type=message.event.type,
                content_type="application/cloudevents+json",
                delivery_mode=DeliveryMode.PERSISTENT,
                correlation_id=message.event.correlationid,
                timestamp=message.event.time,
                headers={SIGNATURE_HEADER: signer.sign(message, username, routing_key)},
            ),
            routing_key=routing_key,
            mandatory=True,
            timeout=seconds,
        )
    except TimeoutError as error:
        raise NotConfirmed from error


_REFUSALS: tuple[tuple[type[BaseException], str], ...] = (
    (
        amqp.AuthenticationError,
        "The broker at {broker} does not know this name and password. The link may have been "
        "renewed or revoked: download new credentials from MIS Synchronisation.",
    ),
    (
        amqp.ProbableAuthenticationError,
        "The broker at {broker} does not know this name and password. The link may have been "
        "renewed or revoked: download new credentials from MIS Synchronisation.",
    ),
    (
        amqp.InvalidFrameError,
        "The broker at {broker} does not let this connector in. The link may have been revoked: "
        "download new credentials from MIS Synchronisation.",
    ),
    (
        amqp.ChannelAccessRefused,
        "The broker at {broker} does not let this connector publish for {school}. Use the "
        "credentials file as it was downloaded, unchanged.",
    ),
    (
        amqp.ChannelPreconditionFailed,
        "The broker at {broker} refused the snapshot, as its sender is not who signed in. Use the "
        "credentials file as it was downloaded, unchanged.",
    ),
    (
        amqp.ChannelNotFoundEntity,
        "The broker at {broker} is not set up to receive snapshots. Contact us.",
    ),
    (
        ssl.SSLCertVerificationError,
        "The broker at {broker} cannot prove who it is (its certificate is not valid), so nothing "
        "was sent. Contact us.",
    ),
)


_NOT_LET_IN = amqp.InvalidFrameError
"""What aiormq makes of a broker that closes the connection where it should open the virtual host.

It keeps the reason to itself: either this user has no right there, or the broker is just starting.
"""
_TRIES_TO_BE_LET_IN = 4


def _gives_up(patience: Patience) -> Callable[[RetryCallState], bool]:
    """Out of patience, or not let in so often that the broker cannot just be starting."""
    out_of_patience = stop_after_delay(patience.total)

    def gives_up(state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        not_let_in = isinstance(error, _NOT_LET_IN)
        return out_of_patience(state) or (
            not_let_in and state.attempt_number >= _TRIES_TO_BE_LET_IN
        )

    return gives_up


def _passes(error: BaseException) -> bool:
    """Whether trying again may help."""
    if isinstance(error, _NOT_LET_IN):
        return True
    if is_refusal(error):
        return False
    return isinstance(error, FAULTS)


def is_refusal(error: BaseException) -> bool:
    """Whether the broker does not let this connector in, or not do what it does."""
    return isinstance(error, tuple(kind for kind, _ in _REFUSALS))


def explained(error: Exception, credentials: Credentials) -> Exception:
    """The error as a sentence that a school's office can act on."""
    facts = {"broker": credentials.broker, "school": credentials.school}
    for kind, sentence in _REFUSALS:
        if isinstance(error, kind):
            return BrokerRefused(sentence.format(**facts))
    if isinstance(error, (amqp.DeliveryError, NotConfirmed)):
        return BrokerAway(
            f"The broker at {facts['broker']} is there but does not take snapshots now. Nothing is "
            "lost: run the same command again later, and contact us if it lasts."
        )
    if _passes(error):
        return BrokerAway(
            f"The broker at {facts['broker']} cannot be reached. Check the network and that the "
            "firewall lets this port out, then run the same command again."
        )
    return error
