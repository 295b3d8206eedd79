"""`docker-compose.yml` and what is handed out, held against what the code asks for: no engine."""

from __future__ import annotations

import base64
import hashlib
import importlib
import json
import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from deploy.compose.handing_out import broker_admin_password, hand_out
from deploy.local.broker_setup import UNDELIVERABLE
from deploy.local.state import State
from gateway.settings import Settings as GatewaySettings
from services.identity.settings import Settings as IdentitySettings
from services.mis_sync.settings import ProvisionerSettings
from services.mis_sync.settings import Settings as MisSyncSettings
from services.reports.settings import Settings as ReportsSettings
from services.roster.settings import Settings as RosterSettings
from shared.contracts.topology import INBOUND_QUEUE, QUEUES
from shared.database.provision import SERVICES
from shared.messaging import runtime
from shared.tabular.apart import SIDE_BY_SIDE
from shared.tabular.reader import MEMORY_BYTES
from shared.web import process as web
from shared.web.process import ProcessSettings, ServiceSettings
from tests.compose.file import CHECKOUT, SERVICES_OF_FILE

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

OF_A_SERVICE = 400
"""In megabytes: roster, while it looks through 50,000 rows, takes 300."""


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
        told = "" if value is None else str(value)
        monkeypatch.setenv(name, told.replace("/run/secrets", str(secrets)))
    settings = PROCESSES[process]()
    files = [value for _, value in settings if isinstance(value, Path)]
    frontend = Path("frontend/dist")  # the image's own
    assert all(path.read_bytes() for path in files if path != frontend)


def test_half_a_key_of_the_object_store_is_refused_at_once(
    handed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be found out with the first file."""
    (handed / "reports" / "classroom_files_secret_access_key").unlink()
    monkeypatch.setenv("CLASSROOM_SECRETS_DIR", str(handed / "reports"))
    with pytest.raises(ValueError, match="an access key and its secret go together"):
        ReportsSettings(files_url="s3://classroom", principal_public_key_file=Path("keys"))


@pytest.mark.parametrize("service", SERVICES)
def test_an_operator_has_a_service_tell_again_from_its_container(
    service: str, handed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what the container has been handed, and nothing in its environment."""
    monkeypatch.setenv("CLASSROOM_SECRETS_DIR", str(handed / service.replace("_", "-")))
    republish = importlib.import_module(f"services.{service}.republish")
    assert republish._Settings().database_url.startswith(f"postgresql://{service}")


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


@pytest.mark.parametrize("process", PROCESSES)
def test_a_container_is_given_longer_to_end_than_its_process_takes(process: str) -> None:
    """First the answers in hand, then each set of consumers, one after the other."""
    service = SERVICES_OF_FILE[process]
    roles = service["environment"].get("CLASSROOM_ROLES", "http").split(",")
    consumers = len({"consumer", "printer"}.intersection(roles))
    takes = consumers * (runtime._GRACEFUL_SECONDS + runtime._CUT_OFF_SECONDS)
    if "http" in roles:
        takes += web._GRACEFUL_SECONDS
    assert float(service["stop_grace_period"].removesuffix("s")) > takes > 0


def test_every_container_has_limits_and_keeps_little_of_what_it_says() -> None:
    for name, service in SERVICES_OF_FILE.items():
        limits = service["deploy"]["resources"]["limits"]
        assert set(limits) == {"memory", "pids"}, name
        assert service["logging"]["options"] == {"max-size": "10m", "max-file": "3"}, name
        assert service["restart"] in ("no", "unless-stopped", "on-failure:5"), name


@pytest.mark.parametrize("process", ["identity", "reports", "roster"])
def test_a_container_holds_what_reads_uploads_beside_the_service(process: str) -> None:
    """R10: else a hostile workbook ends everything in it."""
    limit = SERVICES_OF_FILE[process]["deploy"]["resources"]["limits"]["memory"]
    megabytes = int(limit[:-1]) * {"g": 1024, "m": 1}[limit[-1]]
    assert megabytes >= SIDE_BY_SIDE * MEMORY_BYTES // 1024**2 + OF_A_SERVICE


def test_the_broker_boots_with_every_queue_bound_and_under_a_policy(handed: Path) -> None:
    """Of the definitions that are handed out to it; of users it has only its administrator."""
    definitions = json.loads((handed / "rabbitmq" / "definitions.json").read_text())
    expected = {queue.name for queue in QUEUES} | {INBOUND_QUEUE}
    queues = {(q["vhost"], q["name"]) for q in definitions["queues"] if q["name"] != UNDELIVERABLE}
    assert {name for _, name in queues} == expected
    bound = {(each["vhost"], each["destination"]) for each in definitions["bindings"]}
    assert queues <= bound
    for vhost, name in queues:
        policies = [
            policy
            for policy in definitions["policies"]
            if policy["vhost"] == vhost and re.search(policy["pattern"], name)
        ]
        assert len(policies) == 1, name
        assert policies[0]["definition"]["dead-letter-exchange"] == UNDELIVERABLE
    assert [user["name"] for user in definitions["users"]] == ["classroom_admin"]


def test_the_broker_is_told_no_password_but_what_proves_one(handed: Path, tmp_path: Path) -> None:
    password = broker_admin_password(State(tmp_path / "home"))
    text = (handed / "rabbitmq" / "definitions.json").read_text()
    assert password not in text + (handed / "rabbitmq" / "rabbitmq.conf").read_text()
    said = base64.b64decode(json.loads(text)["users"][0]["password_hash"])
    assert said[4:] == hashlib.sha256(said[:4] + password.encode()).digest()


def test_every_folder_that_is_handed_out_is_one_that_the_step_may_write_to() -> None:
    """A new volume takes its owner from the image's folder; without one it is root's."""
    recipe = (CHECKOUT / "deploy/images/Dockerfile").read_text(encoding="utf-8")
    listed = recipe.split("RUN for process in", 1)[1].split("; do", 1)[0]
    made = set(listed.replace("\\", " ").split())
    volumes = SERVICES_OF_FILE["secrets"]["volumes"]
    mounted = {
        volume.rpartition("/")[2] for volume in volumes if ":/run/handed-out/" in str(volume)
    }
    assert mounted == made


@pytest.mark.skipif(shutil.which("docker") is None, reason="no container engine is installed")
def test_compose_itself_reads_the_file_as_these_tests_do() -> None:
    """Needs the program, and no engine."""
    command = ["docker", "compose", "--profile", "*", "config", "--format", "json"]
    if subprocess.run([*command[:2], "version"], capture_output=True, check=False).returncode:
        pytest.skip("Docker Compose is not installed")
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=CHECKOUT)
    config = json.loads(told.stdout)
    assert set(config["services"]) == set(SERVICES_OF_FILE)
    for name, service in config["services"].items():
        limits = service["deploy"]["resources"]["limits"]
        assert int(limits["memory"]) >= 256 << 20, name
        for port in service.get("ports", []):
            assert port["host_ip"] == "127.0.0.1", name
    kept_apart = {name for name, network in config["networks"].items() if network.get("internal")}
    assert kept_apart == {"data", "files"}


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
    assert open_to_all == {"postgresql", "postgresql-exporter", "rabbitmq"}
