"""The demo school: made, linked and synchronised once, by the doors that every school uses.

Each part looks first whether it is done, so that it can be run again after whatever went before.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from deploy.local.browser import Browser
from deploy.local.errors import OperatorError
from deploy.local.mail import links_sent_to
from deploy.local.progress import Say, step
from deploy.local.rest import unheard, wait_for
from deploy.local.services_client import NewSchool, ServicesClient, principal_of_admin
from deploy.local.state import State, write_atomically
from shared.school.academic_year import roster_year_of, school_day

__all__ = ["Doors", "make_demo"]

SYNC_SECONDS = 300


@dataclass(frozen=True)
class Doors:
    """Where the stack is entered: at `url`, unless the others say that from here it is not."""

    url: str
    gateway: str | None = None
    connectors_broker: str | None = None
    """`amqp://host:port/mis`; else the one that stands in the credentials."""


@dataclass(frozen=True)
class Demo:
    """What the parts need: the stack, the export's folder, and what the export expects."""

    state: State
    doors: Doors
    export: Path
    expected: dict[str, Any]

    def remember(self, **facts: Any) -> dict[str, Any]:
        known = {**self.state.read("demo"), **facts}
        self.state.write("demo", known)
        return known


def make_demo(state: State, doors: Doors) -> dict[str, Any]:
    """`{"school": …, "accounts": […]}`, as `status --json` shows it."""
    with state.lock("demo"):
        demo = _prepare(state, doors)
        with step("The demo school"):
            school = _school(demo)
        with Browser(doors.url, doors.gateway) as admin:
            account = _sign_in(demo, admin)
            with step("Records made by hand"):
                _records_by_hand(demo, school, account)
            with step("Linking the MIS") as say:
                credentials = _link(demo, admin, say)
            with step("The first snapshot") as say:
                _synchronise(demo, admin, credentials, say)
            accounts = _accounts(demo, admin, account)
        demo.remember(accounts=accounts)
        return {"school": school["name"], "accounts": accounts}


def _prepare(state: State, doors: Doors) -> Demo:
    folder = state.home / "demo"
    folder.mkdir(exist_ok=True)
    expectations = folder / "expectations.json"
    if not expectations.exists():
        year = roster_year_of(school_day(datetime.now(UTC)))
        arguments = (str(folder / "export"), "--academic-year", year)
        _run("demo_school", *arguments, "--expectations", str(expectations))
    return Demo(state, doors, folder / "export", json.loads(expectations.read_text()))


def _school(demo: Demo) -> dict[str, Any]:
    """The school as identity has it; what only its making tells is remembered at once."""
    wanted = demo.expected["school"]
    with ServicesClient(demo.state) as services:
        found = services.schools_named(wanted["name"])
        if found:
            demo.remember(school=found[0])
            return found[0]
        fields = NewSchool.__dataclass_fields__
        made = services.set_up_school(NewSchool(**{name: wanted[name] for name in fields}))
    demo.remember(
        school=made["school"],
        link=made["admin"]["sign_in_link"],
        default_password=made["default_password"],
    )
    return dict(made["school"])


def _sign_in(demo: Demo, admin: Browser) -> dict[str, Any]:
    """As the school's admin: by the single-use link the first time, then with the password."""
    email = demo.expected["school"]["admin_email"]
    password = _admin_password(demo)
    if not demo.state.read("demo").get("claimed"):
        links = [*links_sent_to(demo.state, email), demo.state.read("demo").get("link")]
        for link in filter(None, reversed(links)):
            with suppress(OperatorError):
                admin.open_link(_token(link))
                account = dict(admin.set_first_password(password)["account"])
                demo.remember(claimed=True, link=None)
                return account
    try:
        account = dict(admin.sign_in(email, password)["account"])
    except OperatorError as error:
        raise OperatorError(
            f"The demo school is there, but its admin cannot sign in ({error}). To start the demo "
            f"afresh: ./classroom down, then remove {demo.state.home}."
        ) from error
    demo.remember(claimed=True, link=None)
    return account


def _admin_password(demo: Demo) -> str:
    """Of 96 bits: long enough for anyone, and short enough to be typed off the screen."""
    return demo.state.kept_secret("demo-admin-password", secrets.token_urlsafe(12))


def _token(link: str) -> str:
    """The link's last part, behind `#`, `=` or `/`."""
    for mark in ("#", "=", "/"):
        link = link.rpartition(mark)[2]
    return link


def _records_by_hand(demo: Demo, school: dict[str, Any], account: dict[str, Any]) -> None:
    """Before the first snapshot, so that some of its records are here already (R17, R18)."""
    admin = principal_of_admin(UUID(account["id"]), UUID(school["id"]), account["name"])
    with ServicesClient(demo.state) as services:
        users = services.ask("GET", "identity", "/users", principal=admin, params={"limit": "200"})
        emails = {user["email"] for user in users["items"]}
        for user in demo.expected["users_by_hand"]:
            if user["email"] not in emails:
                body = {k: v for k, v in user.items() if k not in ("mis_id", "expected_match")}
                services.ask("POST", "identity", "/users", principal=admin, body=body)
        groups = services.ask("GET", "roster", "/groups", principal=admin, params={"limit": "200"})
        names = {group["name"] for group in groups["items"]}
        for group in demo.expected["groups_by_hand"]:
            if group["name"] not in names:
                body = {key: group[key] for key in ("name", "kind", "year_group")}
                services.ask("POST", "roster", "/groups", principal=admin, body=body)
    _wait_until_heard(demo)


def _link(demo: Demo, admin: Browser, say: Say) -> Path:
    """The connector's credentials file; a link whose file was lost is made anew (R15)."""
    path = demo.state.home / "demo" / "credentials.json"
    link = admin.get("/api/mis")["link"]
    if link is None:
        raise OperatorError("mis_sync does not answer: see ./classroom status.")
    if link["state"] == "never_linked" or not path.exists():
        credentials = admin.post("/api/mis/link")["credentials"]
        if demo.doors.connectors_broker:
            credentials["url"] = demo.doors.connectors_broker
        write_atomically(path, json.dumps(credentials, indent=2) + "\n", mode=0o600)
    say("waiting for the connector's rights")
    wait_for(lambda: not _is_provisioning(admin), "Making the connector's user", seconds=60)
    return path


def _is_provisioning(admin: Browser) -> bool:
    link = admin.get("/api/mis")["link"]
    return link is None or link["state"] == "provisioning"


def _synchronise(demo: Demo, admin: Browser, credentials: Path, say: Say) -> None:
    """Push the export unless a snapshot has come already, and wait for the end of its run."""
    if not _runs(admin):
        say("the connector publishes")
        arguments = ("--credentials", str(credentials), "--kind", "oneroster-csv")
        _run("push", *arguments, str(demo.export))
    say("mis_sync, roster and identity take it in")
    wait_for(lambda: _has_ended(admin), "The first sync", seconds=SYNC_SECONDS)
    _wait_until_heard(demo)


def _runs(admin: Browser) -> list[dict[str, Any]]:
    return list(admin.get("/api/mis/runs", limit="1")["items"])


def _has_ended(admin: Browser) -> bool:
    runs = _runs(admin)
    return bool(runs) and runs[0]["finished_at"] is not None


def _wait_until_heard(demo: Demo) -> None:
    dsns = demo.state.read("stack")["relay_dsns"]
    wait_for(lambda: unheard(dsns) == 0, "Telling all services", seconds=SYNC_SECONDS)


def _accounts(demo: Demo, admin: Browser, account: dict[str, Any]) -> list[dict[str, Any]]:
    """The admin, then the users that were made by hand, with what signs each in next (R2)."""
    default = demo.state.read("demo").get("default_password")
    if default is None:
        default = admin.post("/api/default-password")["default_password"]
        demo.remember(default_password=default)
    by_hand = {user["email"] for user in demo.expected["users_by_hand"]}
    users = admin.get("/api/users", limit="200")["items"]
    return [
        {
            "role": "admin",
            "username": account.get("username") or account["email"],
            "password": _admin_password(demo),
        },
        *(
            {
                "role": user["role"],
                "username": user["username"],
                "password": None if user["claimed"] else default,
            }
            for user in users
            if user["email"] in by_hand
        ),
    ]


def _run(program: str, *arguments: str) -> None:
    """A connector's program, as a school's server would run it."""
    module = "services.mis_sync.connectors"
    command = [sys.executable, "-m"]
    command += [f"{module}.{program}"] if program == "demo_school" else [module, program]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OperatorError(f"{program} failed: {(done.stderr or done.stdout).strip()[-1500:]}")
