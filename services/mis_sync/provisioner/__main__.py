"""`python -m services.mis_sync.provisioner`: the one process that makes broker users."""

from __future__ import annotations

from services.mis_sync.provisioner.app import create_app
from services.mis_sync.settings import ProvisionerSettings
from shared.observability.logs import configure_logs
from shared.observability.tracing.starting import traced
from shared.web.process import serve

__all__ = ["main"]


def main() -> None:
    settings = ProvisionerSettings()
    configure_logs("provisioner", settings.log_level)
    serve(traced(create_app(settings), "provisioner", ("provisioner",)), settings, "mis_sync")


if __name__ == "__main__":
    main()
