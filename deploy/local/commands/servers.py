"""`servers up|down`: PostgreSQL and RabbitMQ alone, for tests."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from deploy.local.progress import step
from deploy.local.servers.postgresql import start_postgresql
from deploy.local.servers.rabbitmq import start_rabbitmq
from deploy.local.state import State
from deploy.local.supervision import Supervisor

__all__ = ["commands", "start_servers"]

commands = typer.Typer(no_args_is_help=True, help="PostgreSQL and RabbitMQ alone, for tests.")


@commands.command()
def up(
    as_json: Annotated[bool, typer.Option("--json", help="Print the addresses as JSON.")] = False,
) -> None:
    """Start the two servers if they do not run, and print how to reach them."""
    addresses = start_servers(State.from_environment())
    if as_json:
        print(json.dumps(addresses))
        return
    for name, value in addresses.items():
        print(f"export {name}='{value}'")


@commands.command()
def down() -> None:
    """Stop everything of this stack."""
    state = State.from_environment()
    with state.lock(), step("Stopping the servers"):
        Supervisor(state).shut_down()


def start_servers(state: State) -> dict[str, str]:
    """Start both; the environment in which the tests find them."""
    with state.lock():
        with step("PostgreSQL"):
            database = start_postgresql(state)
        with step("RabbitMQ") as say:
            broker = start_rabbitmq(state, say)
    return {
        "CLASSROOM_TEST_DATABASE_URL": database.url,
        "CLASSROOM_TEST_RABBITMQ_URL": broker.amqp_url,
        "CLASSROOM_TEST_RABBITMQ_MANAGEMENT_URL": broker.management_url,
    }
