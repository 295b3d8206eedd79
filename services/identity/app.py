"""Identity, wired: the one place that knows which part is given to which. Reading starts here."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime

from fastapi import FastAPI

from services.identity.accounts import routes as accounts
from services.identity.accounts.subscribers import staff_subscription
from services.identity.activity import routes as activity
from services.identity.activity.subscribers import activity_subscription
from services.identity.admin_email import routes as admin_email
from services.identity.bulk import routes as bulk
from services.identity.claims import routes as claims
from services.identity.context import Clock, Identity
from services.identity.copies.subscribers import copy_subscriptions
from services.identity.devices.devices import Devices
from services.identity.forgotten import routes as forgotten
from services.identity.forgotten.service import settle_all
from services.identity.leaving import routes as leaving
from services.identity.leaving.subscribers import erased_subscriptions
from services.identity.mail.server import MailServer
from services.identity.mail.worker import MailWorker
from services.identity.measures.repository import measures
from services.identity.mis_contacts.subscribers import parents_subscription
from services.identity.online_reports import routes as online_reports
from services.identity.online_reports.subscribers import online_reports_subscriptions
from services.identity.parents import routes as parents
from services.identity.parents.subscribers import pupils_subscription
from services.identity.passwords import routes as passwords
from services.identity.passwords.hashing import PasswordHashing
from services.identity.school_settings import routes as school_settings
from services.identity.schools import routes as schools
from services.identity.search import routes as search
from services.identity.sessions import routes as sessions
from services.identity.sessions.session import IDLE
from services.identity.set_up import routes as set_up
from services.identity.settings import Settings
from services.identity.starting_codes import routes as starting_codes
from services.identity.starting_codes.press import SlipPress
from services.identity.support import routes as support
from services.identity.support.service import forget_due as forget_messages
from services.identity.throttling.service import Throttle
from services.identity.throttling.storage import PostgresStorage
from services.identity.two_step import routes as two_step
from services.identity.two_step.sealing import Sealing
from services.identity.user_imports import routes as user_imports
from services.identity.user_imports.service import forget_due
from shared.database.faults import DATABASE_AWAY
from shared.database.pool import Database
from shared.kept import Reread
from shared.messaging.outbox import Outbox
from shared.messaging.repeating import Repeating
from shared.messaging.runtime import Messaging
from shared.observability.metrics.asked import Answer, answering
from shared.security.principals import PrincipalVerifier
from shared.web.app import Lifespan, create_service_app

__all__ = ["create_app"]

_FORGET_EVERY_SECONDS = 600.0


def _system_clock() -> datetime:
    return datetime.now(UTC)


def create_app(settings: Settings | None = None, clock: Clock = _system_clock) -> FastAPI:
    """The service, with the roles that its settings name. `clock` gives the time, in UTC."""
    settings = settings or Settings()
    identity = _identity(settings, clock)
    messaging = _messaging(settings, identity)
    workers = _workers(settings, identity) if "relay" in settings.roles else []

    async def checks() -> Mapping[str, str | None]:
        away = None if await identity.database.ready() else "the database does not answer"
        return {"database": away}

    parts = (
        (
            *(schools, leaving, school_settings, bulk, search, accounts),
            *(user_imports, starting_codes, claims, sessions, two_step),
            *(online_reports, parents, passwords, forgotten, admin_email, activity),
            *(set_up, support),
        )
        if "http" in settings.roles
        else ()
    )
    app = create_service_app(
        title="Identity",
        lifespan=_lifespan(identity, messaging, workers),
        routers=[part.router for part in parts],
        checks=checks,
        workers=messaging.checks,
        unavailable=DATABASE_AWAY,
        uploads=user_imports.UPLOADS,
    )
    app.state.identity = identity
    app.state.principals = PrincipalVerifier(
        Reread(settings.principal_public_key_file, json.loads), "identity"
    )
    return app


def _identity(settings: Settings, clock: Clock) -> Identity:
    database = Database(
        settings.kept("database_url"), name="identity", max_size=settings.database_connections or 8
    )
    return Identity(
        database=database,
        outbox=Outbox("identity"),
        hashing=PasswordHashing(
            settings.peppers, workers=settings.hashing_threads, waiting=settings.hashing_queue
        ),
        throttle=Throttle(PostgresStorage(database, clock), clock),
        devices=Devices(settings.peppers, clock),
        sealing=Sealing(settings.two_step_keys),
        press=SlipPress(),
        clock=clock,
        public_url=settings.public_url.rstrip("/"),
        support_address=settings.support_address or None,
        version=settings.version or "development",
    )


def _messaging(settings: Settings, identity: Identity) -> Messaging:
    return Messaging(
        service="identity",
        rabbitmq_url=settings.kept("rabbitmq_url"),
        database=identity.database,
        relay_dsn=settings.kept_relay(),
        subscriptions=[
            staff_subscription(identity),
            parents_subscription(identity),
            activity_subscription(),
            *copy_subscriptions(),
            pupils_subscription(),
            *online_reports_subscriptions(identity),
            *erased_subscriptions(identity),
        ],
        roles=settings.roles,
    )


def _workers(settings: Settings, identity: Identity) -> list[Repeating]:
    server = MailServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.mail_from,
        settings.smtp_logins,
        settings.smtp_security,
    )
    mail = MailWorker(identity.database, server, identity.clock)

    async def settle() -> None:
        await settle_all(identity)

    async def forget_uploads() -> None:
        await forget_due(identity)

    async def forget_written() -> None:
        await forget_messages(identity)

    return [
        Repeating(settle, name="forgotten passwords", seconds=settings.mail_seconds),
        Repeating(mail.send_due, name="mail", seconds=settings.mail_seconds),
        Repeating(forget_uploads, name="old uploads", seconds=_FORGET_EVERY_SECONDS),
        Repeating(forget_written, name="old messages", seconds=_FORGET_EVERY_SECONDS),
    ]


def _lifespan(identity: Identity, messaging: Messaging, workers: Sequence[Repeating]) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await identity.database.open()
        await messaging.start()
        for worker in workers:
            worker.start()
        try:
            with _measured(identity) if workers else nullcontext():
                yield
        finally:
            for worker in workers:
                await worker.stop()
            await messaging.stop()
            identity.hashing.close()
            identity.press.close()
            await identity.database.close()

    return lifespan


def _measured(identity: Identity) -> AbstractContextManager[None]:
    """Where the workers are: few processes, each of which says the same."""

    async def ask() -> list[Answer]:
        async with identity.database.transaction() as connection:
            return await measures(connection, identity.clock(), IDLE)

    return answering("sessions and mails", ask)
