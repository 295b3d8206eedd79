"""`python -m services.reports`: the service as one process, with the roles that it is given."""

from __future__ import annotations

from services.reports.app import create_app
from services.reports.settings import Settings
from shared.observability.logs import configure_logs
from shared.observability.tracing.starting import traced
from shared.web.process import serve

__all__ = ["main"]


def main() -> None:
    settings = Settings()
    configure_logs("reports", settings.log_level)
    serve(traced(create_app(settings), "reports", settings.roles), settings, "reports")


if __name__ == "__main__":
    main()
