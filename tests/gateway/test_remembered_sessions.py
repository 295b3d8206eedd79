"""Sessions are remembered for a minute at most, and only while ended ones are heard of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import UUID, uuid4

import aio_pika
import httpx
import pytest

from gateway import session_endings
from gateway.clients.identity import Identity
from gateway.schemas.sessions import Session
from gateway.sessions import REMEMBERED_SECONDS, Sessions
from shared.contracts.envelope import Event
from shared.contracts.identity import SchoolChanged, SessionsEnded
from shared.contracts.topology import EVENTS_EXCHANGE
from shared.contracts.vocabulary import YearGroup
from tests.broker import TestBroker
from tests.eventually import eventually
from tests.gateway.browser import Browser
from tests.gateway.fakes import person
from tests.gateway.test_settings import DETAILS, SAVED
from tests.gateway.world import World, open_world
from tests.security.cable import cable_to

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


class CountedIdentity:
    """Knows one session; `meanwhile` happens while it is asked."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.asked = 0
        self.meanwhile: Callable[[], None] = lambda: None

    async def look_up(self, _: str) -> Session:
        self.asked += 1
        self.meanwhile()
        return self.session


class Remembering:
    """Sessions at a time that is told."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.sessions = Sessions(
            clock=lambda: self.seconds, now=lambda: NOW + timedelta(seconds=self.seconds)
        )
        shape = person() | {"expires_at": NOW + timedelta(seconds=40)}
        self.identity = CountedIdentity(Session.model_validate(shape))

    async def find(self) -> Session | None:
        return await self.sessions.find("token", cast(Identity, self.identity))


class TestMemory:
    async def test_nothing_is_remembered_until_ends_are_heard(self) -> None:
        r = Remembering()
        await r.find()
        await r.find()
        assert r.identity.asked == 2

    async def test_a_trusted_one_is_asked_for_once(self) -> None:
        r = Remembering()
        r.sessions.trust()
        await r.find()
        assert await r.find() == r.identity.session
        assert r.identity.asked == 1

    async def test_not_beyond_its_own_end(self) -> None:
        r = Remembering()
        r.sessions.trust()
        await r.find()
        r.seconds = 40
        await r.find()
        assert r.identity.asked == 2

    async def test_not_beyond_a_minute(self) -> None:
        r = Remembering()
        r.identity.session = r.identity.session.model_copy(
            update={"expires_at": NOW + timedelta(hours=1)}
        )
        r.sessions.trust()
        await r.find()
        r.seconds = REMEMBERED_SECONDS
        await r.find()
        assert r.identity.asked == 2

    async def test_not_once_it_has_ended(self) -> None:
        r = Remembering()
        r.sessions.trust()
        await r.find()
        r.sessions.end([r.identity.session.id])
        await r.find()
        assert r.identity.asked == 2

    async def test_not_if_it_ended_while_it_was_asked_for(self) -> None:
        r = Remembering()
        r.sessions.trust()
        r.identity.meanwhile = lambda: r.sessions.end([r.identity.session.id])
        await r.find()
        await r.find()
        assert r.identity.asked == 2

    async def test_not_if_ends_were_not_heard_while_it_was_asked_for(self) -> None:
        r = Remembering()
        r.sessions.trust()

        def gap() -> None:
            r.sessions.distrust()
            r.sessions.trust()

        r.identity.meanwhile = gap
        await r.find()
        await r.find()
        assert r.identity.asked == 2

    async def test_not_after_a_gap_in_hearing(self) -> None:
        r = Remembering()
        r.sessions.trust()
        await r.find()
        r.sessions.distrust()
        r.sessions.trust()
        await r.find()
        assert r.identity.asked == 2

    async def test_not_once_its_school_has_changed(self) -> None:
        """R29: its name and year groups are part of every session."""
        r = Remembering()
        r.sessions.trust()
        await r.find()
        r.sessions.forget_school(r.identity.session.school.id)
        await r.find()
        assert r.identity.asked == 2

    async def test_not_if_its_school_changed_while_it_was_asked_for(self) -> None:
        r = Remembering()
        r.sessions.trust()
        school_id = r.identity.session.school.id
        r.identity.meanwhile = lambda: r.sessions.forget_school(school_id)
        await r.find()
        await r.find()
        assert r.identity.asked == 2

    async def test_but_for_what_another_school_has_changed(self) -> None:
        r = Remembering()
        r.sessions.trust()
        await r.find()
        r.sessions.forget_school(uuid4())
        await r.find()
        assert r.identity.asked == 1


async def tell_ended(broker: TestBroker, *session_ids: str) -> None:
    """As identity's outbox says it."""
    event = Event[SessionsEnded](
        source="identity",
        type=SessionsEnded.EVENT_TYPE,
        correlationid="a-test",
        data=SessionsEnded(session_ids=tuple(UUID(i) for i in session_ids)),
    )
    await publish(broker, event.model_dump_json().encode())


async def tell_changed(broker: TestBroker, school_id: str) -> None:
    event = Event[SchoolChanged](
        source="identity",
        type=SchoolChanged.EVENT_TYPE,
        schoolid=UUID(school_id),
        correlationid="a-test",
        data=SchoolChanged(
            version=2,
            name="Heron Park Academy",
            postcode="NG7 5PN",
            first_year_group=YearGroup.R,
            last_year_group=YearGroup.Y6,
        ),
    )
    await publish(broker, event.model_dump_json().encode(), SchoolChanged.EVENT_TYPE)


async def publish(
    broker: TestBroker, body: bytes, event_type: str = SessionsEnded.EVENT_TYPE
) -> None:
    connection = await aio_pika.connect(broker.url)
    async with connection, connection.channel() as channel:
        exchange = await channel.get_exchange(EVENTS_EXCHANGE)
        await exchange.publish(aio_pika.Message(body), event_type)


async def hears(gateway: httpx.AsyncClient) -> bool:
    notices = (await gateway.get("/ready")).json()["notices"]
    return bool(notices == {"broker": None})


def look_ups(world: World) -> int:
    return len(world.identity.asked("POST /sessions/lookup"))


class TestOverTheBroker:
    """Each waits for less than the minute after which all is asked for anew."""

    async def test_every_gateway_forgets_an_ended_session(
        self, heard_world: World, broker: TestBroker
    ) -> None:
        world = heard_world
        gateways = [world.gateway, await world.another_gateway(broker.url)]
        session: dict[str, Any] = person()
        token = world.identity.open(session)
        browsers = [world.browser(session, gateway=g, token=token) for g in gateways]
        for gateway in gateways:
            await eventually(partial(hears, gateway))
        for browser in browsers * 3:
            assert (await browser.get("/api/session")).status_code == 200
        assert look_ups(world) == 2

        world.identity.end(session["id"])
        await tell_ended(broker, session["id"])

        for browser in browsers:
            await eventually(partial(is_refused, browser))

    async def test_a_school_s_new_name_is_on_every_gateway_at_once(
        self, heard_world: World, broker: TestBroker
    ) -> None:
        """R29: within a minute at most, and by the event within a second."""
        world = heard_world
        session = person()
        browsers = [
            world.browser(session, gateway=gateway, token=world.identity.open(session))
            for gateway in (world.gateway, await world.another_gateway(broker.url))
        ]
        for browser in browsers:
            await eventually(partial(hears, browser.gateway))
            await browser.get("/api/session")
        session["school"] = {**session["school"], "name": "Heron Park Academy"}
        assert await school_of(browsers[1]) == "Heron Park Primary School"
        await tell_changed(broker, session["school"]["id"])

        for browser in browsers:

            async def has_the_new_name(browser: Browser = browser) -> bool:
                return await school_of(browser) == "Heron Park Academy"

            await eventually(has_the_new_name)

    async def test_who_changed_it_sees_it_with_their_next_request(self, heard_world: World) -> None:
        world = heard_world
        await eventually(lambda: hears(world.gateway))
        session = person()
        browser = world.browser(session)
        await browser.get("/api/session")
        session["school"] = {**session["school"], "name": "Heron Park Academy"}
        world.identity.answers["PUT /school/settings/details"] = SAVED
        form = {"expected_version": 1, **DETAILS}
        answer = await browser.ask("PUT", "/api/settings/details", json=form)
        assert answer.status_code == 200, answer.text
        assert await school_of(browser) == "Heron Park Academy"

    async def test_a_message_that_cannot_be_read_makes_it_forget_all(
        self, heard_world: World, broker: TestBroker
    ) -> None:
        await eventually(lambda: hears(heard_world.gateway))
        browser = heard_world.browser()
        await browser.get("/api/session")
        await publish(broker, b"{}")

        async def asked_again() -> bool:
            await browser.get("/api/session")
            return look_ups(heard_world) == 2

        await eventually(asked_again)

    async def test_hears_again_after_its_connection_was_cut(
        self, heard_world: World, broker: TestBroker
    ) -> None:
        """What was remembered before is not trusted after: an end may have gone unheard."""
        world = heard_world
        await eventually(lambda: hears(world.gateway))
        session = person()
        browser = world.browser(session)
        await browser.get("/api/session")

        async def asked_again() -> bool:
            cut_connections(broker)
            await browser.get("/api/session")
            return look_ups(world) > 1

        await eventually(asked_again)
        await eventually(lambda: hears(world.gateway))
        world.identity.end(session["id"])
        await tell_ended(broker, session["id"])
        await eventually(lambda: is_refused(browser))

    async def test_hears_again_though_it_looked_at_the_moment_in_which_its_channel_went(
        self, broker: TestBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def too_late(_: float, lost: asyncio.Event) -> bool:
            await lost.wait()
            return False

        monkeypatch.setattr(session_endings, "_within", too_late)
        to = urlsplit(broker.url)
        async with cable_to(to.hostname or "", to.port or 5672) as (cable, port):
            login = to.netloc.rpartition("@")[0]
            by_cable = urlunsplit(to._replace(netloc=f"{login}@127.0.0.1:{port}"))
            async with open_world(tmp_path, by_cable) as world:
                await eventually(lambda: hears(world.gateway))
                async with cable.cut():
                    await eventually(lambda: hears(world.gateway), lambda heard: not heard)
                await eventually(lambda: hears(world.gateway))


async def school_of(browser: Browser) -> str:
    return str((await browser.get("/api/session")).json()["school"]["name"])


async def is_refused(browser: Browser) -> bool:
    return (await browser.get("/api/session")).status_code == 401


def cut_connections(broker: TestBroker) -> None:
    """The broker closes what it lists of this worker's vhost, where new ones come late."""
    with broker.servers.management() as management:
        connections = management.get("/api/connections").json()
        for name in [c["name"] for c in connections if c.get("vhost") == broker.vhost]:
            management.delete(f"/api/connections/{quote(name, safe='')}")
