"""A collector of traces: it takes what OTLP over HTTP brings, and keeps it to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1 import trace_pb2

__all__ = ["Collector", "Seen", "collector"]


@dataclass(frozen=True)
class Seen:
    """One span as it came. Ids are in hex; `parent` is empty for what begins a trace."""

    service: str
    name: str
    kind: str
    trace: str
    id: str
    parent: str
    links: tuple[tuple[str, str], ...]
    """Trace and span of each."""
    attributes: Mapping[str, str]
    failed: bool
    texts: tuple[str, ...]
    """Whatever else is said in it: of its status, its events, its links, and who made it."""
    resource: Mapping[str, str]


class Collector:
    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: list[Seen] = []
        self.url = ""

    def take(self, body: bytes) -> None:
        request = ExportTraceServiceRequest.FromString(body)
        came = [
            _seen(span, _said(group.resource.attributes), scope.scope.name)
            for group in request.resource_spans
            for scope in group.scope_spans
            for span in scope.spans
        ]
        with self._lock:
            self._seen += came

    def all(self) -> list[Seen]:
        with self._lock:
            return list(self._seen)

    def of_trace(self, trace_id: str) -> list[Seen]:
        return [span for span in self.all() if span.trace == trace_id]

    @property
    def told(self) -> dict[str, str]:
        """What a process is told, so that its spans come here, each second."""
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.url, "OTEL_BSP_SCHEDULE_DELAY": "1000"}


@contextmanager
def collector() -> Iterator[Collector]:
    """A collector on a port of its own, until the block ends."""
    kept = Collector()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/v1/traces":
                kept.take(body)
            self.send_response(200 if self.path == "/v1/traces" else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kept.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()


def _seen(span: trace_pb2.Span, resource: Mapping[str, str], scope: str) -> Seen:
    return Seen(
        service=resource["service.name"],
        name=span.name,
        kind=trace_pb2.Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        links=tuple((link.trace_id.hex(), link.span_id.hex()) for link in span.links),
        attributes=_said(span.attributes),
        failed=span.status.code == trace_pb2.Status.STATUS_CODE_ERROR,
        texts=(
            scope,
            span.status.message,
            span.trace_state,
            *(event.name for event in span.events),
            *(text for event in span.events for text in _texts(event.attributes)),
            *(text for link in span.links for text in _texts(link.attributes)),
        ),
        resource=resource,
    )


def _texts(attributes: Iterable[KeyValue]) -> list[str]:
    return [text for pair in _said(attributes).items() for text in pair]


def _said(attributes: Iterable[KeyValue]) -> dict[str, str]:
    said: dict[str, str] = {}
    for attribute in attributes:
        value = attribute.value
        kind = value.WhichOneof("value")
        said[attribute.key] = str(getattr(value, kind)) if kind else ""
    return said
