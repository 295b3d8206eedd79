"""The connector is installed alone: its own package, the contract, and nothing else of ours."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from deploy.local.commands.connector import TRUSTING, build_wheel
from services.mis_sync.connectors.demo_school.export import write_export
from services.mis_sync.connectors.demo_school.school import demo_school

UV = shutil.which("uv") or str(Path(__file__).resolve().parents[3] / ".classroom/tools/uv/bin/uv")
NOT_NEEDED = {"fastapi", "faststream", "asyncpg", "structlog", "alembic", "psycopg", "uvicorn"}


@pytest.mark.skipif(not Path(UV).exists(), reason="uv builds and installs it")
def test_it_is_installed_without_the_services_and_reads_an_export(tmp_path: Path) -> None:
    wheel = build_wheel(tmp_path / "dist")
    folders = {str(Path(name).parent) for name in zipfile.ZipFile(wheel).namelist()}
    ours = {folder for folder in folders if not folder.endswith(".dist-info")}
    allowed = ("services/mis_sync/connectors", "shared/contracts")
    assert all(folder.startswith(allowed) for folder in ours), ours

    venv = tmp_path / "venv"
    run(UV, "venv", "--quiet", str(venv))
    run(UV, "pip", "install", "--quiet", "--python", str(venv / "bin/python"), str(wheel))
    listed = run(UV, "pip", "list", "--python", str(venv / "bin/python"), "--format", "json")
    assert not NOT_NEEDED & {package["name"] for package in json.loads(listed)}

    export = tmp_path / "export.zip"
    write_export(demo_school(2026, 2026, 0), export, zipped=True)
    for command in ("push", "run"):
        shown = run(
            *(str(venv / "bin/classroom-connector"), command, "--dry-run"),
            *("--kind", "oneroster-csv", str(export)),
            folder=tmp_path,
        )
        assert "Nothing was published" in shown
        assert "420 pupils (all there are)" in shown
    imports = "import services.mis_sync.connectors.daemon as d; print(d.__file__)"
    where = run(str(venv / "bin/python"), "-I", "-c", imports, folder=tmp_path)
    assert where.startswith(str(venv))


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
