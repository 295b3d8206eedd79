"""The two servers for real: private, safe, and the same again after they were killed."""

from __future__ import annotations

import os
import signal
import subprocess

import httpx
import psutil
import psycopg
import pytest

from deploy.local import processes
from deploy.local.broker_setup import UNDELIVERABLE, set_up_broker
from deploy.local.broker_users import BrokerNames, broker_users
from deploy.local.servers import broker_container, broker_programs, postgresql, rabbitmq
from deploy.local.servers.broker_programs import (
    USUAL_IMAGE,
    Container,
    container_engine,
    find_installed,
    has_image,
)
from deploy.local.state import State
from deploy.local.supervision import Supervisor
from shared.contracts.topology import QUEUES

ALL_QUEUES = {queue.name for queue in QUEUES} | {UNDELIVERABLE}


@pytest.fixture
def of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("RABBITMQ_URL", raising=False)


@pytest.mark.usefixtures("of_our_own")
def test_postgresql_is_private_and_keeps_what_it_confirmed(state: State) -> None:
    dsn = postgresql.start_postgresql(state).url
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        settings = {
            name: connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
            for name in ("fsync", "listen_addresses", "unix_socket_directories")
        }
    assert settings == {
        "fsync": ("on",),
        "listen_addresses": ("127.0.0.1",),
        "unix_socket_directories": ("",),
    }
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(dsn.replace(state.secret("postgresql-admin"), "wrong"))

    pid = Supervisor(state).pid_of("postgresql")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    postgresql.start_postgresql(state)
    Supervisor(state).wait_for("postgresql", lambda: postgresql.is_ready(dsn), seconds=30)
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


@pytest.mark.usefixtures("of_our_own")
def test_a_stale_pid_file_of_postgresql_stops_nobody(state: State) -> None:
    postgresql.start_postgresql(state)
    Supervisor(state).shut_down()
    data = state.home / "postgresql" / "data"
    (data / "postmaster.pid").write_text(f"1\n{data}\n0\n5432\n\n127.0.0.1\n0 0\nready\n")
    assert postgresql.is_ready(postgresql.start_postgresql(state).url)


@pytest.mark.usefixtures("of_our_own")
def test_rabbitmq_is_private_and_keeps_its_queues(state: State) -> None:
    if find_installed() is None:
        pytest.skip("RabbitMQ is not installed")
    _set_up(rabbitmq.start_rabbitmq(state))
    pid = Supervisor(state).pid_of("rabbitmq")
    assert pid is not None
    process = psutil.Process(pid)
    listening = [c for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
    assert {connection.laddr.ip for connection in listening} == {"127.0.0.1"}

    process.kill()
    process.wait(30)
    assert _queues(rabbitmq.start_rabbitmq(state)) == ALL_QUEUES
    Supervisor(state).shut_down()
    assert processes.leftovers(state) == []


@pytest.mark.usefixtures("of_our_own")
def test_in_a_container_it_keeps_its_queues_as_well(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = container_engine()
    image = os.environ.get("CLASSROOM_RABBITMQ_IMAGE", USUAL_IMAGE)
    if engine is None or not has_image(engine, image):
        pytest.skip(f"no container engine has the image {image}")
    monkeypatch.setattr(broker_programs, "find_installed", lambda: None)
    try:
        _set_up(rabbitmq.start_rabbitmq(state))
        pid = Supervisor(state).pid_of("rabbitmq")
        assert pid is not None
        subprocess.run([engine, "kill", *_containers(engine, state)], check=True)
        psutil.Process(pid).wait(30)
        assert _queues(rabbitmq.start_rabbitmq(state)) == ALL_QUEUES
        Supervisor(state).shut_down()
        assert processes.leftovers(state) == []
        assert _containers(engine, state) == []
    finally:
        Supervisor(state).shut_down()
        broker_container.remove_data(state, Container(engine, image))


def _containers(engine: str, state: State) -> list[str]:
    command = [engine, "ps", "--all", "--quiet", "--filter", f"name={state.short_name}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def _set_up(broker: rabbitmq.BrokerAdmin) -> None:
    """Twice, which is as good as once."""
    passwords = {user.key: f"pw-{user.key}" for user in broker_users(BrokerNames())}
    set_up_broker(broker.management_url, passwords)
    set_up_broker(broker.management_url, passwords)
    assert _queues(broker) == ALL_QUEUES
    with _management(broker) as management:
        assert management.get("/api/users/guest").status_code == httpx.codes.NOT_FOUND


def _queues(broker: rabbitmq.BrokerAdmin) -> set[str]:
    with _management(broker) as management:
        return {queue["name"] for queue in management.get("/api/queues/classroom").json()}


def _management(broker: rabbitmq.BrokerAdmin) -> httpx.Client:
    return httpx.Client(base_url=broker.management_url, timeout=30, trust_env=False)
