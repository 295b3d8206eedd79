"""The provisioner, wired. It has no routes of its own and no database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from services.mis_sync.provisioner.broker import Broker
from services.mis_sync.provisioner.logins import Logins
from services.mis_sync.provisioner.service import Provisioner
from services.mis_sync.settings import ProvisionerSettings
from shared.web.app import create_service_app

__all__ = ["create_app"]

_SECONDS = 10.0


def create_app(settings: ProvisionerSettings | None = None) -> FastAPI:
    """The process as one ASGI application. Without `settings` the environment is read."""
    settings = settings or ProvisionerSettings()
    logins = Logins(settings.kept("rabbitmq_management_url"))
    client = httpx.AsyncClient(base_url=logins.address, auth=logins, timeout=_SECONDS)
    broker = Broker(client, settings.mis_vhost)
    provisioner = Provisioner(settings.kept("rabbitmq_url"), broker)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with client:
            await provisioner.start()
            try:
                yield
            finally:
                await provisioner.stop()

    async def checks() -> Mapping[str, str | None]:
        management = None if await broker.answers() else "the management API does not answer"
        return {"orders": provisioner.trouble, "management": management}

    app = create_service_app(
        title="MIS sync provisioner", lifespan=lifespan, routers=(), checks=checks
    )
    app.state.provisioner = provisioner
    return app
