"""`push` and the demo school as a technician runs them: words, exit codes, JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from services.mis_sync.connectors.cli import ExitCode, app
from shared.contracts.envelope import Event
from shared.contracts.mis import PupilRecord, SnapshotChunk, SnapshotEnd
from tests.mis_sync.connectors.csv_files import small_tables
from tests.mis_sync.connectors.ctf_files import SMALL, write_ctf
from tests.mis_sync.connectors.doubles.oneroster import (
    SECRET,
    OneRosterService,
    collections_of,
)
from tests.mis_sync.connectors.exports import small_export, write_folder, write_zip
from tests.mis_sync.connectors.test_credentials import CONTENT

ROOT = Path(__file__).resolve().parents[3]
_ALONE = """
import importlib.abc, runpy, sys
class Nothing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"asyncpg", "fastapi", "faststream", "alembic"} or (
            name.startswith("shared.") and not name.startswith("shared.contracts")
        ):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Nothing())
runpy.run_module("services.mis_sync.connectors", run_name="__main__")
"""


def _run(
    *arguments: str | Path, code: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    program = ["-c", code] if code else ["-m", "services.mis_sync.connectors"]
    return subprocess.run(
        [sys.executable, *program, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_zip(small_export(), tmp_path / "export.zip")


def test_a_dry_run_tells_what_it_would_publish(export: Path) -> None:
    done = _run("push", "--kind", "oneroster-csv", "--dry-run", export)
    assert done.returncode == ExitCode.DONE, done.stderr
    assert "OneRoster 1.2 from Test MIS, school year 2026/27" in done.stdout
    assert "2 pupils (all there are)" in done.stdout
    assert "1 × pupils without a UPN" in done.stdout
    assert '"legal_surname":"O\'Neill"' in done.stdout
    assert "Nothing was published" in done.stdout


def test_a_dry_run_as_json_has_all_of_it(export: Path) -> None:
    snapshot_id = str(uuid4())
    done = _run(
        "push",
        "--kind",
        "oneroster-csv",
        "--dry-run",
        "--json",
        "--snapshot-id",
        snapshot_id,
        export,
    )
    told = json.loads(done.stdout)
    assert told["published"] is False
    assert told["snapshot_id"] == snapshot_id
    assert told["counts"] == {
        "pupil": 2, "staff": 1, "group": 2, "membership": 3, "teaching": 1,
        "contact": 0, "relationship": 0,
    }  # fmt: skip
    assert told["complete"] == ["group", "membership", "pupil", "staff", "teaching"]
    assert told["remarks"][0]["remark"] == "pupil_without_upn"
    _, chunk, end = told["messages"]
    assert len(Event[SnapshotChunk].model_validate(chunk).data.records) == 9
    assert Event[SnapshotEnd].model_validate(end).data.chunks == 1


def test_it_runs_without_the_services(export: Path) -> None:
    done = _run("push", "--kind", "oneroster-csv", "--dry-run", export, code=_ALONE)
    assert done.returncode == ExitCode.DONE, done.stderr
    assert "2 pupils" in done.stdout


def test_a_common_transfer_file_is_shown_for_what_it_is(tmp_path: Path) -> None:
    path = write_ctf(SMALL, tmp_path)
    done = _run("push", "--kind", "ctf", "--org", "823/2001", "--dry-run", path, code=_ALONE)
    assert done.returncode == ExitCode.DONE, done.stderr
    assert "Common Transfer File 25.0 from Test MIS, school year 2026/27" in done.stdout
    assert "Its pupils come to this school (823/2001) from another." in done.stdout
    assert "2 pupils (changes only)" in done.stdout
    assert "0 groups (nothing is said of any)" in done.stdout


def test_a_web_service_is_shown_and_its_secret_is_not(tmp_path: Path) -> None:
    service = OneRosterService(collections_of([PupilRecord(mis_id="p1", legal_surname="N")], "1.2"))
    path = tmp_path / "oneroster.toml"
    with service.double() as double:
        fields = service.configuration(double, client_secret=None)
        lines = [f"{name} = {json.dumps(v)}" for name, v in fields.items() if v is not None]
        path.write_text("\n".join(lines))
        path.chmod(0o600)
        secret = {"ONEROSTER_CLIENT_SECRET": SECRET}
        shown = ("push", "--kind", "oneroster-rest", "--dry-run")
        done = _run(*shown, path, code=_ALONE, **secret)
        changed = _run(*shown, "--since", "2026-11-24T03:00:00Z", path, code=_ALONE, **secret)
    assert done.returncode == ExitCode.DONE, done.stderr
    assert "OneRoster service 1.2 from 127.0.0.1" in done.stdout
    assert "1 pupils (all there are)" in done.stdout
    assert SECRET not in done.stdout + done.stderr
    assert "0 pupils (nothing is said of any)" in changed.stdout
    without = _run(*shown, path)
    assert without.returncode == ExitCode.EXPORT_REFUSED
    assert "the environment has no ONEROSTER_CLIENT_SECRET" in without.stderr


def test_plain_tables_are_shown_as_what_they_are_said_to_be(tmp_path: Path) -> None:
    path = write_folder(small_tables(), tmp_path)
    done = _run(
        *("push", "--kind", "csv", "--complete", "pupils", "--complete", "links"),
        *("--academic-year", "2026/27", "--dry-run", "--json", path),
        code=_ALONE,
    )
    told = json.loads(done.stdout)
    assert told["complete"] == ["membership", "pupil", "teaching"]
    assert told["academic_year"] == "2026/27"
    assert told["about"][0] == "pupils: 2 rows in pupils.csv, said to be complete."
    assert told["counts"]["teaching"] == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--kind", "ctf", "--complete", "pupils"), "means nothing for ctf"),
        (("--kind", "csv", "--org", "8232001"), "means nothing for csv"),
        (("--kind", "oneroster-csv", "--dates", "dmy"), "means nothing for oneroster-csv"),
        (("--kind", "csv", "--academic-year", "2026/28"), "written like 2026/27"),
    ],
)
def test_an_option_that_would_be_passed_over_is_wrong_use(
    arguments: tuple[str, ...], says: str
) -> None:
    done = CliRunner().invoke(app, ["push", *arguments, "--dry-run", "nowhere"])
    assert done.exit_code == ExitCode.WRONG_USE
    assert says in done.output


def test_a_refused_export_is_told_with_its_places(tmp_path: Path) -> None:
    files = small_export()
    files["enrollments.csv"] = files["enrollments.csv"].replace(
        "e2,c1,org,p2,student,,,", "e2,c1,org,p2,student,,,soon"
    )
    done = _run("push", "--kind", "oneroster-csv", "--dry-run", write_folder(files, tmp_path))
    assert done.returncode == ExitCode.EXPORT_REFUSED
    assert "enrollments.csv, line 3, column endDate: soon is not a date" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_publishing_needs_credentials(export: Path) -> None:
    done = _run("push", "--kind", "oneroster-csv", export)
    assert done.returncode == ExitCode.WRONG_USE
    assert "--credentials" in done.stderr


def test_a_credentials_file_that_is_none_is_told(export: Path, tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    path.write_text("{}")
    done = _run("push", "--kind", "oneroster-csv", "--credentials", path, export)
    assert done.returncode == ExitCode.CREDENTIALS_REFUSED
    assert "not a valid credentials file" in done.stderr


def test_a_broker_that_is_away_is_told(export: Path, tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    path.write_text(json.dumps({**CONTENT, "url": "amqp://127.0.0.1:1/mis"}))
    path.chmod(0o600)
    done = _run("push", "--kind", "oneroster-csv", "--patience", "0", "--credentials", path, export)
    assert done.returncode == ExitCode.BROKER_AWAY
    assert "127.0.0.1:1 cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_credentials_file_open_to_others_is_warned_of(export: Path, tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    path.write_text(json.dumps(CONTENT))
    path.chmod(0o644)
    done = _run("push", "--kind", "oneroster-csv", "--dry-run", "--credentials", path, export)
    assert done.returncode == ExitCode.DONE
    assert "chmod 600" in done.stderr


def test_the_demo_school_is_written_with_what_is_expected_of_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable, "-m", "services.mis_sync.connectors.demo_school",
            tmp_path / "export.zip", "--zip", "--day", "2",
            "--expectations", tmp_path / "expected.json",
        ],
        cwd=ROOT,
        check=True,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == 0
    expected = json.loads((tmp_path / "expected.json").read_text(encoding="utf-8"))
    assert expected["school"]["name"] == "Heron Park Primary School"
    assert [night["day"] for night in expected["nights"]] == [1, 2]
    told = _run("push", "--kind", "oneroster-csv", "--dry-run", "--json", tmp_path / "export.zip")
    assert json.loads(told.stdout)["counts"]["pupil"] == expected["counts"]["pupils"]


def test_an_academic_year_that_is_none_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable, "-m", "services.mis_sync.connectors.demo_school",
            tmp_path / "x", "--academic-year", "2026/28",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == ExitCode.WRONG_USE
    assert "2026/27" in done.stderr
