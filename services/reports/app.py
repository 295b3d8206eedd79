"""Reports, wired: its copy of pupils, groups and users, and the school's settings of reports.

Reading starts here.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager

from fastapi import FastAPI

from services.reports.announcements import Announcements
from services.reports.attainment.files import AttainmentFiles
from services.reports.attainment.routes import attainment_routes
from services.reports.attainment.service import Attainment
from services.reports.clock import Clock, system_clock
from services.reports.copies.subscribers import copy_subscriptions
from services.reports.documents.presses import Presses
from services.reports.documents.turns import Turns
from services.reports.files.store import FileStore
from services.reports.generated.downloads import Downloads
from services.reports.generated.expiry import delete_due_files
from services.reports.generated.making import Making
from services.reports.generated.routes import generated_routes
from services.reports.generated.service import GeneratedReports
from services.reports.generated.subscribers import generation_subscription
from services.reports.leaving.subscribers import erasing_subscription
from services.reports.logo.routes import UPLOADS as LOGO_UPLOADS
from services.reports.logo.routes import logo_routes
from services.reports.logo.service import Logos
from services.reports.mark_imports.confirming import Confirming
from services.reports.mark_imports.routes import UPLOADS as MARK_UPLOADS
from services.reports.mark_imports.routes import mark_import_routes
from services.reports.mark_imports.service import MarkImports
from services.reports.markbook.changes import Changes
from services.reports.markbook.export import MarkbookFiles
from services.reports.markbook.routes import markbook_routes
from services.reports.markbook.service import Markbook
from services.reports.measures.repository import measures
from services.reports.online.parents import ForParents
from services.reports.online.routes import children_routes, online_routes
from services.reports.online.service import OnlineReports
from services.reports.school_settings.routes import settings_routes
from services.reports.school_settings.service import SchoolSettings
from services.reports.set_up.routes import set_up_routes
from services.reports.settings import Settings
from services.reports.statements.routes import statement_routes
from services.reports.statements.service import StatementBank
from services.reports.summary.routes import summary_routes
from services.reports.templates.preview import Previews
from services.reports.templates.routes import template_routes
from services.reports.templates.service import Templates
from shared.database.faults import DATABASE_AWAY
from shared.database.pool import Database
from shared.kept import Reread
from shared.messaging.outbox import Outbox
from shared.messaging.repeating import Repeating
from shared.messaging.runtime import Messaging
from shared.observability.metrics.asked import Answer, answering
from shared.security.principals import PrincipalVerifier
from shared.web.app import create_service_app

__all__ = ["create_app"]

_LOG_EVERY_SECONDS = 60.0
_FORGET_EVERY_SECONDS = 600.0
_CONNECTIONS = 12
"""Batches of copies, parts of reports and people's questions, side by side."""
_PRESSES = 2
"""For what is made in the background; previews have one that nothing long is printed on, and files
of many reports one that is gone afterwards, with its gigabyte."""


def create_app(settings: Settings | None = None, *, now: Clock = system_clock) -> FastAPI:
    """The service as one ASGI application. Without `settings` the environment is read."""
    settings = settings or Settings()
    database = Database(
        settings.kept("database_url"),
        name="reports",
        max_size=settings.database_connections or _CONNECTIONS,
    )
    outbox = Outbox("reports")
    announcements = Announcements(outbox)
    files = FileStore(settings.files_url, settings.files_access)
    presses, busy_presses = Presses(), Presses(_PRESSES, seconds=120)
    press_for_many, turns = Presses(seconds=600, prints=1), Turns()
    school_settings = SchoolSettings(announcements, now)
    logos = Logos(database, files, announcements, now)
    templates = Templates(school_settings, announcements, now)
    previews = Previews(database, school_settings, logos, presses, turns, now)
    changes = Changes(announcements)
    markbook = Markbook(database, school_settings, changes, now)
    statements = StatementBank(database, school_settings, announcements, now)
    mark_imports = MarkImports(markbook, now)
    confirming = Confirming(mark_imports, changes, announcements, now)
    markbook_files = MarkbookFiles(markbook, announcements, now)
    attainment = Attainment(database)
    generated = GeneratedReports(announcements, now)
    downloads = Downloads(database, files, logos, presses, turns, generated, announcements)
    messaging = Messaging(
        service="reports",
        rabbitmq_url=settings.kept("rabbitmq_url"),
        database=database,
        relay_dsn=settings.kept_relay(),
        subscriptions=[*copy_subscriptions(school_settings), erasing_subscription(outbox, files)],
        roles=settings.roles,
    )
    # Turns of its own: what is printed keeps no copy waiting.
    printing = Messaging(
        service="reports",
        rabbitmq_url=settings.kept("rabbitmq_url"),
        database=database,
        relay_dsn=None,
        subscriptions=[
            generation_subscription(
                Making(files, logos, busy_presses, press_for_many, announcements, now)
            ),
        ],
        roles=frozenset({"consumer"} if "printer" in settings.roles else ()),
    )

    async def delete_files() -> None:
        await delete_due_files(database, files, announcements, now)

    deleting = Repeating(delete_files, name="old files", seconds=settings.look_every_seconds)

    async def log_what_is_done() -> None:
        await changes.say_due(database, now())

    logging = Repeating(log_what_is_done, name="changes to log", seconds=_LOG_EVERY_SECONDS)
    forgetting = Repeating(
        mark_imports.forget_due, name="old uploads", seconds=_FORGET_EVERY_SECONDS
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await database.open()
        await messaging.start()
        if "scheduler" in settings.roles:
            logging.start()
            forgetting.start()
            deleting.start()
        await printing.start()
        measuring = ExitStack()
        if "scheduler" in settings.roles:
            measuring.enter_context(answering("reports that are made", measured))
        try:
            yield
        finally:
            measuring.close()
            await logging.stop()
            await forgetting.stop()
            await deleting.stop()
            await printing.stop()
            await messaging.stop()
            for each in (presses, busy_presses, press_for_many):
                await asyncio.to_thread(each.close)
            await database.close()

    async def measured() -> list[Answer]:
        async with database.transaction() as connection:
            return await measures(connection)

    async def checks() -> Mapping[str, str | None]:
        reached = await database.ready()
        return {"database": None if reached else "the database does not answer"}

    async def workers() -> Mapping[str, str | None]:
        printer = (await printing.checks()).get("consumers")
        return {**await messaging.checks(), "printer": printer}

    routers = [
        summary_routes(database),
        set_up_routes(database, school_settings),
        settings_routes(database, school_settings),
        logo_routes(logos),
        template_routes(database, templates, previews),
        attainment_routes(attainment, AttainmentFiles(database, attainment, announcements, now)),
        markbook_routes(markbook, markbook_files),
        mark_import_routes(mark_imports, confirming),
        statement_routes(statements),
        generated_routes(database, templates, generated, downloads),
        online_routes(database, OnlineReports(generated, announcements, now)),
        children_routes(ForParents(database, files, presses, turns, logos, now)),
    ]
    app = create_service_app(
        title="reports",
        lifespan=lifespan,
        routers=routers if "http" in settings.roles else [],
        checks=checks,
        workers=workers,
        unavailable=DATABASE_AWAY,
        uploads={**LOGO_UPLOADS, **MARK_UPLOADS},
    )
    keys = Reread(settings.principal_public_key_file, json.loads)
    app.state.principals = PrincipalVerifier(keys, "reports")
    return app
