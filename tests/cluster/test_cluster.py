"""The main job in a real cluster, and docs/operations/kubernetes.md's commands; else skipped.

Whoever runs it has applied an overlay before, as that page says. The school that it adds stays.
"""

from __future__ import annotations

import asyncio
import csv
import io
import os
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.api import Api
from tests.cluster.kube import APPLIED, Kube, why_not
from tests.eventually import eventually
from tests.kubernetes.kustomize import kustomize

pytestmark = pytest.mark.timeout(1800)

PASSWORD = "seven herons by the weir"
PUPILS = 60
READY_SECONDS = 600
ALL_ARE_READY = ("rollout", "status", "deployment", f"--timeout={READY_SECONDS}s")
COPIED = dict.fromkeys(("identity/pupils", "mis_sync/own_pupils", "reports/pupils"), PUPILS)
ROWS = """
import csv, io, sys, zipfile
with zipfile.ZipFile("/tmp/school.zip") as archive:
    for name in sys.argv[1:]:
        file = f"{name}.csv"
        text = archive.read(file).decode() if file in archive.namelist() else ""
        print(max(0, len(list(csv.reader(io.StringIO(text)))) - 1))
"""
KNOCK = """
import socket, sys
for place in sys.argv[1:]:
    host, port = place.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), 4).close()
    except OSError:
        continue
    print(place)
"""
ASKED = {
    "gateway": ("roster:8000", "identity:8000", "rabbitmq:5672"),
    "roster": ("roster-db-rw:5432",),
    "identity-relay": ("identity-db-rw:5432", "rabbitmq:5672"),
    "operator": ("roster-db-rw:5432", "identity-db-rw:5432", "roster:8000", "identity:8000"),
}
PLACES = sorted({place for places in ASKED.values() for place in places} | {"rabbitmq:15672"})
ROOT = """
apiVersion: v1
kind: Pod
metadata: {name: as-root}
spec: {containers: [{name: main, image: classroom/none, securityContext: {privileged: true}}]}
"""


@dataclass(frozen=True)
class School:
    name: str
    admin: str


@pytest.fixture(scope="module")
def kube() -> Iterator[Kube]:
    """With the operator's pod, as step 6 of the page has it."""
    if reason := why_not():
        pytest.skip(f"no cluster is tried: {reason}")
    cluster = Kube(os.environ["CLASSROOM_TEST_CLUSTER"], kustomize()[0])
    cluster.run("scale", "deployment/operator", "--replicas=1")
    cluster.run(*ALL_ARE_READY, seconds=READY_SECONDS + 60)
    yield cluster
    cluster.run("scale", "deployment/operator", "--replicas=0")


@pytest.fixture(scope="module")
async def school(kube: Kube) -> School:
    """Added as the page says; its admin came in by the link that was printed, with a file."""
    mark = secrets.token_hex(3)
    name = f"Weir {mark} Primary School"
    told = kube.operator(
        *("school", "add", "--name", name, "--postcode", "LE1 3ZZ", "--first-year", "R"),
        *("--last-year", "6", "--admin-email", f"office@{mark}.example"),
    )
    told = re.sub(r"\s+", " ", told)
    username = re.search(r"username is (\S+)\. ", told)
    link = re.search(r"https?://\S+", told)
    assert username, told
    assert link, told
    async with kube.visitor() as api:
        await api.open_link(re.split(r"[#/=]", link[0])[-1])
        await api.set_password(PASSWORD)
        await _import_pupils(api)
    return School(name, username[1])


@pytest.fixture
async def admin(kube: Kube, school: School) -> AsyncIterator[Api]:
    async with kube.visitor() as api:
        await api.sign_in(school.admin, PASSWORD)
        yield api


async def test_the_main_job(kube: Kube, school: School, admin: Api) -> None:
    """What was imported is listed, and has come by relay and broker to all who copy it."""
    assert len(await admin.everything("/api/pupils")) == PUPILS
    await eventually(
        lambda: asyncio.to_thread(_copied, kube, school), lambda n: n == COPIED, seconds=120
    )


def test_pods_are_held_to_the_restricted_standard(kube: Kube) -> None:
    """By the API server, which takes ours and nobody else's."""
    answer = kube.tried("apply", "--validate=false", "--dry-run=server", "-f", "-", given=ROOT)
    assert answer.returncode
    assert 'violates PodSecurity "restricted' in answer.stderr
    assert all(pod["status"]["phase"] in ("Running", "Succeeded") for pod in kube.all("pods"))


@pytest.mark.parametrize("who", ASKED)
def test_nobody_is_asked_but_by_whom_a_policy_lets(kube: Kube, who: str) -> None:
    """On the network, which must be one that enforces policies."""
    knocked = kube.run("exec", f"deployment/{who}", "--", "python", "-c", KNOCK, *PLACES)
    assert sorted(knocked.split()) == sorted(ASKED[who])


def test_what_an_operator_does(kube: Kube, school: School) -> None:
    """Every command of that section."""
    assert "None waits" in kube.operator("dead-letters", "list")
    reset = kube.tried(
        *("exec", "deployment/operator", "--", "python", "-m", "deploy.kubernetes"),
        *("school", "reset-two-step", "--school", school.name),
    )
    assert "two-step" in (reset.stdout + reset.stderr).casefold()
    for service, module in (("roster", "roster"), ("mis-sync", "mis_sync"), ("reports", "reports")):
        kube.run(
            "exec", f"deployment/{service}", "--", "python", "-m", f"services.{module}.republish"
        )
    logs = ("logs", "--selector", "app.kubernetes.io/name=mis-sync", "--prefix", "--tail=5")
    assert "mis-sync" in kube.run(*logs)


def test_a_school_is_exported_and_its_log_is_read(kube: Kube, school: School) -> None:
    """By what the operator's pod has in common with the other kinds of system."""
    archive, log = "/tmp/school.zip", "/tmp/log.csv"  # noqa: S108 - a pod's own
    kube.operator("school", "export", "--school", school.name, "--to", archive)
    kube.operator("incident", "activity", "--school", school.name, "--to", log)
    read = kube.run("exec", "deployment/operator", "--", "cat", log)
    assert len(list(csv.reader(io.StringIO(read)))) > 1
    listed = ("python", "-m", "zipfile", "--list", archive)
    assert "roster/pupils.csv" in kube.run("exec", "deployment/operator", "--", *listed)
    kube.run("exec", "deployment/operator", "--", "rm", archive, log)


async def test_people_are_signed_out(kube: Kube, school: School, admin: Api) -> None:
    await admin.get("/api/home")
    kube.operator("incident", "sign-everyone-out", "--school", school.name)

    async def is_out() -> bool:
        try:
            await admin.get("/api/home")
        except httpx.HTTPStatusError as error:
            return error.response.status_code == httpx.codes.UNAUTHORIZED
        return False

    await eventually(is_out, seconds=60)


def test_the_steps_run_again_as_for_an_upgrade(kube: Kube) -> None:
    """With the version that is there: what was set up stays as it is."""
    folder = os.environ.get(APPLIED)
    if not folder:
        pytest.skip(f"{APPLIED} names no folder that was applied")
    step = "app.kubernetes.io/component=step"
    kube.run("delete", "jobs", "--selector", step, "--ignore-not-found")
    # What kubectl could say of it was said when it was applied; the API server looks at it again.
    kube.run("apply", "--validate=false", "-k", folder)
    kube.run("scale", "deployment/operator", "--replicas=1")
    ended = ("wait", "job", "--selector", step, "--for=condition=Complete", "--timeout=15m")
    kube.run(*ended, seconds=960)
    kube.run(*ALL_ARE_READY, seconds=READY_SECONDS + 60)


def test_secrets_are_brought_again_and_set(kube: Kube) -> None:
    mark = f"force-sync={secrets.token_hex(4)}"
    kube.run("annotate", "externalsecret", "--all", mark, "--overwrite")
    synced = ("wait", "externalsecret", "--all", "--for=condition=Ready", "--timeout=2m")
    kube.run(*synced)


async def test_one_of_each_kind_is_lost_and_nothing_with_it(kube: Kube, school: School) -> None:
    """Databases and broker too: everybody is back, and what was there is there."""
    before = {pod["metadata"]["uid"] for pod in kube.all("pods") if _stays(pod)}
    kube.run("delete", "pods", "--selector", "app.kubernetes.io/part-of=classroom", "--wait=false")
    kube.run("delete", "pods", "--selector", "cnpg.io/cluster", "--wait=false")
    kube.run("delete", "pods", "--selector", "app.kubernetes.io/name=rabbitmq", "--wait=false")

    async def new() -> list[str]:
        pods = [pod for pod in await asyncio.to_thread(kube.all, "pods") if _stays(pod)]
        return [
            pod["metadata"]["name"]
            for pod in pods
            if pod["metadata"]["uid"] in before or not _ready(pod)
        ]

    await eventually(new, lambda left: not left, seconds=READY_SECONDS)
    async with kube.visitor() as api:
        await api.sign_in(school.admin, PASSWORD)
        assert len(await api.everything("/api/pupils")) == PUPILS
        await _import_pupils(api, first=PUPILS)
        assert len(await api.everything("/api/pupils")) == 2 * PUPILS
    twice = {name: 2 * count for name, count in COPIED.items()}
    await eventually(
        lambda: asyncio.to_thread(_copied, kube, school), lambda n: n == twice, seconds=120
    )
    assert "None waits" in kube.operator("dead-letters", "list")


def _stays(pod: dict[str, Any]) -> bool:
    """No step, which ends."""
    return pod["status"]["phase"] != "Succeeded" and not any(
        owner["kind"] == "Job" for owner in pod["metadata"].get("ownerReferences", ())
    )


def _ready(pod: dict[str, Any]) -> bool:
    conditions = pod["status"].get("conditions", ())
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


async def _import_pupils(api: Api, first: int = 0) -> None:
    rows = [["Surname", "Forename", "Date of birth", "Sex", "Year group", "Class"]]
    for number in range(first, first + PUPILS):
        year = 1 + number % 6
        born = f"{1 + number % 28:02}/10/{2021 - year - 5}"
        rows.append([f"Reed{number}", "Jo", born, "F", str(year), f"{year}A"])
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    file = {"params": {"file_name": "pupils.csv"}, "content": text.getvalue().encode()}
    made = (await api.ask("POST", "/api/pupil-imports", **file)).json()
    how = {
        "columns": [{"column": one["column"], "field": one["field"]} for one in made["columns"]],
        **{"scope": "partial", "date_order": "dmy", "classes": "add", "make_classes": True},
    }
    path = f"/api/pupil-imports/{made['id']}"
    seen = (await api.ask("PUT", f"{path}/preview", json=how)).json()
    await api.post(f"{path}/confirmation", {"expected_version": seen["version"]})


def _copied(kube: Kube, school: School) -> dict[str, int]:
    """How many pupils each service has that is told of them, by the export of the school."""
    kube.operator("school", "export", "--school", school.name, "--to", "/tmp/school.zip")  # noqa: S108
    counted = kube.run("exec", "deployment/operator", "--", "python", "-c", ROWS, *COPIED)
    return dict(zip(COPIED, map(int, counted.split()), strict=True))
