"""RabbitMQ in a container, where a container engine is there and RabbitMQ itself is not."""

from __future__ import annotations

from deploy.local.programs import Program
from deploy.local.servers.broker_programs import Container
from deploy.local.state import State

__all__ = ["IMAGE", "program"]

IMAGE = "rabbitmq:4-management"


def program(state: State, container: Container, user: str, password: str) -> Program:
    """The engine's client in the foreground: when it is told to end, it tells the broker.

    The data is in a volume with the stack's name; the password is not on the command line.
    """
    ports = state.read("rabbitmq")["ports"]
    name = f"{state.short_name}-rabbitmq"
    argv = (
        *(container.engine, "run", "--rm", "--name", name, "--hostname", "rabbitmq"),
        *("--volume", f"{name}:/var/lib/rabbitmq"),
        *("--publish", f"127.0.0.1:{ports['amqp']}:5672"),
        *("--publish", f"127.0.0.1:{ports['management']}:15672"),
        *("--env", "RABBITMQ_DEFAULT_USER", "--env", "RABBITMQ_DEFAULT_PASS", IMAGE),
    )
    return Program(
        name="rabbitmq",
        argv=argv,
        environment={"RABBITMQ_DEFAULT_USER": user, "RABBITMQ_DEFAULT_PASS": password},
        stop_seconds=60,
        before=((container.engine, "rm", "--force", name),),
    )
