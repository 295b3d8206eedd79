"""A collector of traces: it takes what OTLP over HTTP brings, and keeps it to be looked at."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import BinaryIO

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1 import trace_pb2

__all__ = ["Collector", "Seen", "collector"]

_LENGTH = 4
"""Bytes in which it is said how long what follows is."""


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
    """What came is kept in a file, so that another process than the one that takes it can look."""

    def __init__(self, file: Path, url: str) -> None:
        self.url = url
        self._file = file
        self._lock = Lock()
        self._seen: list[Seen] = []
        self._looked_at = 0

    def take(self, body: bytes) -> None:
        with self._lock, self._file.open("ab") as file:
            file.write(len(body).to_bytes(_LENGTH, "big") + body)

    def all(self) -> list[Seen]:
        """Until now. Each span is made out once, by whoever looks."""
        with self._lock:
            if self._file.exists():
                self._look_on()
            return list(self._seen)

    def _look_on(self) -> None:
        with self._file.open("rb") as file:
            file.seek(self._looked_at)
            while body := _next(file):
                self._seen += _spans(body)
                self._looked_at = file.tell()

    def of_trace(self, trace_id: str) -> list[Seen]:
        return [span for span in self.all() if span.trace == trace_id]

    @property
    def told(self) -> dict[str, str]:
        """What a process is told, so that its spans come here, each second."""
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.url, "OTEL_BSP_SCHEDULE_DELAY": "1000"}


@contextmanager
def collector(file: Path | None = None) -> Iterator[Collector]:
    """A collector on a port of its own, until the block ends. It begins with what `file` holds."""
    with tempfile.TemporaryDirectory() as folder:
        file = file or Path(folder) / "spans"
        file.touch()
        with _listening(file) as kept:
            yield kept
        kept.all()  # what came is told of after the block as well


@contextmanager
def _listening(file: Path) -> Iterator[Collector]:
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
    kept = Collector(file, f"http://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()


def _next(file: BinaryIO) -> bytes:
    """What came next; nothing where that has not been written to its end."""
    length = int.from_bytes(file.read(_LENGTH), "big")
    body = file.read(length)
    return body if len(body) == length else b""


def _spans(body: bytes) -> Iterator[Seen]:
    request = ExportTraceServiceRequest.FromString(body)
    for group in request.resource_spans:
        for scope in group.scope_spans:
            for span in scope.spans:
                yield _seen(span, _said(group.resource.attributes), scope.scope.name)


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
