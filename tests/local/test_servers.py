"""The two servers for real: private, safe, and the same again after they were killed."""

from __future__ import annotations

import os
import signal

import httpx
import psutil
import psycopg
import pytest

from deploy.local import processes
from deploy.local.broker_setup import UNDELIVERABLE, set_up_broker
from deploy.local.broker_users import BrokerNames, broker_users
from deploy.local.servers import postgresql, rabbitmq
from deploy.local.state import State
from deploy.local.supervision import Supervisor
from shared.contracts.topology import QUEUES


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
    broker = rabbitmq.start_rabbitmq(state)
    _set_up(broker)
    _set_up(broker)
    with httpx.Client(base_url=broker.management_url, trust_env=False) as management:
        names = {queue["name"] for queue in management.get("/api/queues/classroom").json()}
        assert names == {queue.name for queue in QUEUES} | {UNDELIVERABLE}
        assert management.get("/api/users/guest").status_code == httpx.codes.NOT_FOUND
    pid = Supervisor(state).pid_of("rabbitmq")
    assert pid is not None
    process = psutil.Process(pid)
    listening = [c for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
    assert {connection.laddr.ip for connection in listening} == {"127.0.0.1"}

    process.kill()
    process.wait(10)
    broker = rabbitmq.start_rabbitmq(state)
    with httpx.Client(base_url=broker.management_url, trust_env=False) as management:
        names = {queue["name"] for queue in management.get("/api/queues/classroom").json()}
        assert names == {queue.name for queue in QUEUES} | {UNDELIVERABLE}
    Supervisor(state).shut_down()
    assert processes.leftovers(state) == []


def _set_up(broker: rabbitmq.BrokerAdmin) -> None:
    passwords = {user.key: f"pw-{user.key}" for user in broker_users(BrokerNames())}
    set_up_broker(broker.management_url, passwords)
