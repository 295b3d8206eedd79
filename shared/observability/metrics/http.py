"""Requests: how many by route and how they ended, and how long people waited for an answer.

A route is named by its template, so that no id of anything is a label. What is timed is the time
until the answer begins: some answers stay open for as long as a page does.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.observability.metrics.registry import counter, histogram

__all__ = ["RequestMetrics"]

_QUIET_PATHS = frozenset({"/live", "/ready"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
_NO_ROUTE = "none"
_NOT_ANSWERED = 500

_requests = counter(
    "http_requests_total",
    "Requests that were answered, by route (its template; `none` where there is no such route), "
    "method and class of status.",
    ["route", "method", "status"],
)
_seconds = histogram(
    "http_request_seconds",
    "Time until an answer began, by route and method.",
    ["route", "method"],
    buckets=_BUCKETS,
)


class RequestMetrics:
    """Counts and times every request but those of health."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _QUIET_PATHS:
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _count(scope, status, time.perf_counter() - began)
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            if not status:
                _count(scope, _NOT_ANSWERED, time.perf_counter() - began)


def _count(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", _NO_ROUTE)
    method = scope["method"] if scope["method"] in _METHODS else "other"
    requests, waited = _series(route, method, status // 100)
    requests.inc()
    waited.observe(seconds)


@lru_cache(maxsize=4096)
def _series(route: str, method: str, hundreds: int) -> tuple[Any, Any]:
    """Looked up once: that takes longer than counting."""
    return _requests.labels(route, method, f"{hundreds}xx"), _seconds.labels(route, method)
