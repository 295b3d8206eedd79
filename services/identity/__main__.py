"""`python -m services.identity`: the service as one process, with the roles that it is given."""

from __future__ import annotations

from services.identity.app import create_app
from services.identity.settings import Settings
from shared.observability.logs import configure_logs
from shared.observability.tracing.starting import traced
from shared.web.process import serve

__all__ = ["main"]


def main() -> None:
    settings = Settings()
    configure_logs("identity", settings.log_level)
    serve(traced(create_app(settings), "identity", settings.roles), settings, "identity")


if __name__ == "__main__":
    main()
