"""The cluster is told what Compose is told, has every role that it has, and the same secrets."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from deploy.compose.handing_out import hand_out
from deploy.kubernetes import addresses
from deploy.kubernetes.keeping import make
from deploy.local.broker_users import BrokerNames, broker_users
from deploy.local.secrets_kept import role_passwords
from deploy.local.state import State
from gateway.settings import Settings as GatewaySettings
from services.identity.settings import Settings as IdentitySettings
from services.mis_sync.settings import ProvisionerSettings
from services.mis_sync.settings import Settings as MisSyncSettings
from services.reports.settings import Settings as ReportsSettings
from services.roster.settings import Settings as RosterSettings
from shared.database.provision import SERVICES, doors_of
from shared.web.process import ProcessSettings, ServiceSettings
from tests.compose.file import SERVICES_OF_FILE
from tests.kubernetes.manifests import FOLDER, OVERLAYS, Pod, rendered

SETTINGS: dict[str, type[ProcessSettings]] = {
    "gateway": GatewaySettings,
    "identity": IdentitySettings,
    "mis-sync": MisSyncSettings,
    "reports": ReportsSettings,
    "roster": RosterSettings,
}
OF_A_CLUSTER = {
    "CLASSROOM_METRICS_HOST",
    "CLASSROOM_METRICS_PORT",
    "CLASSROOM_FILES_ENDPOINT",
    "CLASSROOM_SMTP_SECURITY",
}
"""What the one or the other may go without: metrics, an object store of others, and how the mail
server is entered, where it is not as most are."""
OF_A_STORE = {"classroom_files_access_key_id", "classroom_files_secret_access_key"}
OF_MAIL = {"classroom_smtp_login"}
"""With `components/mail-login` in a cluster."""
KEPT_OUTSIDE = {
    "files-access-key-id",
    "files-secret-access-key",
    "backups-access-key-id",
    "backups-secret-access-key",
}
"""What the object stores are opened with: made by those who run them."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def kept(home: Path) -> dict[str, str]:
    return make(home)


@pytest.fixture(scope="module")
def handed(home: Path, kept: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Compose would hand out of the same secrets."""
    folder = tmp_path_factory.mktemp("handed-out")
    for process in (*(s.replace("_", "-") for s in SERVICES), "provisioner", "gateway"):
        (folder / process).mkdir()
    for name in (
        "postgresql",
        "postgresql-exporter",
        "rabbitmq",
        "object-store",
        *(f"migrate-{s.replace('_', '-')}" for s in SERVICES),
    ):
        (folder / name).mkdir()
    hand_out(State(home), folder)
    return folder


def service_of(pod: Pod) -> str:
    return pod.labels["app.kubernetes.io/name"]


def settings_of(pod: Pod) -> type[ProcessSettings]:
    return ProvisionerSettings if pod.role == "provisioner" else SETTINGS[service_of(pod)]


def roles_of(pod: Pod) -> set[str]:
    return {each["value"] for each in pod.main.get("env", []) if each["name"] == "CLASSROOM_ROLES"}


def compose_of(pod: Pod) -> dict[str, Any]:
    """The container of Compose that does the same."""
    if pod.role == "provisioner" or service_of(pod) == "gateway":
        return SERVICES_OF_FILE[pod.name]
    has = [
        SERVICES_OF_FILE[name]
        for name in (service_of(pod), f"{service_of(pod)}-worker")
        if roles_of(pod) <= set(SERVICES_OF_FILE[name]["environment"]["CLASSROOM_ROLES"].split(","))
    ]
    assert len(has) == 1
    return has[0]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_role_of_a_service_is_a_deployment(overlay: str) -> None:
    found: dict[str, list[str]] = {}
    for pod in rendered(overlay).processes().values():
        found.setdefault(service_of(pod), []).extend(roles_of(pod))
        assert roles_of(pod) <= {pod.role}, "a pod's label says its role"
    for service, settings in SETTINGS.items():
        roles = settings.ROLES if issubclass(settings, ServiceSettings) else frozenset()
        assert sorted(found[service]) == sorted(roles)
    ours = {name for name, each in SERVICES_OF_FILE.items() if "build" in each}
    assert ours == found.keys() | {"secrets"}
    assert {f"migrate-{service.replace('_', '-')}" for service in SERVICES} | {"set-up"} == {
        pod.name for pod in rendered(overlay).pods() if pod.role == "step"
    }


def ours_of(told: Iterable[str]) -> set[str]:
    """Where traces go is each one's own."""
    return {name for name in told if name.startswith("CLASSROOM_")} - OF_A_CLUSTER


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_process_does_what_its_container_of_compose_does(overlay: str) -> None:
    for pod in rendered(overlay).processes().values():
        compose = compose_of(pod)
        assert pod.main.get("command") == compose.get("command")
        image = compose["image"].rpartition(":")[0]
        assert pod.main["image"].rpartition(":")[0].endswith(image)
        told = ours_of(rendered(overlay).environment(pod.main))
        assert told == ours_of(compose["environment"]), pod.name
    for service in SERVICES:
        name = f"migrate-{service.replace('_', '-')}"
        assert rendered(overlay).pod(name).main["args"] == SERVICES_OF_FILE[name]["command"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_process_reads_every_secret_that_is_mounted_and_needs_no_other(
    overlay: str, kept: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pod in rendered(overlay).processes().values():
        files = rendered(overlay).files(pod, "secrets", kept)
        folder = written(files, tmp_path / pod.name)
        with monkeypatch.context() as told:
            told.setenv("CLASSROOM_SECRETS_DIR", str(folder))
            for name, value in rendered(overlay).environment(pod.main).items():
                told.setenv(name, value.replace("/run/secrets", str(folder)))
            settings = settings_of(pod)()
        by_path = {
            value.name
            for _, value in settings
            if isinstance(value, Path) and value.parent == folder
        }
        by_name = {
            f"classroom_{name}"
            for name in type(settings).model_fields
            if f"classroom_{name}" in files
        }
        of_a_store = OF_A_STORE if overlay == "cluster" and uses_files(pod) else set()
        assert by_path | by_name | of_a_store == files.keys(), pod.name
        if isinstance(settings, ServiceSettings):
            assert settings.roles == {pod.role}
            assert (settings.relay_database_url is not None) == (pod.role == "relay"), pod.name


def uses_files(pod: Pod) -> bool:
    """Reports' pages read and keep files, its printer makes them, its scheduler deletes them."""
    return service_of(pod) == "reports" and pod.role in ("http", "printer", "scheduler")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_secrets_are_put_together_as_the_code_puts_them_together(
    overlay: str, home: Path, kept: dict[str, str], handed: Path
) -> None:
    for process in ("gateway", "provisioner", *(s.replace("_", "-") for s in SERVICES)):
        compose = {path.name: path.read_text() for path in (handed / process).iterdir()}
        here = rendered(overlay).secret(process, kept)
        same = {
            name: text
            for name, text in compose.items()
            if "database_url" not in name and name not in OF_A_STORE | OF_MAIL
        }
        assert {name: text for name, text in here.items() if "database_url" not in name} == same
    for service in SERVICES:
        name = service.replace("_", "-")
        doors = doors_of(
            addresses.database(service, "unused"), service, role_passwords(State(home), service)
        )
        secrets: Mapping[str, Mapping[str, str]] = {
            secret: rendered(overlay).secret(secret, kept)
            for secret in (name, f"{name}-relay", f"migrate-{name}", f"{name}-db-owner")
        }
        assert secrets[name]["classroom_database_url"] == doors.service
        assert secrets[f"{name}-relay"] == {"classroom_relay_database_url": doors.relay}
        assert secrets[f"migrate-{name}"] == {"classroom_migration_database_url": doors.owner}
        assert secrets[f"{name}-db-owner"] == {
            "username": f"{service}_owner",
            "password": kept[f"{service}-owner"],
        }


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_store_has_what_is_asked_of_it_and_each_secret_is_asked_for(
    overlay: str, kept: dict[str, str]
) -> None:
    asked = {
        each["remoteRef"]["property"]
        for secret in rendered(overlay).of("ExternalSecret")
        for each in secret["spec"]["data"]
    }
    assert kept.keys() == asked - KEPT_OUTSIDE
    assert asked & KEPT_OUTSIDE == (KEPT_OUTSIDE if overlay == "cluster" else set())


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_set_up_is_given_what_it_makes_users_of(overlay: str, kept: dict[str, str]) -> None:
    pod = rendered(overlay).pod("set-up")
    given = rendered(overlay).files(pod, "secrets", kept)
    users = {f"broker-{user.key}" for user in broker_users(BrokerNames())}
    roles = {f"{s}-{part}" for s in SERVICES for part in ("owner", "service", "relay")}
    assert given == {name: kept[name] for name in users | roles}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_administrators_passwords_are_the_set_up_s_alone(overlay: str) -> None:
    """Servers' operators make them; and of a database's authority nobody has the key."""
    for pod in rendered(overlay).pods():
        sources = [
            source["secret"]
            for volume in pod.spec["volumes"]
            for source in volume.get("projected", {}).get("sources", [])
        ]
        made = {each["metadata"]["name"] for each in rendered(overlay).of("ExternalSecret")}
        foreign = {each["name"] for each in sources} - made
        administrators = {n for n in foreign if n.endswith(("-superuser", "-default-user"))}
        assert bool(administrators) == (pod.name == "set-up"), pod.name
        for source in sources:
            if source["name"] in foreign - administrators:
                assert source["name"].endswith("-db-ca")
                assert [each["key"] for each in source["items"]] == ["ca.crt"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_secret_is_in_an_environment(overlay: str) -> None:
    for pod in rendered(overlay).pods():
        for container in pod.containers:
            assert all("value" in each for each in container.get("env", [])), pod.name
            assert all(each.keys() == {"configMapRef"} for each in container.get("envFrom", []))
    settings = [
        text for each in rendered(overlay).of("ConfigMap") for text in each["data"].values()
    ]
    assert [text for text in settings if "@" in text and "://" in text] == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_address_that_people_see_is_the_same_everywhere(overlay: str) -> None:
    found = rendered(overlay)
    told = {
        text
        for each in found.of("ConfigMap")
        for name, text in each["data"].items()
        if name == "CLASSROOM_PUBLIC_URL"
    }
    hosts = (
        {host for each in found.of("HTTPRoute") for host in each["spec"]["hostnames"]}
        | {each["hostname"] for way in found.of("Gateway") for each in way["spec"]["listeners"]}
        | {rule["host"] for each in found.of("Ingress") for rule in each["spec"]["rules"]}
        | {
            host
            for each in found.of("Ingress")
            for tls in each["spec"]["tls"]
            for host in tls["hosts"]
        }
    )
    assert told == {f"https://{host}" for host in hosts}
    assert len(told) == 1


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_connectors_are_told_the_name_that_the_broker_has_a_certificate_of(overlay: str) -> None:
    found = rendered(overlay)
    told = urlsplit(found.environment(found.pod("mis-sync").main)["CLASSROOM_CONNECTOR_BROKER_URL"])
    assert (told.scheme, told.port, told.path) == ("amqps", None, "/mis")
    certificate = found.one("Certificate", "broker")["spec"]
    assert certificate["dnsNames"] == [told.hostname]
    broker = found.one("RabbitmqCluster", "rabbitmq")["spec"]
    assert broker["tls"]["secretName"] == certificate["secretName"]


def written(files: Mapping[str, str], folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def test_only_those_who_send_mail_see_its_login(kept: dict[str, str], tmp_path: Path) -> None:
    """Where an overlay has the component; as it is written in the store, all its lines."""
    shutil.copytree(FOLDER, tmp_path / "kubernetes")
    overlay = tmp_path / "kubernetes/overlays/one-node/kustomization.yaml"
    told = yaml.safe_load(overlay.read_text())
    told["components"] = [*told.get("components", []), "../../components/mail-login"]
    overlay.write_text(yaml.safe_dump(told))
    found = rendered(str(overlay.parent))
    login = {"mail-login": "us:new\nus:old"}
    for pod in found.processes().values():
        files = found.files(pod, "secrets", kept | login)
        sends = service_of(pod) == "identity" and pod.role == "relay"
        assert files.get("classroom_smtp_login") == ("us:new\nus:old" if sends else None), pod.name
