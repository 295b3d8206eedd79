"""The trace of a message: carried in its envelope, taken up where it is sent and applied.

W3C trace context, as CloudEvents' Distributed Tracing extension has it; spans are named by
OpenTelemetry's conventions for messaging. Only the API is used here: where the process has no
tracer provider (`shared/observability/tracing.py`), nothing is measured and nothing carried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import structlog
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

__all__ = ["Traced", "carried", "consuming", "continuing", "points_at", "sending"]

_W3C = TraceContextTextMapPropagator()
_TRACER = trace.get_tracer("classroom.messaging")
_IN_A_BODY = b'"traceparent":"'
"""As it stands in an envelope; within a text, these quotes would be escaped."""
_LENGTH = 55


class Traced(Protocol):
    """What a message says of its trace. A stranger's is only pointed at, and decides nothing."""

    @property
    def correlation_id(self) -> str: ...

    @property
    def traceparent(self) -> str | None: ...

    @property
    def tracestate(self) -> str | None: ...

    @property
    def by_stranger(self) -> bool: ...


def carried() -> dict[str, str]:
    """`traceparent`, and `tracestate` where there is one, of what goes on now: for an envelope."""
    carrier: dict[str, str] = {}
    _W3C.inject(carrier)
    return carrier


@contextmanager
def consuming(queue: str, messages: Sequence[Traced]) -> Iterator[None]:
    """One span for a batch while it is applied, however many messages and rows it has.

    Its parent is what made the messages, where that is one and the same. Else it begins a trace of
    its own, with a link to each of theirs.
    """
    said = [message for message in messages if not message.by_stranger]
    causes = _distinct(_context(one.traceparent, one.tracestate) for one in said)
    one_cause = len(causes) == 1 and all(one.traceparent for one in said)
    sampled = [cause for cause in causes if cause.trace_flags.sampled]
    alone = one_cause or (bool(causes) and not sampled)
    with (
        structlog.contextvars.bound_contextvars(correlation_id=messages[0].correlation_id),
        _TRACER.start_as_current_span(
            f"process {queue}",
            context=_under(causes[0] if alone else None),
            kind=SpanKind.CONSUMER,
            attributes={
                **_attributes("process", queue),
                "messaging.batch.message_count": len(messages),
            },
            links=[] if alone else [Link(cause) for cause in sampled],
        ) as span,
    ):
        if span.is_recording():
            strangers = (one for one in messages if one.by_stranger)
            for context in _distinct(_context(one.traceparent, None) for one in strangers):
                span.add_link(context)
        yield


@contextmanager
def continuing(traceparent: str | None, name: str) -> Iterator[None]:
    """Work that was left for later in a table, by what `traceparent` names."""
    cause = _context(traceparent, None)
    with _TRACER.start_as_current_span(name, context=_under(cause)):
        yield


def points_at(traceparent: str | None) -> None:
    """What goes on now is a part of that as well, though it has another cause."""
    span = trace.get_current_span()
    whole = _context(traceparent, None) if span.is_recording() else None
    if whole is not None and whole.trace_id != span.get_span_context().trace_id:
        span.add_link(whole)


@contextmanager
def sending(rows: Sequence[Any]) -> Iterator[Callable[[Any, str], None]]:
    """One span for each trace and exchange whose events are sent together.

    Of what could not be sent, the id of its row and why are given to what this yields.
    """
    spans: dict[tuple[int, int, str], Span] = {}
    by_row: dict[Any, Span] = {}
    for row in rows if _is_on() else ():
        cause = _context(_found_in(row["body"]), None)
        if cause is not None and cause.trace_flags.sampled:
            key = (cause.trace_id, cause.span_id, row["exchange"])
            if key not in spans:
                spans[key] = _span_of_sending(cause, row["exchange"])
            by_row[row["id"]] = spans[key]

    def not_sent(row_id: Any, error: str) -> None:
        if span := by_row.get(row_id):
            span.set_status(StatusCode.ERROR)
            span.set_attribute("error.type", error.partition(":")[0])

    try:
        yield not_sent
    finally:
        for span in spans.values():
            span.end()


def _span_of_sending(cause: SpanContext, exchange: str) -> Span:
    return _TRACER.start_span(
        f"send {exchange}",
        context=_under(cause),
        kind=SpanKind.PRODUCER,
        attributes=_attributes("send", exchange),
    )


def _is_on() -> bool:
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


def _attributes(operation: str, destination: str) -> dict[str, str | int]:
    return {
        "messaging.system": "rabbitmq",
        "messaging.operation.type": operation,
        "messaging.destination.name": destination,
    }


def _under(cause: SpanContext | None) -> Context:
    """Nothing else that may be going on is its parent."""
    return trace.set_span_in_context(NonRecordingSpan(cause), Context()) if cause else Context()


def _context(traceparent: str | None, tracestate: str | None) -> SpanContext | None:
    """What cannot be read is passed over: a trace is never a reason to refuse a message."""
    if not traceparent:
        return None
    carrier = {"traceparent": traceparent, "tracestate": tracestate or ""}
    context = trace.get_current_span(_W3C.extract(carrier, Context())).get_span_context()
    return context if context.is_valid else None


def _distinct(contexts: Iterable[SpanContext | None]) -> list[SpanContext]:
    found = {(one.trace_id, one.span_id): one for one in contexts if one is not None}
    return list(found.values())


def _found_in(body: bytes) -> str | None:
    start = body.rfind(_IN_A_BODY)
    if start < 0:
        return None
    start += len(_IN_A_BODY)
    return body[start : start + _LENGTH].decode(errors="replace")
