"""`python -m services.identity`: one process of the service, told what to do by its environment."""

from __future__ import annotations

import uvicorn

from services.identity.app import create_app
from services.identity.settings import Settings

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
