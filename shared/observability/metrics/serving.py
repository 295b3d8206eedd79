"""Serves this process's metrics as Prometheus asks for them, on a port that has nothing else.

It answers from a thread of its own, so that a busy process can still be looked at.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import structlog
from prometheus_client import start_http_server

from shared.observability.metrics.asked import always, gauge
from shared.observability.metrics.registry import REGISTRY

__all__ = ["serve_metrics"]

_PACKAGE = "classroom-monitor-admin"

_build = gauge("build_info", "1; its label says which version runs.", ["version"])
_log = structlog.get_logger(__name__)


def serve_metrics(
    *, service: str, role: str, host: str, port: int | None, build: str | None = None
) -> None:
    """From now on until the process ends. Without a port nothing is served.

    Where it cannot listen, it says so and nothing more: people go before figures.
    """
    REGISTRY.name(service=service, role=role)
    always(_build.of(1, build or _packaged()))
    if port is None:
        return
    try:
        start_http_server(port, addr=host, registry=REGISTRY)
    except OSError as error:
        _log.error("metrics_not_served", host=host, port=port, error=str(error))


def _packaged() -> str:
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:
        return "unknown"
