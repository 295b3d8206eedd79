"""RabbitMQ of one stack: the broker in `RABBITMQ_URL`, or a private node that we start.

Where the programs come from is `broker_programs`; this starts them, waits, and says how to log in.
"""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, unquote, urlsplit

import httpx

from deploy.local.errors import OperatorError
from deploy.local.ports import port_of
from deploy.local.programs import Program
from deploy.local.progress import Say
from deploy.local.servers import broker_container, broker_node
from deploy.local.servers.broker_programs import Container, Node, find_broker
from deploy.local.state import State
from deploy.local.supervision import Supervisor

__all__ = ["ADMIN", "NAME", "BrokerAdmin", "is_ready", "start_rabbitmq", "stop_rabbitmq"]

NAME = "rabbitmq"
ADMIN = "classroom_admin"
STARTUP_SECONDS = 120


@dataclass(frozen=True)
class BrokerAdmin:
    """How to reach the broker as its administrator, by AMQP and by its management interface."""

    amqp_url: str
    """Without a vhost: add `/name`."""
    management_url: str
    """With user and password in it."""
    user: str
    password: str
    ours: bool
    """Whether we started it; one that was named is never stopped."""

    def amqp_url_for(self, user: str, password: str, vhost: str) -> str:
        parts = urlsplit(self.amqp_url)
        host = parts.netloc.rpartition("@")[2]
        login = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"{parts.scheme}://{login}@{host}/{quote(vhost, safe='')}"

    def management_url_for(self, user: str, password: str) -> str:
        parts = urlsplit(self.management_url)
        host = parts.netloc.rpartition("@")[2]
        login = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"{parts.scheme}://{login}@{host}{parts.path}"

    def address_of(self, vhost: str) -> str:
        """Where the broker is, without any login: what goes into a connector's credentials."""
        parts = urlsplit(self.amqp_url)
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{host}/{quote(vhost, safe='')}"


def start_rabbitmq(state: State, say: Say = lambda _: None) -> BrokerAdmin:
    """Start it if it does not run, and return when it answers. Twice is as good as once."""
    named = os.environ.get("RABBITMQ_URL")
    if named:
        admin = _named(named)
        if not is_ready(admin):
            raise OperatorError(
                "RABBITMQ_URL is set but no management interface answers at "
                f"{_without_login(admin.management_url)} (name it in RABBITMQ_MANAGEMENT_URL)."
            )
        return admin
    supervisor = Supervisor(state)
    supervisor.ensure()
    known = state.read(NAME).get("ports", {})
    if supervisor.pid_of(NAME) is None or not known.keys() >= set(broker_node.PORTS):
        ports = {name: port_of(state, f"rabbitmq-{name}") for name in broker_node.PORTS}
        state.write(NAME, {**state.read(NAME), "ports": ports})
    admin = own_admin(state)
    supervisor.start(_program(state, admin, say))
    say("waiting for it to answer")
    supervisor.wait_for(NAME, lambda: is_ready(admin), seconds=STARTUP_SECONDS)
    return admin


def stop_rabbitmq(state: State) -> None:
    Supervisor(state).stop(NAME)


def own_admin(state: State) -> BrokerAdmin:
    """The login to our own node, which need not run."""
    ports = state.read(NAME)["ports"]
    password = state.secret("rabbitmq-admin")
    login = f"{ADMIN}:{quote(password, safe='')}"
    return BrokerAdmin(
        amqp_url=f"amqp://{login}@127.0.0.1:{ports['amqp']}",
        management_url=f"http://{login}@127.0.0.1:{ports['management']}",
        user=ADMIN,
        password=password,
        ours=True,
    )


def is_ready(admin: BrokerAdmin) -> bool:
    """Whether the management interface answers and no alarm stops publishers."""
    address = f"{admin.management_url}/api/health/checks/local-alarms"
    try:
        answer = httpx.get(address, timeout=5, trust_env=False, verify=_certificates(address))
    except httpx.TransportError:
        return False
    return answer.status_code == httpx.codes.OK


def _program(state: State, admin: BrokerAdmin, say: Say) -> Program:
    match find_broker(state, say):
        case Node() as node:
            return broker_node.program(state, node, admin.user, admin.password)
        case Container() as container:
            known = state.read(NAME)
            if "container" not in known:
                broker_container.remove_data(state, container)
            chosen = {"container": container.engine, "image": container.image}
            state.write(NAME, {**known, **chosen})
            return broker_container.program(state, container, admin.user, admin.password)


def _named(url: str) -> BrokerAdmin:
    parts = urlsplit(url)
    user, password = unquote(parts.username or "guest"), unquote(parts.password or "guest")
    login = f"{quote(user, safe='')}:{quote(password, safe='')}"
    secure = parts.scheme == "amqps"
    management = os.environ.get("RABBITMQ_MANAGEMENT_URL") or (
        f"{'https' if secure else 'http'}://{parts.hostname}:{15671 if secure else 15672}"
    )
    address = urlsplit(management)
    host = address.netloc.rpartition("@")[2]
    port = parts.port or (5671 if secure else 5672)
    return BrokerAdmin(
        amqp_url=f"{parts.scheme}://{login}@{parts.hostname}:{port}",
        management_url=f"{address.scheme}://{login}@{host}{address.path.rstrip('/')}",
        user=user,
        password=password,
        ours=False,
    )


@cache
def _certificates(address: str) -> ssl.SSLContext | bool:
    """Read once: each read takes longer than the question. Plain HTTP needs none."""
    return ssl.create_default_context() if address.startswith("https:") else False


def _without_login(url: str) -> str:
    return url.replace(urlsplit(url).netloc, urlsplit(url).netloc.rpartition("@")[2])
