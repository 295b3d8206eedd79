"""`python -m services.roster`: the service as one process, with the roles that it is given."""

from __future__ import annotations

from services.roster.app import create_app
from services.roster.settings import Settings
from shared.observability.logs import configure_logs
from shared.observability.tracing.starting import traced
from shared.web.process import serve

__all__ = ["main"]


def main() -> None:
    settings = Settings()
    configure_logs("roster", settings.log_level)
    serve(traced(create_app(settings), "roster", settings.roles), settings, "roster")


if __name__ == "__main__":
    main()
