"""Brings the whole stack up and down. Either may be called at any time, in whatever state it is."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx
import psutil

from deploy.local.broker_setup import set_up_broker
from deploy.local.database_setup import set_up_databases
from deploy.local.demo_connector import CONNECTOR
from deploy.local.errors import OperatorError
from deploy.local.frontend_build import build_frontend
from deploy.local.ports import gateway_port, settled_port
from deploy.local.programs import Program
from deploy.local.progress import Say, step
from deploy.local.running_system import hand_out
from deploy.local.secrets_kept import broker_passwords
from deploy.local.servers import postgresql, rabbitmq
from deploy.local.state import State
from deploy.local.supervision import Supervisor
from deploy.local.wiring import HTTP_PROCESSES, METRICS, PROCESSES, Wiring, programs

__all__ = ["Health", "health", "start_stack", "stop_stack"]

STARTUP_SECONDS = 120


@dataclass(frozen=True)
class Health:
    """One process: `pid` is `None` if it does not run or is not ours.

    One that is ready and serves people may still complain, of what it does besides.
    """

    name: str
    ready: bool
    pid: int | None
    complaint: str | None = None

    @property
    def well(self) -> bool:
        return self.ready and self.complaint is None


def start_stack(state: State, *, port: int | None = None) -> str:
    """Start what does not run, set up what is missing, wait until all is ready; the address."""
    with state.lock():
        supervisor = Supervisor(state)
        supervisor.ensure()
        ports = _settle_ports(state, supervisor, port)
        build_frontend()
        with step("PostgreSQL"):
            database = postgresql.start_postgresql(state)
        with step("RabbitMQ") as say:
            broker = rabbitmq.start_rabbitmq(state, say)
        with step("Databases") as say:
            databases = set_up_databases(state, database.url, say)
        with step("Exchanges, queues and rights"):
            set_up_broker(broker.management_url, broker_passwords(state))
        hand_out(state, database.url, broker)
        wiring = Wiring(state, databases, broker, ports)
        state.write("stack", _remembered(wiring, database.url))
        with step("Services") as say:
            _start(supervisor, wiring, programs(wiring), say)
        return wiring.public_url


def stop_stack(state: State) -> None:
    """Stop all that we started, whoever started it when; what was named to us is left alone."""
    with state.lock(), step("Stopping"):
        servers = ((rabbitmq.NAME,), (postgresql.NAME,))
        Supervisor(state).shut_down(order=((CONNECTOR,), tuple(reversed(PROCESSES)), *servers))
        state.forget("stack")


def health(state: State) -> list[Health]:
    """All processes and servers of the stack, those that should run and do not included."""
    stack = state.read("stack")
    if not stack:
        return []
    pids = {running.name: running.pid for running in Supervisor(state).running()}
    servers = [
        Health("postgresql", postgresql.is_ready(stack["database_url"]), pids.get("postgresql")),
        Health("rabbitmq", _broker_is_ready(stack), pids.get("rabbitmq")),
    ]
    ports = stack["ports"]
    with httpx.Client(timeout=6, trust_env=False, verify=False) as http:  # noqa: S501 - no TLS here
        found = [_health_of(http, name, ports[name], pids.get(name)) for name in HTTP_PROCESSES]
    mailbox = pids.get("mailbox")
    return [*servers, Health("mailbox", _listens(mailbox, ports["mailbox"]), mailbox), *found]


def _settle_ports(state: State, supervisor: Supervisor, wanted: int | None) -> dict[str, int]:
    running = {process.name for process in supervisor.running() if process.pid is not None}
    ports = {
        name: settled_port(state, name, running=name in running)
        for name in PROCESSES
        if name != "gateway"
    }
    for name, metrics in METRICS.items():
        ports[metrics] = settled_port(state, metrics, running=name in running)
    return {**ports, "gateway": gateway_port(state, wanted, running="gateway" in running)}


def _start(supervisor: Supervisor, wiring: Wiring, wanted: Iterable[Program], say: Say) -> None:
    supervisor.start(*wanted)
    waiting = set(HTTP_PROCESSES)
    deadline = time.monotonic() + STARTUP_SECONDS
    with httpx.Client(timeout=6, trust_env=False, verify=False) as http:  # noqa: S501 - no TLS here
        while waiting:
            pids = {running.name: running.pid for running in supervisor.running()}
            states = {
                name: _health_of(http, name, wiring.ports[name], pids.get(name))
                for name in sorted(waiting)
            }
            waiting = {name for name, found in states.items() if not found.well}
            say(f"{len(HTTP_PROCESSES) - len(waiting)} of {len(HTTP_PROCESSES)} ready")
            if waiting and time.monotonic() > deadline:
                complaints = "\n".join(
                    f"    {name}: {states[name].complaint} (./classroom logs {name})"
                    for name in sorted(waiting)
                )
                raise OperatorError(f"Not ready after {STARTUP_SECONDS} s:\n{complaints}")
            time.sleep(0.2 if waiting else 0)


def _health_of(http: httpx.Client, name: str, port: int, pid: int | None) -> Health:
    try:
        answer = http.get(f"http://127.0.0.1:{port}/ready")
    except httpx.TransportError as error:
        return Health(name, False, pid, f"does not answer ({type(error).__name__})")
    if not _listens(pid, port):
        return Health(name, False, pid, f"another program answers on its port {port}")
    if answer.is_success:
        return Health(name, True, pid, _noticed(answer))
    return Health(name, False, pid, answer.text[:300])


def _noticed(answer: httpx.Response) -> str | None:
    notices = answer.json().get("notices") or {}
    return "; ".join(f"{what}: {wrong}" for what, wrong in notices.items() if wrong) or None


def _broker_is_ready(stack: dict[str, Any]) -> bool:
    admin = rabbitmq.BrokerAdmin(**stack["broker"])
    return rabbitmq.is_ready(admin)


def _listens(pid: int | None, port: int) -> bool:
    if pid is None:
        return False
    try:
        connections = psutil.Process(pid).net_connections(kind="tcp")
    except psutil.Error:
        return False
    return any(c.status == psutil.CONN_LISTEN and c.laddr.port == port for c in connections)


def _remembered(wiring: Wiring, database_url: str) -> dict[str, Any]:
    broker = wiring.broker
    return {
        "url": wiring.public_url,
        "ports": dict(wiring.ports),
        "addresses": {name: wiring.address(name) for name in HTTP_PROCESSES},
        "database_url": database_url,
        "relay_dsns": {name: found.relay for name, found in wiring.databases.items()},
        "service_dsns": {name: found.service for name, found in wiring.databases.items()},
        "broker": {
            "amqp_url": broker.amqp_url,
            "management_url": broker.management_url,
            "user": broker.user,
            "password": broker.password,
            "ours": broker.ours,
        },
    }
