"""What a process is told by its environment."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.mis_sync.settings import Settings as MisSyncSettings
from services.reports.settings import Settings as ReportsSettings
from services.roster.settings import Settings as RosterSettings

REQUIRED = {
    "CLASSROOM_DATABASE_URL": "postgresql://roster_service@db/roster",
    "CLASSROOM_RABBITMQ_URL": "amqp://broker/classroom",
    "CLASSROOM_PRINCIPAL_PUBLIC_KEY_FILE": "/keys.json",
    "CLASSROOM_MIS_RABBITMQ_URL": "amqp://broker/mis",
    "CLASSROOM_CONNECTOR_BROKER_URL": "amqp://broker/mis",
    "CLASSROOM_FILES_URL": "memory:///",
}


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name, value)


class TestRoles:
    def test_are_all_that_the_service_has_where_none_is_named(self) -> None:
        assert ReportsSettings().roles == {"http", "consumer", "relay", "printer", "scheduler"}
        assert RosterSettings().roles == {"http", "consumer", "relay", "scheduler"}
        assert MisSyncSettings().roles == {"http", "consumer", "relay", "scheduler"}

    def test_are_those_that_are_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CLASSROOM_ROLES", "http, relay")
        assert RosterSettings().roles == {"http", "relay"}

    def test_that_the_service_does_not_have_are_refused(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CLASSROOM_ROLES", "http,printer")
        with pytest.raises(ValidationError, match="no such role: printer"):
            RosterSettings()


class TestSecrets:
    def test_are_files_where_the_environment_does_not_say(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.delenv("CLASSROOM_DATABASE_URL")
        monkeypatch.setenv("CLASSROOM_SECRETS_DIR", str(tmp_path))
        (tmp_path / "classroom_database_url").write_text("postgresql://x:secret@db/roster\n")
        assert RosterSettings().database_url == "postgresql://x:secret@db/roster"

    def test_the_environment_goes_before_the_file(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("CLASSROOM_SECRETS_DIR", str(tmp_path))
        (tmp_path / "classroom_database_url").write_text("postgresql://elsewhere")
        assert RosterSettings().database_url == REQUIRED["CLASSROOM_DATABASE_URL"]
