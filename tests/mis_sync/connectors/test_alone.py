"""The connector is installed alone: its own package, the contract, and nothing else of ours."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from deploy.local.commands.connector import TRUSTING, build_wheel
from deploy.local.state import CHECKOUT
from services.mis_sync.connectors.cli import ExitCode
from services.mis_sync.connectors.demo_school.export import write_export
from services.mis_sync.connectors.demo_school.school import demo_school
from services.mis_sync.connectors.snapshot import AnyRecord
from shared.contracts.mis import GroupRecord, MembershipRecord, PupilRecord
from shared.contracts.vocabulary import GroupKind
from tests.eventually import eventually
from tests.mis_sync.connectors.csv_files import small_tables
from tests.mis_sync.connectors.ctf_files import SMALL, write_ctf
from tests.mis_sync.connectors.doubles.oneroster import OneRosterService, collections_of
from tests.mis_sync.connectors.doubles.server import Double
from tests.mis_sync.connectors.doubles.wonde import WondeService, lists_of
from tests.mis_sync.connectors.exports import write_folder
from tests.mis_sync.mis import upn
from tests.mis_sync.world import SchoolInTest

UV = shutil.which("uv") or str(Path(__file__).resolve().parents[3] / ".classroom/tools/uv/bin/uv")
NOT_NEEDED = {"fastapi", "faststream", "asyncpg", "structlog", "alembic", "psycopg", "uvicorn"}


pytestmark = pytest.mark.skipif(not Path(UV).exists(), reason="uv builds and installs it")


@pytest.fixture(scope="module")
def venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment, away from the checkout, with the wheel and what that needs."""
    folder = tmp_path_factory.mktemp("alone")
    wheel = build_wheel(folder / "dist")
    folders = {str(Path(name).parent) for name in zipfile.ZipFile(wheel).namelist()}
    ours = {folder for folder in folders if not folder.endswith(".dist-info")}
    allowed = ("services/mis_sync/connectors", "shared/contracts")
    assert all(folder.startswith(allowed) for folder in ours), ours
    venv = folder / "venv"
    run(UV, "venv", "--quiet", str(venv))
    run(UV, "pip", "install", "--quiet", "--python", str(venv / "bin/python"), str(wheel))
    return venv


def test_its_sdist_builds_the_same_wheel_with_nothing_else(venv: Path, tmp_path: Path) -> None:
    """As for whoever installs from source: `uv build` makes the second of the first."""
    [whole] = (venv.parent / "dist").glob("*.whl")
    run(UV, "build", "--quiet", str(CHECKOUT / "deploy/connector"), "--out-dir", str(tmp_path))
    [sdist], [again] = tmp_path.glob("*.tar.gz"), tmp_path.glob("*.whl")
    assert contents(again) == contents(whole)
    with tarfile.open(sdist) as archive:
        told = archive.extractfile(f"{sdist.name.removesuffix('.tar.gz')}/PKG-INFO")
        assert told is not None
        facts = told.read().decode()
    assert "License-Expression: LicenseRef-Proprietary" in facts
    assert "# classroom-connector" in facts


def contents(wheel: Path) -> dict[str, int]:
    """Each file with what it holds, but for the list of them."""
    files = zipfile.ZipFile(wheel).infolist()
    return {file.filename: file.CRC for file in files if not file.filename.endswith("RECORD")}


def test_it_is_installed_without_the_services_and_reads_an_export(
    venv: Path, tmp_path: Path
) -> None:
    listed = run(UV, "pip", "list", "--python", str(venv / "bin/python"), "--format", "json")
    assert not NOT_NEEDED & {package["name"] for package in json.loads(listed)}
    export = tmp_path / "export.zip"
    write_export(demo_school(2026, 2026, 0), export, zipped=True)
    shown = connector(venv, "run", "--dry-run", "--kind", "oneroster-csv", export)
    assert "Nothing was published" in shown
    assert "420 pupils (all there are)" in shown
    imports = "import services.mis_sync.connectors.daemon as d; print(d.__file__)"
    where = run(str(venv / "bin/python"), "-I", "-c", imports, folder=tmp_path)
    assert where.startswith(str(venv))
    for command in ("push", "run"):
        assert "--dry-run" in connector(venv, command, "--help")


def test_each_kind_shows_what_it_would_publish(venv: Path, tmp_path: Path) -> None:
    """Also the two that ask a service, which nothing of ours is installed for."""
    records: list[AnyRecord] = [
        PupilRecord(mis_id="A1", upn=upn(1), legal_forename="Maya", legal_surname="Patel"),
        GroupRecord(mis_id="A2", name="3 Blue", group_kind=GroupKind.CLASS),
        MembershipRecord(pupil_mis_id="A1", group_mis_id="A2"),
    ]
    collections = collections_of(records, "1.1")
    xporter, wonde = (
        OneRosterService(collections, "1.1", xporter=True),
        WondeService(lists_of(records)),
    )
    with xporter.double() as xporters, wonde.double() as wondes:
        services: list[tuple[str, OneRosterService | WondeService, Double]] = [
            ("oneroster-rest", xporter, xporters),
            ("wonde", wonde, wondes),
        ]
        for kind, service, double in services:
            configuration = tmp_path / f"{kind}.json"
            configuration.write_text(json.dumps(service.configuration(double)))
            shown = connector(venv, "push", "--dry-run", "--kind", kind, configuration)
            assert "1 pupils" in shown, shown
            assert "Nothing was published" in shown
    tables = write_folder(small_tables(), tmp_path / "tables")
    transfer = write_ctf(SMALL, tmp_path)
    for kind, path in (("csv", tables), ("ctf", transfer)):
        shown = connector(venv, "push", "--dry-run", "--kind", kind, path)
        assert "Nothing was published" in shown


async def test_it_publishes_to_a_real_broker_and_the_school_has_its_pupils(
    venv: Path, school: SchoolInTest, tmp_path: Path
) -> None:
    """And where the link is renewed it says so, by its exit code too."""
    assert school.credentials is not None
    file = tmp_path / "credentials.json"
    file.write_text(json.dumps(school.credentials.file_content()))
    file.chmod(0o600)
    export = tmp_path / "export.zip"
    write_export(demo_school(2026, 2026, 0), export, zipped=True)
    words = ("push", "--kind", "oneroster-csv", "--credentials", file, export)
    said = await asyncio.to_thread(connector, venv, *words)
    assert "Published as snapshot" in said
    [run] = await eventually(school.runs, lambda runs: runs and runs[0]["state"] == "closed")
    assert run["counts"]["pupils_created"] == 414
    seen = (await school.get("/link"))["connector"]["id"]
    answer = await school.ask("POST", "/link/renew", json={"connector_id": seen})
    assert answer.status_code == 201

    async def pushed() -> str:
        return await asyncio.to_thread(connector, venv, *words, code=ExitCode.BROKER_REFUSED)

    await eventually(school.link_state, lambda state: state != "provisioning")
    assert "download new credentials" in await pushed()


def connector(venv: Path, *words: str | Path, code: int = 0) -> str:
    """From a folder in which nothing of the checkout is; what it says, to either side."""
    done = subprocess.run(
        [str(venv / "bin/classroom-connector"), *map(str, words)],
        env={"PATH": os.defpath, "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        cwd=venv.parent,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def run(*command: str, folder: Path | None = None) -> str:
    done = subprocess.run(
        command,
        env={**os.environ, **TRUSTING},
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
