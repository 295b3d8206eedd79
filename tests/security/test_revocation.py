"""What ends a session ends it within a second on every gateway, though all remembered it (R3, R6).

Identity is the real one, on a port, with its outbox and RabbitMQ; before it stand two gateways with
memories of their own. The second reaches the broker by a cable that is cut for half of the tests.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import httpx
import pytest
from pydantic import HttpUrl
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.app import create_app as create_gateway
from gateway.settings import Settings as GatewaySettings
from services.identity.app import create_app as create_identity
from shared.security.principals import PrincipalSigner, new_signing_key
from tests.broker import TestBroker
from tests.eventually import eventually
from tests.gateway.browser import Browser
from tests.gateway.loopback import serving
from tests.gateway.test_remembered_sessions import hears, is_refused
from tests.identity.door import OPERATOR, OWN_PASSWORD
from tests.identity.mailbox import Mailbox
from tests.identity.running import identity_settings
from tests.security.cable import Cable, cable_to
from tests.servers import DatabaseFactory

PUBLIC = "https://classroom.example"
NOBODY = HttpUrl("http://127.0.0.1:1")
PROMISED_SECONDS = 1.0
SILENCE_NOTICED_SECONDS = 5.0
"""It looks every two, and waits for two."""


class CountsLookUps:
    """Identity's app, with a count of how often a gateway did not remember."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.look_ups = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.look_ups += scope.get("path") == "/sessions/lookup"
        await self._app(scope, receive, send)


@dataclass
class Town:
    """Both gateways, the identity behind them, and a school whose admin is signed in."""

    identity: CountsLookUps
    gateways: list[httpx.AsyncClient]
    cable: Cable
    admin: Browser
    default_password: str
    numbers: list[int] = field(default_factory=list)

    async def teacher(self) -> Person:
        """A new one, signed in twice: here and, as `elsewhere`, in another browser."""
        self.numbers.append(1)
        body = {"forename": "Jo", "surname": f"Quick{len(self.numbers)}", "role": "teacher"}
        user = (await self.admin.post("/api/users", body)).json()
        first = self.browser()
        await signed_in(first, user["username"], self.default_password)
        answer = await first.post("/api/password", {"new_password": OWN_PASSWORD})
        opened(first, answer)
        elsewhere = self.browser()
        session = await signed_in(elsewhere, user["username"], OWN_PASSWORD)
        return Person(user, session, first, elsewhere)

    def browser(self, token: str | None = None, gateway: int = 0) -> Browser:
        return Browser(self.gateways[gateway], PUBLIC, token)

    async def remembered(self, token: str | None) -> list[Browser]:
        """One browser before each gateway with this session, which identity is not asked about."""
        for gateway in self.gateways:
            await eventually(lambda gateway=gateway: hears(gateway))  # type: ignore[misc]
        browsers = [self.browser(token, number) for number in range(len(self.gateways))]

        async def all_from_memory() -> bool:
            before = self.identity.look_ups
            answers = [await browser.get("/api/session") for browser in browsers * 2]
            assert {answer.status_code for answer in answers} == {200}
            return self.identity.look_ups == before

        await eventually(all_from_memory)
        return browsers


@dataclass
class Person:
    """`session` is the one that is to end; `elsewhere` holds it, `first` another of theirs."""

    user: dict[str, Any]
    session: dict[str, Any]
    first: Browser
    elsewhere: Browser


def opened(browser: Browser, answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.text
    session: dict[str, Any] = answer.json()
    browser.csrf = session["csrf_token"]
    return session


async def signed_in(browser: Browser, identifier: str, password: str) -> dict[str, Any]:
    form = {"identifier": identifier, "password": password}
    return opened(browser, await browser.post("/api/session", form))


@pytest.fixture(scope="module")
async def town(
    database_factory: DatabaseFactory,
    broker: TestBroker,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    key = new_signing_key()
    (folder / "principal.json").write_text(json.dumps(key), encoding="utf-8")
    mailbox = Mailbox()
    mailbox.start()
    database = await database_factory("identity")
    async with AsyncExitStack() as stack:
        stack.callback(mailbox.stop)
        settings = identity_settings(database, broker.url, mailbox.port, key, folder)
        counted = CountsLookUps(create_identity(settings))
        identity = await stack.enter_async_context(serving(counted))
        to = urlsplit(broker.url)
        cable, port = await stack.enter_async_context(cable_to(to.hostname or "", to.port or 5672))
        by_cable = urlunsplit(
            to._replace(netloc=f"{to.netloc.rpartition('@')[0]}@127.0.0.1:{port}")
        )
        gateways = []
        for rabbitmq_url in (broker.url, by_cable):
            app = create_gateway(
                GatewaySettings(
                    public_url=HttpUrl(PUBLIC),
                    frontend_dir=folder,
                    rabbitmq_url=rabbitmq_url,
                    principal_private_key_file=folder / "principal.json",
                    identity_url=HttpUrl(identity),
                    roster_url=NOBODY,
                    mis_sync_url=NOBODY,
                    reports_url=NOBODY,
                    # What is promised is measured from the answer, however slow the machine is.
                    service_seconds=15,
                    page_seconds=20,
                )
            )
            address = await stack.enter_async_context(serving(app))
            client = httpx.AsyncClient(base_url=address, timeout=30)
            gateways.append(await stack.enter_async_context(client))
        school = await set_up_school(identity, PrincipalSigner(key))
        admin = Browser(gateways[0], PUBLIC)
        token = school["admin"]["sign_in_link"].rpartition("#")[2]
        opened(admin, await admin.post("/api/session/link", {"token": token}))
        opened(admin, await admin.post("/api/password", {"new_password": OWN_PASSWORD}))
        yield Town(counted, gateways, cable, admin, school["default_password"])


async def set_up_school(identity: str, signer: PrincipalSigner) -> dict[str, Any]:
    body = {
        "name": "Quick End Primary",
        "postcode": "LN9 9QE",
        "first_year_group": "R",
        "last_year_group": "6",
        "admin_email": f"office@{uuid4().hex[:10]}.example",
    }
    headers = {"Authorization": f"Bearer {signer.sign(OPERATOR, 'identity')}"}
    async with httpx.AsyncClient(base_url=identity, timeout=30) as client:
        answer = await client.post("/schools", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    school: dict[str, Any] = answer.json()
    return school


Change = Callable[[Town, Person], Awaitable[httpx.Response]]


async def made_inactive(town: Town, person: Person) -> httpx.Response:
    """R6."""
    path = f"/api/users/{person.user['id']}/active"
    return await town.admin.ask("PUT", path, json={"active": False})


async def reset_by_the_admin(town: Town, person: Person) -> httpx.Response:
    """R4."""
    return await town.admin.post(f"/api/users/{person.user['id']}/password-reset")


async def own_password_changed(_: Town, person: Person) -> httpx.Response:
    """In another of their sessions (R3)."""
    form = {"current_password": OWN_PASSWORD, "new_password": "a lantern for the meadow 4"}
    return await person.first.post("/api/password", form)


async def that_session_ended(_: Town, person: Person) -> httpx.Response:
    """In another of their sessions."""
    return await person.first.ask("DELETE", f"/api/sessions/{person.session['id']}")


async def signed_out(_: Town, person: Person) -> httpx.Response:
    return await person.elsewhere.ask("DELETE", "/api/session")


CHANGES: list[Change] = [
    made_inactive,
    reset_by_the_admin,
    own_password_changed,
    that_session_ended,
    signed_out,
]


@pytest.mark.parametrize("change", CHANGES)
class TestItIsOverOnBothWithinASecond:
    async def test_that_both_hear_of_it(self, town: Town, change: Change) -> None:
        person = await town.teacher()
        browsers = await town.remembered(person.elsewhere.token)
        assert (await change(town, person)).status_code < 300
        await refused_within_a_second(browsers)

    async def test_though_one_has_just_lost_the_broker(self, town: Town, change: Change) -> None:
        """It trusts nothing that it remembers, and remembers nothing, until it hears again."""
        person = await town.teacher()
        browsers = await town.remembered(person.elsewhere.token)
        async with town.cable.cut():
            assert (await change(town, person)).status_code < 300
            await refused_within_a_second(browsers)
            assert not await hears(town.gateways[1])


async def test_a_connection_that_is_silent_without_being_closed_is_not_trusted_for_long(
    town: Town,
) -> None:
    """As when a firewall forgets it: there is nothing that would tell at once."""
    person = await town.teacher()
    heard, unheard = await town.remembered(person.elsewhere.token)
    async with town.cable.silent():
        assert (await made_inactive(town, person)).status_code < 300
        await refused_within_a_second([heard])
        await eventually(lambda: is_refused(unheard), seconds=SILENCE_NOTICED_SECONDS)


async def test_a_browser_is_known_past_others_guesses_until_its_password_is_reset(
    town: Town,
) -> None:
    """R3, with the cookies that a browser has: guesses elsewhere do not keep it out."""
    person = await town.teacher()
    await signed_out(town, person)
    wrong = {"identifier": person.user["username"], "password": "not the password"}
    right = wrong | {"password": OWN_PASSWORD}
    for _ in range(5):
        assert (await town.browser().post("/api/session", wrong)).status_code == 401
    assert (await town.browser().post("/api/session", right)).status_code == 429
    assert (await person.elsewhere.post("/api/session", right)).status_code == 201
    assert (await reset_by_the_admin(town, person)).status_code == 200
    assert (await person.elsewhere.post("/api/session", right)).status_code == 429


async def refused_within_a_second(browsers: list[Browser]) -> None:
    """Measured from the answer to the change."""
    await asyncio.gather(
        *(
            eventually(lambda browser=browser: is_refused(browser), seconds=PROMISED_SECONDS)  # type: ignore[misc]
            for browser in browsers
        )
    )
