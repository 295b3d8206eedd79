"""Roster, wired: who is on roll, in which groups, and who teaches them. Reading starts here."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.roster.announcements import Announcements
from services.roster.bulk.routes import bulk_routes
from services.roster.bulk.service import BulkRows, ManyPupils
from services.roster.clock import Clock, system_clock
from services.roster.fields.routes import pupil_field_routes
from services.roster.fields.service import PupilFieldsService
from services.roster.groups.repository import GroupRepository
from services.roster.groups.routes import group_routes
from services.roster.groups.service import GroupService
from services.roster.groups.subscribers import group_subscription
from services.roster.groups.sync import GroupSync
from services.roster.imports.confirming import Confirming
from services.roster.imports.parts_repository import PartRepository
from services.roster.imports.preview import Preview
from services.roster.imports.preview import Rows as ImportRows
from services.roster.imports.repository import ImportRepository
from services.roster.imports.routes import UPLOADS, pupil_import_routes, template_routes
from services.roster.imports.service import PupilImports
from services.roster.imports.showing import Showing
from services.roster.imports.undoing import Undoing
from services.roster.imports.writing import Writing
from services.roster.leaving.subscribers import erasing_subscription
from services.roster.links.arrivals import Arrivals
from services.roster.links.many import ManyLinks
from services.roster.links.repository import LinkRepository
from services.roster.links.routes import link_routes
from services.roster.links.service import LinkService
from services.roster.links.subscribers import link_subscription
from services.roster.links.sync import LinkSync
from services.roster.members.repository import MemberRepository
from services.roster.members.routes import member_routes
from services.roster.members.service import MemberService
from services.roster.pupils.export import PupilExport
from services.roster.pupils.newcomers import Newcomers
from services.roster.pupils.repository import PupilRepository
from services.roster.pupils.routes import pupil_routes
from services.roster.pupils.service import PupilService
from services.roster.pupils.subscribers import pupil_subscription
from services.roster.pupils.sync import PupilSync
from services.roster.roll_up.guarding import RollUpGuard
from services.roster.roll_up.leavers import Leavers
from services.roster.roll_up.planning import Planning
from services.roster.roll_up.repository import RollUpRepository
from services.roster.roll_up.routes import roll_up_routes
from services.roster.roll_up.scheduler import ask_for_roll_ups
from services.roster.roll_up.service import RollUpService, Rows
from services.roster.roll_up.subscribers import roll_up_subscription
from services.roster.schools.repository import SchoolRepository
from services.roster.schools.service import SchoolService
from services.roster.schools.subscribers import school_subscription
from services.roster.search.repository import SearchRepository
from services.roster.search.routes import search_routes
from services.roster.search.service import SearchService
from services.roster.set_up.routes import set_up_routes
from services.roster.settings import Settings
from services.roster.summary.routes import summary_routes
from services.roster.users.repository import UserRepository
from services.roster.users.service import UserService
from services.roster.users.subscribers import user_subscription
from shared.database.faults import DATABASE_AWAY
from shared.database.pool import Database
from shared.kept import Reread
from shared.messaging.outbox import Outbox
from shared.messaging.repeating import Repeating
from shared.messaging.runtime import Messaging
from shared.security.principals import PrincipalVerifier
from shared.web.app import create_service_app

__all__ = ["create_app"]

_FORGET_EVERY_SECONDS = 600.0


def create_app(settings: Settings | None = None, *, now: Clock = system_clock) -> FastAPI:
    """The service as one ASGI application. Without `settings` the environment is read."""
    settings = settings or Settings()
    database = Database(
        settings.kept("database_url"), name="roster", max_size=settings.database_connections or 8
    )
    outbox = Outbox("roster")
    announcements = Announcements(outbox)
    school_rows, pupil_rows = SchoolRepository(), PupilRepository()
    group_rows, link_rows = GroupRepository(), LinkRepository()
    schools = SchoolService(school_rows, announcements, now)
    arrivals = Arrivals(link_rows, announcements, now)
    pupils = PupilService(
        schools=schools, repository=pupil_rows, announcements=announcements, now=now
    )
    groups = GroupService(
        schools=schools, repository=group_rows, announcements=announcements, now=now
    )
    links = LinkService(schools=schools, repository=link_rows, announcements=announcements, now=now)
    many_links = ManyLinks(
        schools=schools, repository=link_rows, announcements=announcements, now=now
    )
    users = UserService(schools=schools, repository=UserRepository(), arrivals=arrivals)
    pupil_sync = PupilSync(
        schools=schools,
        repository=pupil_rows,
        newcomers=Newcomers(pupil_rows, announcements, now),
        arrivals=arrivals,
        announcements=announcements,
        now=now,
    )
    group_sync = GroupSync(
        schools=schools,
        repository=group_rows,
        arrivals=arrivals,
        announcements=announcements,
        now=now,
    )
    link_sync = LinkSync(
        schools=schools, repository=link_rows, announcements=announcements, now=now
    )
    rows = Rows(RollUpRepository(), pupil_rows, group_rows)
    roll_ups = RollUpService(schools=schools, rows=rows, announcements=announcements, now=now)
    planning = Planning(
        schools=schools, rows=rows, roll_ups=roll_ups, announcements=announcements, now=now
    )
    import_rows = ImportRows(
        ImportRepository(), PartRepository(), pupil_rows, group_rows, link_rows
    )
    preview = Preview(import_rows, RollUpGuard(rows.roll_ups, now), now)
    showing = Showing(import_rows.imports, now)
    imports = PupilImports(
        database=database,
        schools=schools,
        school_rows=school_rows,
        repository=import_rows.imports,
        preview=preview,
        showing=showing,
        now=now,
    )
    writing = Writing(import_rows, announcements, now)
    confirming = Confirming(
        database=database,
        schools=schools,
        rows=import_rows,
        preview=preview,
        writing=writing,
        showing=showing,
        announcements=announcements,
        now=now,
    )
    undoing = Undoing(
        database=database, schools=schools, rows=import_rows, writing=writing, now=now
    )
    fields = PupilFieldsService(
        schools=schools,
        school_rows=school_rows,
        pupils=pupil_rows,
        announcements=announcements,
        now=now,
    )
    leavers = Leavers(
        schools=schools, rows=rows, planning=planning, announcements=announcements, now=now
    )
    many_pupils = ManyPupils(
        schools=schools,
        rows=BulkRows(school_rows, pupil_rows, group_rows, link_rows),
        links=many_links,
        guard=RollUpGuard(rows.roll_ups, now),
        announcements=announcements,
        now=now,
    )
    pupil_export = PupilExport(
        pupils=pupil_rows,
        groups=group_rows,
        schools=school_rows,
        announcements=announcements,
        now=now,
    )
    messaging = Messaging(
        service="roster",
        rabbitmq_url=settings.kept("rabbitmq_url"),
        database=database,
        relay_dsn=settings.kept_relay(),
        subscriptions=[
            school_subscription(schools),
            user_subscription(users),
            pupil_subscription(pupil_sync),
            group_subscription(group_sync),
            link_subscription(link_sync),
            roll_up_subscription(roll_ups),
            erasing_subscription(outbox),
        ],
        roles=settings.roles,
    )

    async def ask() -> None:
        await ask_for_roll_ups(database, outbox, rows.roll_ups, now)

    scheduler = Repeating(ask, name="roll-ups", seconds=settings.look_every_seconds)
    forgetting = Repeating(imports.forget_due, name="old uploads", seconds=_FORGET_EVERY_SECONDS)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await database.open()
        await messaging.start()
        if "scheduler" in settings.roles:
            scheduler.start()
            forgetting.start()
        try:
            yield
        finally:
            await scheduler.stop()
            await forgetting.stop()
            await messaging.stop()
            await database.close()

    async def checks() -> Mapping[str, str | None]:
        reached = await database.ready()
        return {"database": None if reached else "the database does not answer"}

    routers = [
        pupil_field_routes(database, fields),
        bulk_routes(database, many_pupils, pupil_export),
        pupil_routes(database, pupils),
        group_routes(database, groups),
        link_routes(database, links, many_links),
        member_routes(database, MemberService(group_rows, MemberRepository())),
        roll_up_routes(database, roll_ups, planning, leavers),
        template_routes(database, fields),
        pupil_import_routes(imports, confirming, undoing),
        summary_routes(database, school_rows, pupil_rows, group_rows),
        set_up_routes(database, pupil_rows, group_rows, planning),
        search_routes(database, SearchService(SearchRepository())),
    ]
    app = create_service_app(
        title="roster",
        lifespan=lifespan,
        routers=routers if "http" in settings.roles else [],
        checks=checks,
        workers=messaging.checks,
        unavailable=DATABASE_AWAY,
        uploads=UPLOADS,
    )
    keys = Reread(settings.principal_public_key_file, json.loads)
    app.state.principals = PrincipalVerifier(keys, "roster")
    return app
