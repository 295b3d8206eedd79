"""The main job through Compose, where an engine answers and has every image; skipped elsewhere."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api import Api, signed_in, visitor
from tests.compose.engine import Compose, running, why_not
from tests.eventually import eventually
from tests.stack import runs_at_rest

pytestmark = pytest.mark.timeout(540)

STEPS = {"secrets", "set-up", "demo", *(f"migrate-{s}" for s in ("identity", "roster", "reports"))}
OTHERS = {"postgresql", "rabbitmq", "mailpit"}
OWN_PASSWORD = "seven herons by the weir"


@pytest.fixture(scope="module")
def compose() -> Iterator[Compose]:
    if reason := why_not():
        pytest.skip(f"Compose is not tried: {reason}")
    with running() as system:
        yield system


@pytest.fixture(scope="module")
async def admin(compose: Compose) -> dict[str, Any]:
    """The demo school's, once its export has been pushed and its first sync has ended."""
    found = await eventually(
        lambda: asyncio.to_thread(compose.containers),
        lambda found: found["demo"]["State"]["Status"] == "exited",
        seconds=240,
    )
    assert found["demo"]["State"]["ExitCode"] == 0, compose.run("logs", "demo")
    told = compose.run(
        *("run", "--rm", "--no-deps", "--entrypoint", "cat"),
        *("operator", "/var/lib/classroom/demo.json"),
    )
    demo = json.loads(told)
    return next(account for account in demo["accounts"] if account["role"] == "admin")


async def test_the_main_job(compose: Compose, admin: dict[str, Any]) -> None:
    """R16, R19, R2: what the connector pushed is an alert; once mapped, teachers have users."""
    async with signed_in(compose.url, admin["username"], admin["password"]) as api:
        home = await api.get("/api/home")
        differences = await api.everything("/api/mis/differences", state="open")
        assert home["alert"]["differences"] == len(differences) > 0
        before = {user["username"] for user in await api.everything("/api/users")}

        # A class that is mapped brings its teachers, one of whom may be somebody who is here.
        for runs in (2, 3):
            await _decide_everything(api)
            await runs_at_rest(api, runs)

        assert (await api.get("/api/home"))["alert"] is None
        assert len(await api.everything("/api/pupils")) > 0
        new = {user["username"] for user in await api.everything("/api/users")} - before
        assert new


async def test_a_forgotten_password_s_mail_arrives_in_mailpit(
    compose: Compose, admin: dict[str, Any]
) -> None:
    """R3, R5: asked for by whoever has no session, and its link signs in."""
    async with signed_in(compose.url, admin["username"], admin["password"]) as api:
        address = api.session["account"]["email"]
    async with visitor(compose.url) as stranger:
        await stranger.post("/api/password/forgotten", {"identifier": address})
        link = await _link_in_the_newest_mail(compose, address, "password")
        assert link.startswith(compose.url)
        await stranger.open_link(re.split(r"[#/=]", link)[-1])
        await stranger.set_password(OWN_PASSWORD)
    async with signed_in(compose.url, admin["username"], OWN_PASSWORD) as api:
        assert api.session["account"]["email"] == address


async def test_containers_may_do_no_more_than_they_must(
    compose: Compose, admin: dict[str, Any]
) -> None:
    """As the engine has it, not as the file asks for it."""
    containers = compose.containers()
    for service, container in containers.items():
        published = container["HostConfig"]["PortBindings"] or {}
        addresses = {where["HostIp"] for places in published.values() for where in places}
        assert addresses <= {"127.0.0.1"}, service
        assert container["HostConfig"]["Memory"] > 0, service
        if service not in OTHERS:
            assert container["Config"]["User"] == "10001:10001", service
            assert container["HostConfig"]["ReadonlyRootfs"], service
            assert container["HostConfig"]["CapDrop"] == ["ALL"], service
        if service in STEPS:
            assert container["State"]["ExitCode"] == 0, service
    written = json.dumps([c["Config"]["Env"] for c in containers.values()])
    assert "postgresql://" not in written  # secrets are files, and no part of an environment
    assert "amqp://" not in written.replace("CLASSROOM_CONNECTOR_BROKER_URL=amqp://", "")


async def _decide_everything(api: Api) -> None:
    """Map what has a suggestion, and make new what has none."""
    differences = await api.everything("/api/mis/differences", state="open")
    decisions = [
        {
            "difference_id": difference["id"],
            "expected_version": difference["version"],
            **(
                {"action": "map", "record_id": difference["suggestion"]["id"]}
                if difference["suggestion"]
                else {"action": "create"}
            ),
        }
        for difference in differences
    ]
    await api.post("/api/mis/mapping", {"decisions": decisions})


async def _link_in_the_newest_mail(compose: Compose, address: str, about: str) -> str:
    async with httpx.AsyncClient(base_url=compose.mailpit) as mailpit:

        async def look() -> list[dict[str, Any]]:
            params = {"query": f'to:"{address}"'}
            found = (await mailpit.get("/api/v1/search", params=params)).json()["messages"]
            return [mail for mail in found if about in mail["Subject"].casefold()]

        mails = await eventually(look, bool, seconds=60)
        text = (await mailpit.get(f"/api/v1/message/{mails[0]['ID']}")).json()["Text"]
    links: list[str] = re.findall(r"https?://\S+", text)
    return links[0]
