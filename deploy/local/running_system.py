"""The stack of this folder as what is rotated: who is told what, and where its servers are."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import quote, urlsplit, urlunsplit

from deploy.local.errors import OperatorError
from deploy.local.handing_out import Where, files_of, put
from deploy.local.secrets_kept import role_passwords
from deploy.local.servers.rabbitmq import BrokerAdmin
from deploy.local.state import State, url_of
from deploy.local.system import System
from shared.database.provision import SERVICES, doors_of

__all__ = ["hand_out", "running_system"]

POSTGRESQL_ADMIN, RABBITMQ_ADMIN = "postgresql-admin", "rabbitmq-admin"


def hand_out(state: State, database_url: str, broker: BrokerAdmin) -> None:
    """Write what each process must know into its folder."""
    where = Where(database_url, broker.amqp_url_for, broker.management_url_for)
    for process, files in files_of(state, where).items():
        if not process.startswith("migrate_"):
            put(state.handed_out, process, files)


def running_system() -> System:
    """Raises `OperatorError` if nothing is up."""
    state = State.from_environment()
    url_of(state)
    return System(
        state=state,
        database=lambda: str(state.read("stack")["database_url"]),
        management=lambda: str(state.read("stack")["broker"]["management_url"]),
        hand_out=lambda: _hand_out_again(state),
        in_identity=lambda what: _in_identity(state, what),
    )


def _hand_out_again(state: State) -> None:
    """Also to the operator's own commands, which find their way by `stack.json`."""
    stack = state.read("stack")
    broker = BrokerAdmin(**stack["broker"])
    if broker.ours:
        broker = _with_password(broker, state.secret(RABBITMQ_ADMIN))
    url = stack["database_url"]
    if (state.secrets / POSTGRESQL_ADMIN).exists():
        url = _relogged(url, state.secret(POSTGRESQL_ADMIN))
    doors = {name: doors_of(url, name, role_passwords(state, name)) for name in SERVICES}
    hand_out(state, url, broker)
    state.write(
        "stack",
        {
            **stack,
            "database_url": url,
            "broker": vars(broker),
            "relay_dsns": {name: found.relay for name, found in doors.items()},
            "service_dsns": {name: found.service for name, found in doors.items()},
        },
    )


def _in_identity(state: State, what: str) -> str:
    """As identity, with its own keys and nothing else's."""
    folder = state.handed_out / "identity"
    done = subprocess.run(
        [sys.executable, "-m", "services.identity.renewing", what],
        env={
            "PATH": os.environ.get("PATH", os.defpath),
            "CLASSROOM_SECRETS_DIR": str(folder),
            "CLASSROOM_PEPPER_FILE": str(folder / "pepper"),
            "CLASSROOM_TWO_STEP_KEYS_FILE": str(folder / "two-step-keys"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise OperatorError(f"Identity could not: {done.stderr.strip()[-1500:]}")
    return done.stdout


def _with_password(broker: BrokerAdmin, password: str) -> BrokerAdmin:
    return BrokerAdmin(
        amqp_url=_relogged(broker.amqp_url, password),
        management_url=_relogged(broker.management_url, password),
        user=broker.user,
        password=password,
        ours=broker.ours,
    )


def _relogged(url: str, password: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}:{quote(password, safe='')}@{host}"))
