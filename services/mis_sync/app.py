"""mis_sync, wired: the one place that knows which part is given to which. Reading starts here."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from fastapi import FastAPI

from services.mis_sync.clock import Clock, system_clock
from services.mis_sync.context import MisSync
from services.mis_sync.copies.subscribers import copy_subscriptions
from services.mis_sync.differences import routes as differences
from services.mis_sync.leaving.subscribers import leaving_subscriptions
from services.mis_sync.links import routes as links
from services.mis_sync.links.requests import SnapshotRequests
from services.mis_sync.links.subscribers import provisioned_subscription
from services.mis_sync.mapping import routes as mapping
from services.mis_sync.measures.repository import measures
from services.mis_sync.overnight import routes as overnight
from services.mis_sync.overnight.scheduler import NightlyAsking
from services.mis_sync.progress import routes as progress
from services.mis_sync.progress.board import ProgressBoard
from services.mis_sync.runs import routes as runs
from services.mis_sync.runs.runner import Runner
from services.mis_sync.runs.subscribers import answer_subscriptions
from services.mis_sync.set_up import routes as set_up
from services.mis_sync.settings import Settings
from services.mis_sync.snapshots.inbound import inbound_listener
from shared.database.faults import DATABASE_AWAY
from shared.database.pool import Database
from shared.kept import Reread
from shared.messaging.outbox import Outbox
from shared.messaging.runtime import Consumers, Messaging
from shared.observability.metrics.asked import Answer, answering
from shared.security.principals import PrincipalVerifier
from shared.web.app import create_service_app

__all__ = ["create_app"]


def create_app(settings: Settings | None = None, clock: Clock = system_clock) -> FastAPI:
    """The service, with the roles that its settings name. `clock` gives the time, in UTC."""
    settings = settings or Settings()
    mis_sync = MisSync(
        Database(
            settings.kept("database_url"),
            name="mis_sync",
            max_size=settings.database_connections or 8,
        ),
        Outbox("mis_sync"),
        SnapshotRequests(settings.kept("mis_rabbitmq_url")),
        clock,
        settings.connector_broker_url,
    )
    workers = _Workers.of(settings, mis_sync)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await mis_sync.database.open()
            stack.push_async_callback(mis_sync.database.close)
            for worker in workers.all():
                await worker.start()
                stack.push_async_callback(worker.stop)
            if "scheduler" in settings.roles:
                stack.enter_context(answering("schools and runs", measured))
            yield

    async def measured() -> list[Answer]:
        async with mis_sync.database.transaction() as connection:
            return await measures(connection, clock())

    async def checks() -> Mapping[str, str | None]:
        away = None if await mis_sync.database.ready() else "the database does not answer"
        return {"database": away}

    parts = (
        (links, progress, runs, differences, mapping, overnight, set_up)
        if "http" in settings.roles
        else ()
    )
    app = create_service_app(
        title="MIS sync",
        lifespan=lifespan,
        routers=[part.router for part in parts],
        checks=checks,
        workers=workers.checks,
        unavailable=DATABASE_AWAY,
    )
    app.state.mis_sync = mis_sync
    app.state.progress = workers.progress
    app.state.principals = PrincipalVerifier(
        Reread(settings.principal_public_key_file, json.loads), "mis_sync"
    )
    return app


class _Worker(Protocol):
    async def start(self) -> None: ...

    async def stop(self) -> None: ...


@dataclass(frozen=True)
class _Workers:
    """What runs besides HTTP: both vhosts, the runner, and asking at night."""

    messaging: Messaging
    inbound: Consumers | None
    runner: Runner | None
    nightly: NightlyAsking | None
    progress: ProgressBoard | None

    @classmethod
    def of(cls, settings: Settings, mis_sync: MisSync) -> _Workers:
        messaging = Messaging(
            service="mis_sync",
            rabbitmq_url=settings.kept("rabbitmq_url"),
            database=mis_sync.database,
            relay_dsn=settings.kept_relay(),
            subscriptions=[
                provisioned_subscription(mis_sync),
                *copy_subscriptions(),
                *answer_subscriptions(mis_sync),
                *leaving_subscriptions(mis_sync),
            ],
            roles=settings.roles,
        )
        inbound = Consumers(
            rabbitmq_url=settings.kept("mis_rabbitmq_url"),
            listeners=[inbound_listener(mis_sync)],
            transactions=mis_sync.database,
        )
        runner = Runner(mis_sync, settings.kept("database_url"))
        return cls(
            messaging,
            inbound if "consumer" in settings.roles else None,
            runner if "scheduler" in settings.roles else None,
            NightlyAsking(mis_sync) if "scheduler" in settings.roles else None,
            ProgressBoard(settings.kept("database_url")) if "http" in settings.roles else None,
        )

    def all(self) -> list[_Worker]:
        workers = (self.messaging, self.inbound, self.runner, self.nightly, self.progress)
        return [worker for worker in workers if worker]

    async def checks(self) -> dict[str, str | None]:
        found = await self.messaging.checks()
        if self.inbound is not None:
            found["inbound"] = self.inbound.trouble
        if self.runner is not None:
            found["runner"] = self.runner.trouble
        return found
