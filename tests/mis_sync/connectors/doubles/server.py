"""A real HTTP server in a thread, whose answers a test decides, faults of the way included."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

__all__ = ["Double", "Fault", "Reply", "Sent", "reply_json"]


@dataclass(frozen=True)
class Sent:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    """By their names in lower case."""
    body: str


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    stops_after: int | None = None
    """The answer breaks off or, if it `hangs`, stands still after so many bytes."""
    hangs: bool = False


def reply_json(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    kind = {"Content-Type": "application/json"}
    return Reply(status, json.dumps(content).encode(), {**kind, **(headers or {})})


@dataclass
class Fault:
    """What is answered instead, the first `times` that something is asked for."""

    path_ends: str
    reply: Reply
    times: int = 1


class Double:
    """A server; `answer` says what it holds, `faults` what goes wrong first."""

    def __init__(self, answer: Callable[[Sent], Reply], tls: ssl.SSLContext | None = None) -> None:
        self._answer = answer
        self.faults: list[Fault] = []
        self.seen: list[Sent] = []
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._scheme = "http"
        if tls is not None:
            self._scheme = "https"
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def origin(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    def paths(self) -> list[str]:
        return [sent.path for sent in self.seen]

    def __enter__(self) -> Double:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reply(self, sent: Sent) -> Reply:
        self.seen.append(sent)
        for fault in self.faults:
            if fault.times > 0 and sent.path.endswith(fault.path_ends):
                fault.times -= 1
                return fault.reply
        return self._answer(sent)

    def stand_still(self) -> None:
        """Until the double is closed."""
        self._over.wait()


def _handler(double: Double) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._do()

        def do_POST(self) -> None:
            self._do()

        def _do(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            sent = Sent(
                self.command,
                parts.path,
                dict(parse_qsl(parts.query)),
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length).decode(),
            )
            self._send(double.reply(sent))

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            try:
                self.wfile.write(reply.body[: reply.stops_after])
                self.wfile.flush()
            except OSError:
                return  # the other side has heard enough
            if reply.hangs:
                double.stand_still()
            self.close_connection = reply.stops_after is not None

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nothing."""

    return Handler
