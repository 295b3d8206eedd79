"""RabbitMQ in a container, where a container engine is there and RabbitMQ itself is not.

The image is RabbitMQ's official one, or the one that `CLASSROOM_RABBITMQ_IMAGE` names: it must
have the management plugin on, and heed `RABBITMQ_DEFAULT_USER` and `RABBITMQ_DEFAULT_PASS`.
"""

from __future__ import annotations

import os
import subprocess

from deploy.local.programs import Program
from deploy.local.servers.broker_programs import Container
from deploy.local.state import State

__all__ = ["program", "remove_data"]

SETTINGS = "-rabbit consumer_timeout 86400000"
"""As a private node has it: deliveries may wait for as long as a database is away."""

ENGINE_SETTINGS = (
    *("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY"),
    *("CONTAINER_HOST", "XDG_RUNTIME_DIR"),
)
"""Where the engine is, if not at its usual place; without root it seldom is."""


def program(state: State, container: Container, user: str, password: str) -> Program:
    """The engine's client in the foreground: when it is told to end, it tells the broker.

    The data is in a volume with the stack's name; the password is not on the command line.
    """
    ports = state.read("rabbitmq")["ports"]
    name = _name(state)
    told = {
        "RABBITMQ_DEFAULT_USER": user,
        "RABBITMQ_DEFAULT_PASS": password,
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": SETTINGS,
    }
    argv = (
        *(container.engine, "run", "--rm", "--name", name, "--hostname", "rabbitmq"),
        *("--volume", f"{name}:/var/lib/rabbitmq"),
        *("--publish", f"127.0.0.1:{ports['amqp']}:5672"),
        *("--publish", f"127.0.0.1:{ports['management']}:15672"),
        *("--publish", f"127.0.0.1:{ports['metrics']}:15692"),
        *(part for variable in told for part in ("--env", variable)),
        container.image,
    )
    engine = {key: os.environ[key] for key in ENGINE_SETTINGS if key in os.environ}
    return Program(
        name="rabbitmq",
        argv=argv,
        environment={**engine, **told},
        stop_seconds=60,
        clearing=((container.engine, "rm", "--force", name),),
    )


def remove_data(state: State, container: Container) -> None:
    """What a stack had that was once in the same folder: its passwords are not this one's."""
    name = _name(state)
    for command in (("rm", "--force", name), ("volume", "rm", "--force", name)):
        subprocess.run([container.engine, *command], capture_output=True, check=False)


def _name(state: State) -> str:
    return f"{state.short_name}-rabbitmq"
