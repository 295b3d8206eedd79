"""The main job through Compose, where an engine answers and has every image; skipped elsewhere."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from tests.api import Api, signed_in, visitor
from tests.compose.engine import Compose, running, why_not
from tests.eventually import eventually
from tests.reports.generation import names_in
from tests.reports.hostile import crest, saved
from tests.stack import runs_at_rest

pytestmark = pytest.mark.timeout(540)

STEPS = {"secrets", "set-up", "demo", *(f"migrate-{s}" for s in ("identity", "roster", "reports"))}
OTHERS = {"postgresql", "rabbitmq", "mailpit", "object-store"}
OWN_PASSWORD = "seven herons by the weir"
OUR_FONTS = {"AtkinsonHyperlegibleNext", "AtkinsonHyperlegibleMono", "DejaVuSans", "NotoEmoji"}
KILL_ALL_OF_OURS = """
import os, signal
for process in (int(name) for name in os.listdir("/proc") if name.isdigit()):
    if process not in (1, os.getpid()):
        os.kill(process, signal.SIGKILL)
"""
"""As a crash would: the engine starts nothing again that it was told to kill itself."""


@pytest.fixture(scope="module")
def compose() -> Iterator[Compose]:
    if reason := why_not():
        pytest.skip(f"Compose is not tried: {reason}")
    with running() as system:
        yield system


@pytest.fixture(scope="module")
async def accounts(compose: Compose) -> dict[str, dict[str, Any]]:
    """The demo school's by role, once its export has been pushed and its first sync has ended."""
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
    return {account["role"]: account for account in demo["accounts"]}


@pytest.fixture(scope="module")
def admin(accounts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return accounts["admin"]


@pytest.fixture(scope="module")
async def leader(compose: Compose, accounts: dict[str, dict[str, Any]]) -> AsyncIterator[Api]:
    """A senior leader of the demo school, with a password of their own."""
    async with visitor(compose.url) as api:
        await api.sign_in(accounts["slt"]["username"], accounts["slt"]["password"])
        await api.set_password(OWN_PASSWORD)
        yield api


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


async def test_reports_are_printed_in_one_container_and_downloaded_from_another(
    leader: Api,
) -> None:
    """R24, R27: by way of the object store, with the school's logo and the fonts that are ours."""
    await leader.ask("POST", "/api/logo", content=saved(crest(), "PNG"))
    logo = await leader.ask("GET", "/api/logo/school-logo.png")
    assert logo.headers["content-type"] == "image/png"

    [year_group, *_] = (await _choices(leader))["year_groups"]
    asked = await _asked(leader, year_group["year_group"])
    done = await _ended(leader, asked["id"])
    archive = (await leader.ask("GET", f"/api/generated-reports/{done['id']}/file")).content
    assert len(names_in(archive)) == year_group["pupils"] == done["made"]
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        page = PdfReader(io.BytesIO(opened.read(opened.namelist()[0]))).pages[0]
    fonts = {str(font["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert {re.sub(r"^/\w{6}\+|-\w+$", "", font) for font in fonts} <= OUR_FONTS
    assert len(page.images) == 1


async def test_what_was_killed_is_made_by_whoever_is_started_again(
    compose: Compose, leader: Api
) -> None:
    """R27: the printer crashes, then the broker is restarted, and every report is there once."""
    wanted = (await _choices(leader))["year_groups"][-3:]  # as many as may be made at once
    jobs = [await _asked(leader, each["year_group"]) for each in wanted]

    async def made() -> int:
        return sum([(await _job(leader, job["id"]))["made"] for job in jobs])

    everything = sum(each["pupils"] for each in wanted)
    await eventually(made, seconds=60)
    kill = ("exec", "--no-TTY", "reports-worker", "python", "-c", KILL_ALL_OF_OURS)
    await asyncio.to_thread(compose.run, *kill, check=False)
    assert await made() < everything, "it was over before it was killed"
    await asyncio.to_thread(compose.run, "restart", "rabbitmq")

    ended = [await _ended(leader, job["id"], seconds=240) for job in jobs]
    assert [each["made"] for each in ended] == [each["pupils"] for each in wanted]
    for job, each in zip(jobs, wanted, strict=True):
        archive = (await leader.ask("GET", f"/api/generated-reports/{job['id']}/file")).content
        assert len(set(names_in(archive))) == each["pupils"]
    assert compose.containers()["reports-worker"]["RestartCount"] == 1
    parked = compose.run("run", "--rm", "--no-deps", "operator", "dead-letters", "list")
    assert "reports" not in parked


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
    async with httpx.AsyncClient(base_url=compose.mailpit, timeout=30) as mailpit:

        async def look() -> list[dict[str, Any]]:
            params = {"query": f'to:"{address}"'}
            found = (await mailpit.get("/api/v1/search", params=params)).json()["messages"]
            return [mail for mail in found if about in mail["Subject"].casefold()]

        mails = await eventually(look, bool, seconds=60)
        text = (await mailpit.get(f"/api/v1/message/{mails[0]['ID']}")).json()["Text"]
    links: list[str] = re.findall(r"https?://\S+", text)
    return links[0]


async def _choices(leader: Api) -> dict[str, Any]:
    """Once reports has heard of the school."""

    async def look() -> dict[str, Any]:
        found: dict[str, Any] = await leader.get("/api/generated-reports/choices")
        return found

    return await eventually(look, lambda found: found["year_groups"] and found["templates"])


async def _asked(leader: Api, year_group: str) -> dict[str, Any]:
    """Written reports of a year group, one file each."""
    choices = await _choices(leader)
    templates = {each["kind"]: each["id"] for each in choices["templates"]}
    wanted = {
        "template_id": templates["written_report"],
        "term_id": next(term["id"] for term in choices["terms"] if term["current"]),
        "scope": {"kind": "year_group", "year_group": year_group},
        "form": "zip",
    }
    return dict(await leader.post("/api/generated-reports", wanted))


async def _job(leader: Api, job_id: str) -> dict[str, Any]:
    return dict(await leader.get(f"/api/generated-reports/{job_id}"))


async def _ended(leader: Api, job_id: str, *, seconds: float = 60) -> dict[str, Any]:
    """Asked for as its page does, which says so where the machine is too busy to answer."""

    async def look() -> dict[str, Any]:
        try:
            return await _job(leader, job_id)
        except httpx.HTTPStatusError as error:
            if error.response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                raise
            return {"state": "waiting"}

    unfinished = ("waiting", "running", "stalled")
    done = await eventually(look, lambda job: job["state"] not in unfinished, seconds=seconds)
    assert done["state"] == "done", done
    return done
