"""What every request passes first: its correlation id, its line in the log, and limits on its size.

The id travels through `structlog.contextvars` under `correlation_id`, so that every log line and,
through the outbox, every event that the request causes carries it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

import structlog
from opentelemetry import trace
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils.compat import uuid7

from shared.web.problems import BadRequest, Problem

__all__ = [
    "CORRELATION_HEADER",
    "MAX_BODY_BYTES",
    "QUIET_PATHS",
    "BodyLimit",
    "RequestLog",
    "correlation_id",
]

CORRELATION_HEADER = "X-Correlation-ID"
MAX_BODY_BYTES = 1024 * 1024
_LET_PASS = 5
"""How many times too large a file may be for its rest to be waited for."""

_ACCEPTABLE_ID = re.compile(r"^[A-Za-z0-9._-]{8,128}$")
QUIET_PATHS = frozenset({"/live", "/ready"})

log = structlog.get_logger(__name__)


def correlation_id() -> str:
    """The id of what is going on now; a new one where nothing has given it one yet."""
    bound = structlog.contextvars.get_contextvars().get("correlation_id")
    return str(bound) if bound else str(uuid7())


class RequestLog:
    """Binds the correlation id, answers with it, and logs one line per request.

    `trusted` is whether a caller's own id is taken over: services trust the gateway's, the gateway
    trusts nobody's. Query strings and path parameters are not logged: they hold names and tokens.
    """

    def __init__(self, app: ASGIApp, *, trusted: bool = True) -> None:
        self._app = app
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        correlation = self._correlation_of(scope)
        status = 500
        began = time.perf_counter()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[CORRELATION_HEADER] = correlation
            await send(message)

        with structlog.contextvars.bound_contextvars(correlation_id=correlation):
            try:
                await self._app(scope, receive, answer)
            finally:
                if scope["path"] not in QUIET_PATHS:
                    _log_request(scope, status, time.perf_counter() - began)

    def _correlation_of(self, scope: Scope) -> str:
        given = Headers(scope=scope).get(CORRELATION_HEADER) if self._trusted else None
        return given if given and _ACCEPTABLE_ID.match(given) else _trace_id() or str(uuid7())


def _trace_id() -> str | None:
    """Where the request is traced, so that one id finds its log, its events and its trace."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else None


def _log_request(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", None)
    milliseconds = round(seconds * 1000, 1)
    log.info("request", method=scope["method"], route=route, status=status, ms=milliseconds)


def _is_json(scope: Scope) -> bool:
    """JSON is UTF-8 (RFC 8259), which has no NUL bytes; in UTF-16 it would hide one from us."""
    content_type = Headers(scope=scope).get("content-type", "application/json")
    return "json" in content_type.lower()


class TooLarge(Problem):
    status, slug, title = 413, "too-large", "That is too much at once"


class BodyLimit:
    """Reads a body whole before anything else does, and refuses one that is too large.

    NUL characters, which PostgreSQL cannot store, are refused here for every route at once.
    `uploads`: paths to which files are posted, with how many bytes each may have. They are passed
    on as they come, once it is known who sends them.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_bytes: int = MAX_BODY_BYTES,
        uploads: Mapping[str, int] | None = None,
    ) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._uploads = dict(uploads or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        upload = self._uploads.get(scope["path"]) if scope["method"] == "POST" else None
        try:
            _look_at_address(scope)
            if upload is not None:
                counted = _Counted(scope, receive, upload)
                await self._app(scope, counted, send)
                return
            body = await self._read(scope, receive)
        except Problem as problem:
            await problem.response()(scope, receive, send)
            return
        handed_over = False

        async def replay() -> Message:
            nonlocal handed_over
            if handed_over or body is None:
                return await receive()
            handed_over = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        """The body, or `None` where the caller went away while sending it."""
        if _declared(scope) > self._max_bytes:
            raise self._too_large()
        body = b""
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._max_bytes:
                raise self._too_large()
        if b"\\u0000" in body or (b"\x00" in body and _is_json(scope)):
            raise BadRequest("The request holds a character that cannot be used.")
        return body

    def _too_large(self) -> TooLarge:
        return TooLarge(f"At most {self._max_bytes // 1024} KiB can be sent at once.")


class _Counted:
    """A file on its way, counted. Raises `TooLarge` where it is, to whoever reads it.

    What is left of it is let pass first, within reason: a browser that is answered while it still
    sends shows a broken connection, and not what is wrong.
    """

    def __init__(self, scope: Scope, receive: Receive, max_bytes: int) -> None:
        self._receive = receive
        self._max_bytes = max_bytes
        self._count = 0
        self._declared = _declared(scope)

    async def __call__(self) -> Message:
        message = await self._next()
        if max(self._count, self._declared) <= self._max_bytes:
            return message
        most = self._max_bytes * _LET_PASS
        while message.get("more_body") and max(self._count, self._declared) <= most:
            message = await self._next()
        megabytes = self._max_bytes // (1024 * 1024)
        raise TooLarge(
            f"The file is larger than {megabytes} MB. Save a smaller one and upload that: a "
            "picture with fewer pixels; a list without pictures and other sheets, or in parts."
        )

    async def _next(self) -> Message:
        message = await self._receive()
        self._count += len(message.get("body", b""))
        return message


def _look_at_address(scope: Scope) -> None:
    if "\x00" in scope["path"] or b"%00" in scope.get("query_string", b""):
        raise BadRequest("The address holds a character that cannot be used.")


def _declared(scope: Scope) -> int:
    declared = Headers(scope=scope).get("content-length", "")
    return int(declared) if declared.isdigit() else 0
