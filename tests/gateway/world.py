"""A gateway, started for real, between real browsers' requests and services that are stood in."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from pydantic import HttpUrl

from gateway.app import create_app
from gateway.settings import Settings
from shared.security.principals import new_signing_key, public_keys
from tests.gateway.browser import Browser
from tests.gateway.fakes import FakeIdentity, FakeService, person
from tests.gateway.loopback import serving

__all__ = ["NO_BROKER", "PUBLIC", "World", "open_world"]

PUBLIC = "https://classroom.example"
NO_BROKER = "amqp://guest:guest@127.0.0.1:1/"


class World:
    """The services, and as many gateways before them as are wanted."""

    def __init__(self, folder: Path, stack: AsyncExitStack) -> None:
        key = new_signing_key()
        self._stack = stack
        self._folder = folder
        self._key_file = folder / "principal.json"
        self._key_file.write_text(json.dumps(key), encoding="utf-8")
        self.frontend = folder / "frontend"
        keys = public_keys(key)
        self.identity = FakeIdentity("identity", keys)
        self.roster = FakeService("roster", keys)
        self.mis_sync = FakeService("mis_sync", keys)
        self.reports = FakeService("reports", keys)
        self.addresses: dict[str, str] = {}
        self.gateway: httpx.AsyncClient

    async def start(self, rabbitmq_url: str) -> None:
        for service in (self.identity, self.roster, self.mis_sync, self.reports):
            address = await self._stack.enter_async_context(serving(service.app()))
            self.addresses[service.name] = address
        self.gateway = await self.another_gateway(rabbitmq_url)

    async def another_gateway(
        self, rabbitmq_url: str, trusted_proxies: tuple[str, ...] = ()
    ) -> httpx.AsyncClient:
        settings = self._settings(rabbitmq_url)
        return await self._started(settings.model_copy(update={"trusted_proxies": trusted_proxies}))

    async def hurried_gateway(self) -> httpx.AsyncClient:
        """One that waits for no service longer than half a second, and a page for one.

        The others wait long: a worker that has run a thousand tests stands still for a moment now
        and then.
        """
        limits = {"service_seconds": 0.5, "page_seconds": 1.0}
        return await self._started(self._settings(NO_BROKER).model_copy(update=limits))

    async def _started(self, settings: Settings) -> httpx.AsyncClient:
        app = create_app(settings)
        address = await self._stack.enter_async_context(serving(app))
        return await self._stack.enter_async_context(
            httpx.AsyncClient(base_url=address, timeout=20)
        )

    def make_anew(self) -> None:
        """Nobody is signed in, nothing was asked, nothing is built."""
        for service in (self.identity, self.roster, self.mis_sync, self.reports):
            service.make_anew()
        shutil.rmtree(self.frontend, ignore_errors=True)

    def anonymous(self, gateway: httpx.AsyncClient | None = None) -> Browser:
        return Browser(gateway or self.gateway, PUBLIC)

    def browser(
        self,
        session: dict[str, Any] | None = None,
        *,
        gateway: httpx.AsyncClient | None = None,
        token: str | None = None,
    ) -> Browser:
        """Someone who is signed in already, by default the admin."""
        signed_in = session or person()
        browser = Browser(gateway or self.gateway, PUBLIC, token or self.identity.open(signed_in))
        browser.csrf = signed_in["csrf_token"]
        return browser

    def _settings(self, rabbitmq_url: str) -> Settings:
        return Settings(
            public_url=HttpUrl(PUBLIC),
            frontend_dir=self.frontend,
            rabbitmq_url=rabbitmq_url,
            principal_private_key_file=self._key_file,
            identity_url=HttpUrl(self.addresses["identity"]),
            roster_url=HttpUrl(self.addresses["roster"]),
            mis_sync_url=HttpUrl(self.addresses["mis_sync"]),
            reports_url=HttpUrl(self.addresses["reports"]),
            service_seconds=10.0,
            page_seconds=15.0,
        )


@asynccontextmanager
async def open_world(folder: Path, rabbitmq_url: str = NO_BROKER) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        world = World(folder, stack)
        await world.start(rabbitmq_url)
        yield world
