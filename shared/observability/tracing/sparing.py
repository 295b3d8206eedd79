"""The last door of every span: what is on the list goes out, all else stays here.

Nothing of a person is in a span: no path, query or header, no parameter, no body, and no message of
an exception, which repeats values. Libraries add attributes of their own, with each version others;
so what may leave is said here, once, whoever made the span.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import structlog
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Link, SpanKind, Status
from opentelemetry.util.types import Attributes, AttributeValue

__all__ = ["ATTRIBUTES", "Sparing"]

ATTRIBUTES = frozenset(
    {
        "db.namespace",
        "db.query.text",
        "db.system.name",
        "error.type",
        "exception.type",
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "messaging.batch.message_count",
        "messaging.destination.name",
        "messaging.operation.type",
        "messaging.system",
        "network.protocol.version",
        "server.address",
        "server.port",
        "url.scheme",
    }
)
_ASKED = frozenset({"server.address", "server.port"})
"""Whom we asked. Of a request to us it is what the caller wrote into a header."""
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_LONGEST_STATEMENT = 1000

_log = structlog.get_logger(__name__)


class Sparing(SpanExporter):
    """Gives spans to `exporter` without what is not on the list.

    A collector that does not answer costs what is dropped, and two lines in the log: when that
    began, and when it was over.
    """

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._away = False
        self._given_up = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        if self._given_up:
            return SpanExportResult.FAILURE
        result = self._exporter.export([_spared(span) for span in spans])
        away = result is not SpanExportResult.SUCCESS
        if away and not self._away and not self._given_up:
            _log.warning("traces_not_sent", dropped=len(spans))
        elif self._away and not away:
            _log.info("traces_sent_again")
        self._away = away
        return result

    def give_up(self) -> None:
        """Whatever is being tried is not tried again."""
        if not self._given_up:
            self._given_up = True
            self._exporter.shutdown()

    def shutdown(self) -> None:
        self.give_up()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _spared(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_kept(span.attributes, asked=span.kind is not SpanKind.SERVER),
        events=[
            Event(event.name, _kept(event.attributes), event.timestamp) for event in span.events
        ],
        links=[Link(link.context) for link in span.links],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _kept(attributes: Attributes, *, asked: bool = True) -> Mapping[str, AttributeValue]:
    return {
        name: _without_literals(value) if name == "db.query.text" else value
        for name, value in (attributes or {}).items()
        if name in ATTRIBUTES and (asked or name not in _ASKED)
    }


def _without_literals(statement: AttributeValue) -> str:
    """Parameters stand as `$1`. What little is written out, such as a school's id, goes too."""
    return _LITERAL.sub("'?'", str(statement))[:_LONGEST_STATEMENT]
