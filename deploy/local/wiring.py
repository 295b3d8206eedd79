"""Every process of the stack and its environment: each is told what it must know, and no more."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local.frontend_build import DIST
from deploy.local.programs import Program
from deploy.local.servers.rabbitmq import BrokerAdmin
from deploy.local.state import State
from shared.database.provision import ServiceDatabase

__all__ = ["HTTP_PROCESSES", "MAILBOX", "METRICS", "PROCESSES", "Wiring", "programs"]

HTTP_PROCESSES = ("identity", "roster", "mis_sync", "reports", "provisioner", "gateway")
"""Those that listen for HTTP and answer `/ready`."""

MAILBOX = "mailbox"
PROCESSES = (MAILBOX, *HTTP_PROCESSES)
METRICS = {name: f"{name}-metrics" for name in HTTP_PROCESSES}
"""What the port is called at which each of them has its metrics."""

MIS_VHOST = "mis"


@dataclass(frozen=True)
class Wiring:
    """All that the environments are made of."""

    state: State
    databases: Mapping[str, ServiceDatabase]
    broker: BrokerAdmin
    ports: Mapping[str, int]

    @property
    def public_url(self) -> str:
        """`localhost`, since browsers trust it with `__Host-` cookies without TLS."""
        return f"http://localhost:{self.ports['gateway']}"

    def secret(self, process: str, name: str = "") -> str:
        """The folder of what is handed to a process, or a file in it: read again as it changes."""
        return str(self.state.handed_out / process / name)

    def address(self, process: str) -> str:
        return f"http://127.0.0.1:{self.ports[process]}"


def programs(wiring: Wiring) -> tuple[Program, ...]:
    """In the order in which they are started; they wait for each other by themselves."""
    return (
        _mailbox(wiring),
        _module(wiring, "identity", "services.identity", _identity(wiring)),
        _module(wiring, "roster", "services.roster", _service(wiring, "roster")),
        _module(wiring, "mis_sync", "services.mis_sync", _mis_sync(wiring)),
        _module(wiring, "reports", "services.reports", _reports(wiring)),
        _module(wiring, "provisioner", "services.mis_sync.provisioner", _provisioner(wiring)),
        _module(wiring, "gateway", "gateway", _gateway(wiring)),
    )


def _module(wiring: Wiring, name: str, module: str, told: dict[str, str]) -> Program:
    listens = {"HTTP_HOST": "127.0.0.1", "HTTP_PORT": str(wiring.ports[name])}
    listens["METRICS_PORT"] = str(wiring.ports[METRICS[name]])
    level = os.environ.get("CLASSROOM_LOG_LEVEL", "INFO")
    return Program(
        name=name,
        argv=(sys.executable, "-m", module),
        environment={**_prefixed({**listens, "LOG_LEVEL": level, **told}), **_traced()},
        stop_seconds=20,
    )


def _mailbox(wiring: Wiring) -> Program:
    folder = str(wiring.state.mail)
    argv = (sys.executable, "-m", "deploy.local.mailbox", str(wiring.ports[MAILBOX]), folder)
    return Program(name=MAILBOX, argv=argv)


def _service(wiring: Wiring, service: str) -> dict[str, str]:
    return {
        "SECRETS_DIR": wiring.secret(service),
        "PRINCIPAL_PUBLIC_KEY_FILE": wiring.secret(service, "principal-public.json"),
    }


def _identity(wiring: Wiring) -> dict[str, str]:
    return {
        **_service(wiring, "identity"),
        **_post(wiring),
        "PUBLIC_URL": wiring.public_url,
        "PEPPER_FILE": wiring.secret("identity", "pepper"),
        "TWO_STEP_KEYS_FILE": wiring.secret("identity", "two-step-keys"),
    }


def _post(wiring: Wiring) -> dict[str, str]:
    """The mailbox of this stack, unless whoever starts it names a mail server."""
    caught = {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(wiring.ports[MAILBOX]),
        "MAIL_FROM": "Classroom Monitor <no-reply@localhost>",
        "SUPPORT_ADDRESS": "support@classroom.example",
    }
    if not os.environ.get("CLASSROOM_SMTP_HOST"):
        return caught
    names = ("SMTP_HOST", "SMTP_PORT", "SMTP_SECURITY", "MAIL_FROM", "SUPPORT_ADDRESS")
    named = {
        name: os.environ[f"CLASSROOM_{name}"]
        for name in names
        if os.environ.get(f"CLASSROOM_{name}")
    }
    return {**caught, "SMTP_PORT": "25", "SUPPORT_ADDRESS": "", **named}


def _mis_sync(wiring: Wiring) -> dict[str, str]:
    return {
        **_service(wiring, "mis_sync"),
        "CONNECTOR_BROKER_URL": wiring.broker.address_of(MIS_VHOST),
    }


def _reports(wiring: Wiring) -> dict[str, str]:
    return {**_service(wiring, "reports"), "FILES_URL": wiring.state.files.as_uri()}


def _provisioner(wiring: Wiring) -> dict[str, str]:
    return {"SECRETS_DIR": wiring.secret("provisioner")}


def _gateway(wiring: Wiring) -> dict[str, str]:
    services = ("identity", "roster", "mis_sync", "reports")
    return {
        "SECRETS_DIR": wiring.secret("gateway"),
        "PRINCIPAL_PRIVATE_KEY_FILE": wiring.secret("gateway", "principal-private.json"),
        "PUBLIC_URL": wiring.public_url,
        "FRONTEND_DIR": str(DIST),
        **{f"{name.upper()}_URL": wiring.address(name) for name in services},
    }


def _traced() -> dict[str, str]:
    """Whoever starts the stack may have it traced: OpenTelemetry's own variables go on to all."""
    return {name: value for name, value in os.environ.items() if name.startswith("OTEL_")}


def _prefixed(told: Mapping[str, str]) -> dict[str, str]:
    return {f"CLASSROOM_{name}": value for name, value in told.items()}
