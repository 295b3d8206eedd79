"""Traces of a process, where it is told by OpenTelemetry's own variables where to send them.

`OTEL_EXPORTER_OTLP_ENDPOINT` switches them on (OTLP over HTTP), `OTEL_TRACES_SAMPLER` and the other
variables of the standard mean what it says. Unset, nothing of this is loaded and nothing costs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from starlette.types import ASGIApp

__all__ = ["is_wanted", "traced"]

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def is_wanted() -> bool:
    """Whether the environment names a collector, and does not forbid to use it."""
    if os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    if os.environ.get("OTEL_TRACES_EXPORTER", "otlp") == "none":
        return False
    return any(os.environ.get(name) for name in _ENDPOINTS)


def traced(
    app: ASGIApp, service: str, roles: Iterable[str] = ("http",), *, at_the_edge: bool = False
) -> ASGIApp:
    """`app`, whose process is traced from now on, where that is wanted.

    `at_the_edge`: whoever asks is a stranger, whose `traceparent` is not taken up. Each request
    begins a trace here, and whether it is kept is decided here.
    """
    if not is_wanted():
        return app
    # Here, so that a process that is not traced need not load it.
    from shared.observability.tracing.running import start

    return start(app, service, roles, at_the_edge=at_the_edge)
