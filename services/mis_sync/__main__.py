"""`python -m services.mis_sync`: the service as one process, with the roles that it is given."""

from __future__ import annotations

from services.mis_sync.app import create_app
from services.mis_sync.settings import Settings
from shared.observability.logs import configure_logs
from shared.observability.tracing.starting import traced
from shared.web.process import serve

__all__ = ["main"]


def main() -> None:
    settings = Settings()
    configure_logs("mis_sync", settings.log_level)
    serve(traced(create_app(settings), "mis_sync", settings.roles), settings, "mis_sync")


if __name__ == "__main__":
    main()
