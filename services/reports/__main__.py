"""`python -m services.reports`: the service as one process, with the roles that it is given."""

from __future__ import annotations

import uvicorn

from services.reports.app import create_app
from services.reports.settings import Settings
from shared.observability.logs import configure_logs

__all__ = ["main"]

_GRACEFUL_SECONDS = 10


def main() -> None:
    settings = Settings()
    configure_logs("reports", settings.log_level)
    uvicorn.run(
        create_app(settings),
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_GRACEFUL_SECONDS,
    )


if __name__ == "__main__":
    main()
