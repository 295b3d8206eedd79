"""`python -m services.mis_sync.provisioner`: the one process that makes broker users."""

from __future__ import annotations

import uvicorn

from services.mis_sync.provisioner.app import create_app

__all__ = ["main"]


def main() -> None:
    app, settings = create_app()
    uvicorn.run(
        app,
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=8,
    )


if __name__ == "__main__":
    main()
