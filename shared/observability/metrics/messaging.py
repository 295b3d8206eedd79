"""Messages: what each subscription does with its own, and how the outbox is emptied.

A queue's name stands for the subscription: `roster.mis_sync.pupils.approved.v1` and the like.
"""

from __future__ import annotations

from typing import Literal

from shared.observability.metrics.asked import gauge
from shared.observability.metrics.registry import counter, histogram

__all__ = ["DEAD_LETTERS", "OUTBOX_OLDEST", "OUTBOX_UNSENT", "PUT_OFF", "OfOutbox", "OfQueue"]

Parked = Literal["contract", "refused", "failed", "ended_process"]
"""Why a message is a dead letter: it breaks its contract; can never be applied; failed five times;
or was in hand when the process ended, again and again."""

_MESSAGE_BUCKETS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 120.0, 600.0)
_BATCH_BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)
_SIZE_BUCKETS = (1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 200.0)
_QUEUE = ["queue"]

_handled = counter(
    "messages_handled_total",
    "Messages that were acknowledged since what they ask for is committed (or was before).",
    _QUEUE,
)
_failed = counter(
    "messages_failed_total",
    "Tries to apply a message that failed for a reason of its own; five of them park it.",
    _QUEUE,
)
_retried = counter(
    "messages_retried_total",
    "Times that a message was put off and tried again, by cause: `failed` for a try that failed, "
    "`away` for a fault that passes, such as the database gone, and `locked` where something of "
    "the school is locked; neither of the two is a try.",
    ["queue", "cause"],
)
_parked = counter(
    "messages_parked_total",
    "Messages that became dead letters, by class of reason: `contract` (breaks it), `refused` "
    "(can never be applied), `failed` (five tries), `ended_process` (was in hand when it ended).",
    ["queue", "reason"],
)
_turned_away = counter(
    "messages_turned_away_total",
    "Messages of connectors that were not let in: not signed, of nobody's, broken.",
    _QUEUE,
)
_repeats = counter(
    "inbox_repeats_total",
    "Messages that the inbox knew already: delivered again, and changed nothing.",
    _QUEUE,
)
_message_seconds = histogram(
    "message_seconds",
    "From the delivery of a message to its end, with all that it waited for.",
    _QUEUE,
    buckets=_MESSAGE_BUCKETS,
)
_batch_seconds = histogram(
    "batch_seconds",
    "Of one transaction that applies the messages of one school that came together.",
    _QUEUE,
    buckets=_BATCH_BUCKETS,
)
_batch_messages = histogram(
    "batch_messages",
    "How many messages one transaction applied.",
    _QUEUE,
    buckets=_SIZE_BUCKETS,
)

_published = counter(
    "outbox_published_total", "Events that the broker has confirmed, and so has for certain."
)
_not_published = counter(
    "outbox_publish_failures_total",
    "Events that the broker did not take or confirm; they stay and are sent again.",
)
OUTBOX_UNSENT = gauge(
    "outbox_unsent", "Events that wait to be sent. Of the database: take the max by service."
)
OUTBOX_OLDEST = gauge(
    "outbox_oldest_seconds",
    "How long the oldest event that waits has waited; 0 where none does. Of the database: max.",
)
DEAD_LETTERS = gauge(
    "dead_letters",
    "Dead letters that nobody has dealt with, by queue and class of reason (as in "
    "`classroom_messages_parked_total`); no series where there are none. Of the database: max.",
    ["queue", "reason"],
)

PUT_OFF = gauge(
    "messages_put_off",
    "Messages that wait since something of their school is locked, by queue; no series where there "
    "are none. Of the database: max.",
    ["queue"],
)


class OfQueue:
    """The figures of one subscription. All its series are there from the start, with 0."""

    def __init__(self, queue: str) -> None:
        self.handled = _handled.labels(queue)
        self.failed = _failed.labels(queue)
        self.retried_failed = _retried.labels(queue, "failed")
        self.retried_away = _retried.labels(queue, "away")
        self.retried_locked = _retried.labels(queue, "locked")
        self.turned_away = _turned_away.labels(queue)
        self.message_seconds = _message_seconds.labels(queue)
        self._repeats = _repeats.labels(queue)
        self._batch_seconds = _batch_seconds.labels(queue)
        self._batch_messages = _batch_messages.labels(queue)
        reasons: tuple[Parked, ...] = ("contract", "refused", "failed", "ended_process")
        self._parked = {reason: _parked.labels(queue, reason) for reason in reasons}

    def parked(self, reason: Parked) -> None:
        self._parked[reason].inc()

    def applied(self, *, messages: int, new: int, seconds: float) -> None:
        """One batch is committed."""
        self._batch_seconds.observe(seconds)
        self._batch_messages.observe(messages)
        if messages > new:
            self._repeats.inc(messages - new)


class OfOutbox:
    """The figures of one relay."""

    @staticmethod
    def sent(*, confirmed: int, failed: int) -> None:
        _published.inc(confirmed)
        _not_published.inc(failed)
