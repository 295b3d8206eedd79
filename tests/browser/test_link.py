"""A school's first day: the admin's single-use link, their password, and the link to the MIS, with
the connector's own process beside it (R15, R16, R23)."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page, expect

from services.mis_sync.connectors.cli import ExitCode
from tests.api import signed_in
from tests.browser.pages import DataManagement, choose_password
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.eventually import eventually
from tests.exports import export_for
from tests.stack import CHECKOUT, runs_at_rest

OWN_PASSWORD = "badger sett under the hedge"
PATIENT = 60_000


async def test_the_first_day(demo: Demo, resized_page: Page, tmp_path: Path) -> None:
    page = resized_page
    await page.goto(await first_link(demo))
    await page.get_by_role("button", name="Continue").click()
    await choose_password(page, OWN_PASSWORD)
    await expect(page.get_by_role("heading", name="Badger Hill Primary")).to_be_visible()
    await expect(page.get_by_text("Mapping alert")).to_have_count(0)

    wizard = Wizard(page)
    credentials = await wizard.makes_credentials(tmp_path)
    await wizard.is_waiting_after_a_reload()
    export = tmp_path / "export"
    async with connector(credentials, export) as process:
        await wizard.hears_and_shows_what_is_wrong()
        export_for(export, "badgers.example")
        await wizard.gets_the_first_data()
        renewed = await wizard.renews_the_credentials(tmp_path)
        await asyncio.wait_for(process.wait(), 60)
        assert process.returncode == ExitCode.BROKER_REFUSED
        assert b"download new credentials" in await process.stderr_read()
    async with connector(renewed, export) as process:
        await expect(page.get_by_text("The connection works")).to_be_visible(timeout=PATIENT)
        process.terminate()
        await asyncio.wait_for(process.wait(), 60)
        assert process.returncode == ExitCode.DONE
    await wizard.ends_the_link()

    await page.get_by_role("link", name="Home", exact=True).click()
    await expect(page.get_by_role("dialog", name="Mapping alert")).to_be_visible()


@dataclass(frozen=True)
class Wizard:
    """Data Management › MIS Synchronisation, as the steps of linking come one after the other."""

    page: Page

    async def makes_credentials(self, folder: Path) -> Path:
        await DataManagement(self.page).open("MIS Synchronisation")
        await self.page.get_by_role("radio", name="Plain tables").check()
        await look_at(self.page, "link-1-source")
        await self.page.get_by_role("button", name="Make the credentials").click()
        await expect(self.page.get_by_label("Start the connector", exact=True)).to_contain_text(
            "classroom-connector run --credentials classroom-connector.json --kind csv"
        )
        await self.page.get_by_role("button", name="Another export").click()
        await self.page.get_by_role("radio", name="OneRoster CSV").check()
        await self.page.get_by_role("button", name="Another export").click()
        await expect(self.page.get_by_label("Start the connector", exact=True)).to_contain_text(
            "--kind oneroster-csv export.zip"
        )
        await expect(self.page.get_by_role("button", name="Test the connection")).to_be_disabled()
        await look_at(self.page, "link-2-credentials")
        return await self._downloads(folder / "credentials.json")

    async def _downloads(self, credentials: Path) -> Path:
        """The file that is shown once, with password and key."""
        async with self.page.expect_download() as downloading:
            await self.page.get_by_role("button", name="Download the credentials").click()
        await (await downloading.value).save_as(credentials)
        content = json.loads(await asyncio.to_thread(credentials.read_text))
        assert content["password"]
        assert content["signing_key"]["d"]
        return credentials

    async def is_waiting_after_a_reload(self) -> None:
        await self.page.get_by_role("button", name="Test the connection").click()
        waiting = self.page.get_by_text("Waiting to hear from the connector")
        await expect(waiting).to_be_visible(timeout=PATIENT)
        await self.page.reload()
        await expect(waiting).to_be_visible(timeout=PATIENT)
        await expect(self.page.get_by_text("Download the credentials")).to_have_count(0)
        await self.page.get_by_role("button", name="Show the commands").click()
        await expect(self.page.get_by_label("Start the connector", exact=True)).to_contain_text(
            "oneroster-csv"
        )
        await look_at(self.page, "link-3-waiting")

    async def hears_and_shows_what_is_wrong(self) -> None:
        """The export is not there yet: the school reads so, and nothing is lost."""
        await expect(self.page.get_by_text("The connection works")).to_be_visible(timeout=PATIENT)
        await self.page.get_by_role("button", name="Get the first data now").click()
        told = self.page.get_by_role("status").filter(has_text="could not read your MIS")
        await expect(told).to_contain_text("There is no such file or folder", timeout=PATIENT)
        await look_at(self.page, "link-4-refused")

    async def gets_the_first_data(self) -> None:
        await self.page.get_by_role("button", name="Get the first data now").click()
        await expect(self.page.get_by_text("Your MIS is linked")).to_be_visible(timeout=PATIENT)
        await expect(self.page.get_by_text("Working", exact=True)).to_be_visible(timeout=PATIENT)
        runs = self.page.get_by_role("table", name="The last syncs").get_by_role("row")
        done = runs.filter(has_text=re.compile(r"\d+ pupils added")).filter(has_text="Done")
        await expect(done).to_be_visible(timeout=PATIENT)
        await expect(runs.filter(has_text="asked for its data and sent it")).to_have_count(1)
        await expect(runs.filter(has_text="No data")).to_have_count(1)
        await look_at(self.page, "link-5-done")
        await self.page.get_by_role("button", name="Close", exact=True).click()
        await expect(self.page.get_by_role("heading", name="Linking your MIS")).to_have_count(0)

    async def renews_the_credentials(self, folder: Path) -> Path:
        await self.page.get_by_role("button", name="Make new credentials").click()
        dialog = self.page.get_by_role("dialog")
        await look_at(self.page, "link-6-renew")
        await dialog.get_by_role("button", name="Make new credentials").click()
        renewed = await self._downloads(folder / "renewed.json")
        await self.page.get_by_role("button", name="Test the connection").click()
        return renewed

    async def ends_the_link(self) -> None:
        await self.page.get_by_role("button", name="End the link").click()
        dialog = self.page.get_by_role("dialog")
        await look_at(self.page, "link-7-end")
        await dialog.get_by_role("button", name="End the link").click()
        await expect(self.page.get_by_text("Not linked", exact=True)).to_be_visible()
        await expect(self.page.get_by_role("button", name="Make the credentials")).to_be_visible()
        await look_at(self.page, "link-8-ended")


class Process:
    """The connector's, and what it said."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._said = asyncio.create_task(self._read())

    async def _read(self) -> bytes:
        assert self._process.stderr is not None
        return await self._process.stderr.read()

    async def stderr_read(self) -> bytes:
        return await self._said

    async def wait(self) -> int:
        return await self._process.wait()

    def terminate(self) -> None:
        self._process.terminate()

    @property
    def returncode(self) -> int | None:
        return self._process.returncode


@asynccontextmanager
async def connector(credentials: Path, export: Path) -> AsyncIterator[Process]:
    """`classroom-connector run`, until the block ends."""
    await asyncio.to_thread(credentials.chmod, 0o600)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.mis_sync.connectors", "run"),
        *("--credentials", str(credentials), "--kind", "oneroster-csv", str(export)),
        cwd=CHECKOUT,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Process(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def first_link(demo: Demo) -> str:
    printed = await demo.stack.command(
        *("school", "add", "--name", "Badger Hill Primary", "--postcode", "S1 2BX"),
        *("--first-year", "R", "--last-year", "6", "--admin-email", "office@badgers.example"),
    )
    link = re.search(r"https?://\S+", printed)
    assert link, printed
    return link.group()


async def test_the_demo_school_s_connector_answers(demo: Demo) -> None:
    """R16: 'Synchronise now' works there, as `./classroom demo` keeps a connector running."""
    admin = demo.accounts["admin"]
    async with signed_in(demo.url, admin.username, admin.password) as api:
        await api.post("/api/mis/request")

        async def outcome() -> object:
            return (await api.get("/api/mis"))["link"]["last_request"]["outcome"]

        await eventually(outcome, lambda found: found == "answered", seconds=60)
        await runs_at_rest(api, 2)
