"""Runs the gateway: `python -m gateway`."""

from __future__ import annotations

from gateway.app import create_app
from gateway.settings import Settings
from shared.observability.logs import configure_logs
from shared.observability.tracing.starting import traced
from shared.web.process import serve

__all__ = ["main"]


def main() -> None:
    settings = Settings()
    configure_logs("gateway", settings.log_level)
    serve(traced(create_app(settings), "gateway", at_the_edge=True), settings, "gateway")


if __name__ == "__main__":
    main()
