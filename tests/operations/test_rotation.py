"""Every secret of a system is changed while people work in it: nobody is turned away, and what was
secret before opens nothing afterwards."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import aio_pika
import aiormq.exceptions
import asyncpg
import httpx
import pyotp
import pytest

from deploy.local.secrets_kept import WATCHER
from deploy.local.services_client import NewSchool, principal_of_admin
from deploy.local.state import State
from services.identity.passwords.peppers import parted
from services.identity.two_step.sealing import Sealing, UnknownSeal
from shared.database.provision import SERVICES, provision_watcher
from shared.security.principals import PrincipalSigner
from tests.api import signed_in, visitor
from tests.eventually import eventually
from tests.exports import export_for
from tests.operations.conftest import LOGIN
from tests.post import Post
from tests.stack import ADMIN_PASSWORD, School, Stack, runs_at_rest

pytestmark = pytest.mark.timeout(900)

READ = ("/api/home", "/api/pupils", "/api/mis", "/api/templates", "/api/activity")
"""A page of each service's."""


@dataclass
class Visits:
    """How often somebody has come, and what went wrong."""

    count: int = 0
    failures: tuple[str, ...] = ()


async def visit_again_and_again(url: str, email: str, visits: Visits) -> None:
    """Sign in, look at a page of each service, go; over and over."""
    while True:
        try:
            async with signed_in(url, email, ADMIN_PASSWORD) as api:
                for page in READ:
                    await api.get(page)
        except (httpx.HTTPError, KeyError) as error:
            visits.failures += (f"{type(error).__name__}: {error}"[:300],)
        visits.count += 1


@asynccontextmanager
async def people_at_work(stack: Stack, school: School) -> AsyncIterator[Callable[[], Any]]:
    """Two who come and go. Gives a wait for two more whole visits; at the end none has failed."""
    visits = Visits()

    async def two_more() -> None:
        wanted = visits.count + 3  # one of them may have begun before
        await eventually(_counted, lambda count: count >= wanted, seconds=90)
        assert visits.failures == ()

    async def _counted() -> int:
        return visits.count

    work = visit_again_and_again(stack.url, school.admin, visits)
    tasks = [asyncio.create_task(work)]
    tasks += [asyncio.create_task(visit_again_and_again(stack.url, school.admin, visits))]
    try:
        await two_more()
        yield two_more
        await two_more()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert visits.failures == ()


def handed_out(stack: Stack) -> dict[str, str]:
    """All that the processes were handed, by process and file."""
    folder = State(stack.home).handed_out
    return {
        f"{path.parent.name}/{path.name}": path.read_text()
        for path in folder.glob("*/*")
        if not path.name.startswith(".")
    }


def addresses(files: Mapping[str, str], ending: str) -> list[str]:
    found = [line for name, text in files.items() if name.endswith(ending) for line in [text]]
    assert found
    assert all("\n" not in address for address in found), "nothing is left half changed"
    return found


async def cut_everybody_off(stack: Stack) -> None:
    """From both servers, so that all have to enter anew."""
    broker = State(stack.home).read("stack")["broker"]
    async with httpx.AsyncClient(base_url=broker["management_url"], timeout=30) as management:
        for connection in (await management.get("/api/connections")).json():
            await management.delete(f"/api/connections/{connection['name']}")
    for service in SERVICES:
        connection = await stack.database(service)
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE usename ~ '_(service|relay)$' AND datname = current_database()"
        )
        await connection.close()


async def has_two_step(stack: Stack, school: School) -> None:
    async with signed_in(stack.url, school.admin, ADMIN_PASSWORD) as api:
        form = {"name": "a phone", "current_password": ADMIN_PASSWORD}
        begun = await api.post("/api/two-step/authenticators", form)
        totp = pyotp.TOTP(begun["key"].replace(" ", ""))
        path = f"/api/two-step/authenticators/{begun['id']}/confirmation"
        await api.post(path, {"code": totp.now()})


async def rotate(stack: Stack, name: str, *more: str) -> tuple[dict[str, str], dict[str, str]]:
    """What was handed out before, and what is now."""
    before = handed_out(stack)
    await stack.command("secrets", "rotate", name, *more)
    after = handed_out(stack)
    assert before != after
    return before, after


async def test_every_secret_is_changed_while_people_work(stack: Stack, tmp_path: Path) -> None:
    school = await stack.add_school("Change Primary School", "NG3 3AB", "office@change.example")
    careful = await stack.add_school("Careful Primary School", "NG4 4DE", "office@careful.example")
    await has_two_step(stack, careful)
    pids = await stack.pids()
    async with people_at_work(stack, school) as two_more_come:
        before, after = await rotate(stack, "database")
        await two_more_come()
        for ending in ("classroom_database_url", "classroom_relay_database_url"):
            for old, new in zip(addresses(before, ending), addresses(after, ending), strict=True):
                await (await asyncpg.connect(new)).close()
                with pytest.raises(asyncpg.InvalidPasswordError):
                    await asyncpg.connect(old)

        before, after = await rotate(stack, "broker")
        await two_more_come()
        for old, new in zip(
            addresses(before, "rabbitmq_url"), addresses(after, "rabbitmq_url"), strict=True
        ):
            await (await aio_pika.connect(new)).close()
            with pytest.raises(aiormq.exceptions.ProbableAuthenticationError):
                await aio_pika.connect(old)

        before, _ = await rotate(stack, "principals", "--seconds", "3")
        await two_more_come()
        await assert_signs_nothing(stack, school, before["gateway/principal-private.json"])

        before, _ = await rotate(stack, "two-step")
        await two_more_come()
        await assert_opens_no_authenticator(stack, before["identity/two-step-keys"])

        for server in ("postgresql-admin", "rabbitmq-admin"):
            known = State(stack.home).read("stack")
            await stack.command("secrets", "rotate", server)
            await two_more_come()
            await assert_is_no_administrator(server, known)

    assert await stack.pids() == pids, "nothing was started anew"
    await cut_everybody_off(stack)
    await stack.ready()
    await stack.push(school, export_for(tmp_path / "export", "change.example"))
    async with signed_in(stack.url, school.admin, ADMIN_PASSWORD) as api:
        assert (await runs_at_rest(api, 1))[0]["state"] != "refused"
        assert len((await api.get("/api/pupils"))["items"]) > 0
    await stack.command("up", "--detach")
    now = await stack.pids()
    assert {name for name in pids if now[name] != pids[name]} <= {"rabbitmq"}


async def test_passwords_are_peppered_anew_as_people_sign_in(stack: Stack) -> None:
    school = await stack.add_school("Pepper Primary School", "NG5 5EF", "office@pepper.example")
    idle = await stack.add_school("Idle Primary School", "NG6 6FG", "office@idle.example")
    async with people_at_work(stack, school) as two_more_come:
        before, _ = await rotate(stack, "pepper")
        await two_more_come()
        assert "is still needed by" in await stack.command(
            "secrets", "finish", "pepper", check=False
        )
        assert parted(await stored_password(stack, school))[0] is not None
        assert parted(await stored_password(stack, idle))[0] is None
        await stack.command("secrets", "finish", "pepper", "--unchecked")
        await two_more_come()
    assert before["identity/pepper"] not in handed_out(stack)["identity/pepper"]
    async with visitor(stack.url) as api:
        with pytest.raises(httpx.HTTPStatusError) as refused:
            await api.sign_in(idle.admin, ADMIN_PASSWORD)
        assert refused.value.response.status_code == 401


async def test_a_mail_server_s_login_is_changed_and_no_mail_is_lost(
    stack: Stack, mail_server: Post
) -> None:
    pids = await stack.pids()
    written: list[str] = []
    first, second = LOGIN, "classroom:the second"

    async def write_again_and_again() -> None:
        """A new school's admin is sent a link."""
        while True:
            address = f"office@mail-{len(written)}.example"
            new = NewSchool("Mail Primary School", "NG9 9AB", "R", "6", address)
            await asyncio.to_thread(stack.set_up_school, new)
            written.append(address)

    async def two_more_are_sent(login: str) -> None:
        wanted = mail_server.by(login) + 2
        await eventually(sent_by, lambda count: count[login] >= wanted, seconds=90)

    async def sent_by() -> dict[str, int]:
        return {login: mail_server.by(login) for login in (first, second)}

    async def came_in_again() -> int:
        return len(mail_server.tried)

    writing = asyncio.create_task(write_again_and_again())
    await two_more_are_sent(first)
    await stack.command("secrets", "put", "mail", typed=f"{second}\n")
    await two_more_are_sent(first)  # which does not know the other yet
    mail_server.logins = {first, second}
    await two_more_are_sent(second)
    await stack.command("secrets", "finish", "mail")
    mail_server.logins = {second}
    mail_server.tried.clear()
    await two_more_are_sent(second)
    await eventually(came_in_again, bool, seconds=90)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)

    async def arrived() -> list[str]:
        return [to for to, _ in mail_server.sent if to in written]

    await eventually(arrived, lambda found: sorted(found) == sorted(written), seconds=60)
    assert {login for login, _ in mail_server.tried} == {second}
    assert first not in "".join(handed_out(stack).values())
    assert await stack.pids() == pids, "nothing was started anew"
    listed = await stack.command("secrets", "list")
    assert re.search(r"^mail +0 days", listed, re.MULTILINE)
    assert re.search(r"^files +not kept here", listed, re.MULTILINE)
    refused = await stack.command("secrets", "rotate", "mail", check=False)
    assert "secrets put mail" in refused


async def test_the_password_of_who_watches_postgresql_is_changed(stack: Stack) -> None:
    """On one machine nobody does; the role is made as Compose's `set-up` makes it."""
    state = State(stack.home)
    old, url = state.secret(WATCHER), state.read("stack")["database_url"]
    await provision_watcher(url, old)
    await stack.command("secrets", "rotate", "watcher")
    place = urlsplit(url).netloc.rpartition("@")[2]
    entered = f"postgresql://classroom_watcher:{{}}@{place}/postgres".format
    await (await asyncpg.connect(entered(state.secret(WATCHER)))).close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(entered(old))


async def stored_password(stack: Stack, school: School) -> str:
    connection = await stack.database("identity")
    try:
        return str(
            await connection.fetchval(
                "SELECT password_hash FROM accounts WHERE school_id = $1 AND kind = 'admin'",
                UUID(school.id),
            )
        )
    finally:
        await connection.close()


async def assert_signs_nothing(stack: Stack, school: School, private: str) -> None:
    """By any service."""
    signer = PrincipalSigner(json.loads(private))
    somebody = principal_of_admin(uuid4(), UUID(school.id), "Somebody")
    for service, path in (("roster", "/pupils"), ("identity", "/activity"), ("mis_sync", "/runs")):
        address = State(stack.home).read("stack")["addresses"][service]
        token = signer.sign(somebody, service)
        async with httpx.AsyncClient(base_url=address, timeout=30) as client:
            answer = await client.get(path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, answer.text


async def assert_opens_no_authenticator(stack: Stack, old: str) -> None:
    new = handed_out(stack)["identity/two-step-keys"]
    connection = await stack.database("identity")
    rows = await connection.fetch("SELECT authenticator_id, secret FROM authenticators")
    await connection.close()
    assert rows
    for row in rows:
        assert Sealing([new]).open(row["secret"], row["authenticator_id"])
        with pytest.raises(UnknownSeal):
            Sealing([old]).open(row["secret"], row["authenticator_id"])


async def assert_is_no_administrator(server: str, known: dict[str, Any]) -> None:
    if server == "rabbitmq-admin":
        url = f"{known['broker']['management_url']}/api/whoami"
        async with httpx.AsyncClient(timeout=30) as client:
            assert (await client.get(url)).status_code == 401
    else:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(known["database_url"])
