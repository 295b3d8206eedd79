"""`python -m services.mis_sync`: one process of the service, as its environment says."""

from __future__ import annotations

import uvicorn

from services.mis_sync.app import create_app
from services.mis_sync.settings import Settings

__all__ = ["main"]

_GRACEFUL_SECONDS = 8


def main() -> None:
    settings = Settings()
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
