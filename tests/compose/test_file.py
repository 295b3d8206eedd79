"""`docker-compose.yml` and what is handed out, held against what the code asks for: no engine."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Any

import pytest

from deploy.compose.handing_out import hand_out
from deploy.local.state import State
from gateway.settings import Settings as GatewaySettings
from services.identity.settings import Settings as IdentitySettings
from services.mis_sync.settings import ProvisionerSettings
from services.mis_sync.settings import Settings as MisSyncSettings
from services.reports.settings import Settings as ReportsSettings
from services.roster.settings import Settings as RosterSettings
from shared.database.provision import SERVICES
from shared.web.process import ProcessSettings, ServiceSettings
from tests.compose.file import SERVICES_OF_FILE

PROCESSES: dict[str, type[ProcessSettings]] = {
    "gateway": GatewaySettings,
    "identity": IdentitySettings,
    "identity-worker": IdentitySettings,
    "mis-sync": MisSyncSettings,
    "mis-sync-worker": MisSyncSettings,
    "provisioner": ProvisionerSettings,
    "reports": ReportsSettings,
    "reports-worker": ReportsSettings,
    "roster": RosterSettings,
    "roster-worker": RosterSettings,
}


@pytest.fixture
def handed(tmp_path: Path) -> Path:
    folder = tmp_path / "handed-out"
    for service in SERVICES_OF_FILE.values():
        (folder / _folder_of(service)).mkdir(parents=True, exist_ok=True)
    hand_out(State(tmp_path / "home"), folder)
    return folder


def _folder_of(service: dict[str, Any]) -> str:
    """Which of the handed-out folders a container sees at `/run/secrets`."""
    mounts = [each for each in service.get("volumes", []) if isinstance(each, dict)]
    sources = [each["source"] for each in mounts if each["target"] == "/run/secrets"]
    return sources[0].removeprefix("secrets-") if sources else "none"


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_is_told_all_that_it_asks_for(
    process: str, handed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = SERVICES_OF_FILE[process]
    secrets = handed / _folder_of(service)
    monkeypatch.setenv("CLASSROOM_SECRETS_DIR", str(secrets))
    for name, value in service["environment"].items():
        monkeypatch.setenv(name, str(value).replace("/run/secrets", str(secrets)))
    settings = PROCESSES[process]()
    files = [value for _, value in settings if isinstance(value, Path)]
    frontend = Path("frontend/dist")  # the image's own
    assert all(path.read_bytes() for path in files if path != frontend)


@pytest.mark.parametrize("service", SERVICES)
def test_the_roles_of_a_service_are_shared_out_among_its_containers(service: str) -> None:
    name = service.replace("_", "-")
    settings = PROCESSES[name]
    assert issubclass(settings, ServiceSettings)
    roles = [
        set(SERVICES_OF_FILE[process]["environment"]["CLASSROOM_ROLES"].split(","))
        for process in (name, f"{name}-worker")
    ]
    assert not roles[0] & roles[1]
    assert roles[0] | roles[1] == settings.ROLES


def test_what_is_published_is_published_on_this_machine_only() -> None:
    ports = [port for service in SERVICES_OF_FILE.values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_every_image_has_a_version() -> None:
    images = {service["image"] for service in SERVICES_OF_FILE.values()}
    assert [image for image in images if not re.search(r":(?!latest)[\w.-]+$", image)] == []


def test_secrets_are_the_same_when_they_are_handed_out_again(handed: Path, tmp_path: Path) -> None:
    before = {path: path.read_text() for path in handed.rglob("*") if path.is_file()}
    lost = handed / "identity" / "pepper"
    lost.unlink()
    hand_out(State(tmp_path / "home"), handed)
    assert {path: path.read_text() for path in handed.rglob("*") if path.is_file()} == before


def test_only_the_servers_secrets_can_be_read_by_others(handed: Path) -> None:
    """Their images run as users whose numbers are not ours to choose."""
    open_to_all = {
        path.parent.name
        for path in handed.rglob("*")
        if path.is_file() and path.stat().st_mode & stat.S_IROTH
    }
    assert open_to_all == {"postgresql", "rabbitmq"}
